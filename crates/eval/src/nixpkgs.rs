//! A checkout of nixpkgs, whose `lib` is evaluated where the native one does not have something.

use std::cell::{Cell, OnceCell};
use std::path::Path;

use nixpact_source::{LoadError, Tree};
use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::nixlib::{self, Keep, package_set};
use crate::thunk::Thunk;
use crate::trees::{Outside, Values};
use crate::unknown::{Eval, External, Reason, Unknown};
use crate::value::{Attrs, Piece, Value};

/// Where paths in it begin: where it lies on the machine that builds is not known.
pub(crate) const ROOT: &str = "/«nixpkgs»";
/// The file of nixpkgs whose function makes a host, and the one whose function takes one module for it.
pub const EVAL_CONFIG: &str = "/nixos/lib/eval-config.nix";
pub const NIXOS: &str = "/nixos/default.nix";
/// What the checkout is called where no flake says so.
pub(crate) const CHECKOUT: &str = "nixpkgs";
/// The function of the checkout that makes a package set.
const OWN: &str = "<nixpkgs>";
/// What `import` takes for the native `lib`, where there is no checkout.
pub(crate) const NATIVE_LIB: &str = "<nixpkgs/lib>";
const DEFAULT: &str = "lib/default.nix";

/// What `lib` reads.
const FOLDERS: &[&str] = &["lib", "maintainers", "nixos", ".version", "flake.nix"];

/// Lists the files of the checkout in `root`, or of one that holds `lib` alone.
///
/// # Errors
///
/// When it is none, or cannot be read.
pub(crate) fn list(root: &Path) -> Result<Tree, LoadError> {
    const REMEDY: &str =
        "name a checkout of nixpkgs, or of its lib alone, which holds lib/default.nix";
    let unreadable = |error| LoadError { remedy: REMEDY, ..error };
    let tree = Tree::list(root, FOLDERS).map_err(unreadable)?;
    if tree.find(DEFAULT).is_none() {
        let is_lib = root.join("trivial.nix").is_file();
        return Err(LoadError {
            path: root.join(DEFAULT),
            problem: "no such file, so this is no checkout of nixpkgs".to_owned(),
            remedy: match is_lib {
                true => "name the directory that holds lib, not lib itself",
                false => REMEDY,
            },
        });
    }
    Ok(tree)
}

/// The state of an evaluation that has a checkout of nixpkgs.
pub(crate) struct Checkout<'a> {
    /// `lib` without what only the checkout has: that of other versions of nixpkgs.
    plain: Cell<Option<&'a Attrs<'a>>>,
    /// `lib` as its own files have it.
    exact: Cell<Option<&'a Attrs<'a>>>,
    /// What its flake has: `lib`, and its `nixosSystem` where that is a function of Nix.
    flake: OnceCell<OfFlake<'a>>,
    /// The input of the flake that it is.
    input: Cell<Symbol>,
    /// Whether the flake has inputs that are other versions.
    has_others: Cell<bool>,
}

#[derive(Clone, Copy)]
struct OfFlake<'a> {
    lib: Value<'a>,
    system: Option<&'a Thunk<'a>>,
    modules: Option<&'a Thunk<'a>>,
}

impl<'a> Evaluator<'a> {
    /// Lets files outside of the repository be read. The attributes that the native `lib` does not have are
    /// those of the checkout of nixpkgs among them, if there is one.
    ///
    /// # Errors
    ///
    /// When its `lib/default.nix` does not give nixpkgs' `lib`, with the reason.
    pub fn set_outside(&mut self, outside: &'a Outside) -> Result<(), String> {
        self.outside = Some(Values::new(outside));
        let (true, Value::Attrs(native)) = (outside.has_nixpkgs(), self.lib()) else {
            return Ok(());
        };
        self.checkout = Some(Checkout {
            plain: Cell::new(None),
            exact: Cell::new(None),
            flake: OnceCell::new(),
            input: Cell::new(Symbol::new(CHECKOUT)),
            has_others: Cell::new(false),
        });
        let real = self.import_nixpkgs(DEFAULT).and_then(|lib| self.force_attrs(lib));
        let error = || self.syntax_error_outside(&format!("{ROOT}/{DEFAULT}"));
        let real = real.map_err(|stop| match error() {
            Some(error) => format!("syntax error: {error}"),
            None => stop.to_string(),
        })?;
        let lacks = |name: &&&str| real.get(Symbol::new(name)).is_none();
        if let Some(name) = ["lists", "modules", "trivial", "types"].iter().find(lacks) {
            return Err(format!("its value has no attribute '{name}'"));
        }
        if let Some(checkout) = &self.checkout {
            checkout.plain.set(Some(nixlib::of_others(self, native)));
            checkout.exact.set(Some(nixlib::exact(self, native, real)));
        }
        let joined = |keep| nixlib::joined(self, native, real, keep);
        self.set_lib(joined(Keep::Version), joined(Keep::All));
        self.reset_steps();
        Ok(())
    }

    /// Says which input of a flake the checkout is: the one of that name, or the only one. `inputs` are
    /// those that are versions of nixpkgs.
    pub fn note_nixpkgs_inputs(&self, inputs: &[Symbol]) {
        let Some(checkout) = &self.checkout else { return };
        match inputs {
            [] => {}
            [only] => checkout.input.set(*only),
            _ => checkout.has_others.set(true),
        }
    }

    /// The `lib` of a version of nixpkgs that is not the checkout, or may not be.
    pub fn lib_of_others(&self) -> Value<'a> {
        let plain = self.checkout.as_ref().and_then(|checkout| checkout.plain.get());
        plain.map_or_else(|| self.lib(), Value::Attrs)
    }

    /// The `lib` of a version of nixpkgs, or of a package set, by what it is called.
    pub fn lib_of(&self, text: &str) -> Value<'a> {
        let checkout = self.checkout.as_ref();
        match checkout.filter(|checkout| text == checkout.input.get().as_str()) {
            Some(checkout) => self.flake_of(checkout).lib,
            None if self.is_checkout(text) => self.lib(),
            None => self.lib_of_others(),
        }
    }

    /// `lib` as the files of the checkout have it.
    fn own_lib(&self) -> Value<'a> {
        let exact = self.checkout.as_ref().and_then(|checkout| checkout.exact.get());
        exact.map_or_else(|| self.lib(), Value::Attrs)
    }

    fn flake_of(&self, checkout: &Checkout<'a>) -> OfFlake<'a> {
        if let Some(known) = checkout.flake.get() {
            return *known;
        }
        let (Some(exact), Value::Attrs(native)) = (checkout.exact.get(), self.whole_lib()) else {
            return OfFlake { lib: self.lib(), system: None, modules: None };
        };
        let outputs = self.real_outputs();
        let output = |name| self.select(Value::Attrs(outputs?), Symbol::new(name)).ok()?;
        let real = output("lib").and_then(|lib| self.force_attrs(lib).ok());
        let system = real.and_then(|lib| Some(lib.get(Symbol::new("nixosSystem"))?.value));
        let lib = nixlib::of_flake(self, real.unwrap_or(exact), native);
        let modules = output("nixosModules");
        *checkout.flake.get_or_init(|| OfFlake { lib: Value::Attrs(lib), system, modules })
    }

    /// What the checkout's `flake.nix` gives.
    fn real_outputs(&self) -> Option<&'a Attrs<'a>> {
        let flake = self.force_attrs(self.import_nixpkgs("flake.nix").ok()?).ok()?;
        let place = Value::Template(self.arena.alloc_slice_copy(&[Piece::Location(ROOT)]));
        let rest = self.unknown_ref(Reason::External(External::Nixpkgs, "nixpkgs"), None);
        let itself = self.known_in_part(vec![self.attr("outPath", self.value(place))], rest);
        let itself = self.attr("self", self.value(Value::Attrs(itself)));
        let outputs = self.force(flake.get(Symbol::new("outputs"))?.value).ok()?;
        match self.call_with(outputs, self.attrs(vec![itself])).ok()? {
            Value::Attrs(outputs) => Some(outputs),
            _ => None,
        }
    }

    /// `nixosModules` of a version of nixpkgs that is the checkout, by what it is called.
    pub(crate) fn modules_of(&self, text: &str) -> Option<&'a Thunk<'a>> {
        let checkout = self.checkout.as_ref();
        self.flake_of(checkout.filter(|checkout| text == checkout.input.get().as_str())?).modules
    }

    /// What nixpkgs' function was called with for a package set.
    pub fn arguments_of(&self, packages: &Unknown<'a>) -> Option<&'a Thunk<'a>> {
        package_set::arguments(self, packages)
    }

    /// The path of the checkout and its `lib`, where a package set is what its own function made.
    pub fn checkout_of(&self, packages: &Unknown<'a>) -> Option<[Value<'a>; 2]> {
        match packages.reason {
            Reason::External(_, OWN) if self.checkout.is_some() => {
                Some([Value::Path(ROOT), self.own_lib()])
            }
            _ => None,
        }
    }

    /// `lib.nixosSystem` of the checkout's flake, as a function of Nix.
    pub fn real_nixos_system(&self) -> Option<&'a Thunk<'a>> {
        self.flake_of(self.checkout.as_ref()?).system
    }

    /// `nixos/lib/eval-config.nix` of the checkout, where it has that.
    pub fn real_eval_config(&self) -> Option<&'a Thunk<'a>> {
        self.checkout.as_ref()?;
        let path = EVAL_CONFIG.trim_start_matches('/');
        self.is_file_outside(&format!("{ROOT}/{path}")).then(|| self.import_nixpkgs(path).ok())?
    }

    /// Whether a function is one of the checkout, by what it is called.
    pub fn is_of_checkout(&self, function: &str) -> bool {
        let name = function.split(['.', '/']).next().unwrap_or_default();
        self.checkout.is_some() && self.is_checkout(name)
    }

    /// Whether `nixos/lib/eval-config.nix`, to which that function hands its arguments, names one.
    pub fn nixos_system_names(&self, argument: &str) -> bool {
        let arguments = || {
            let file = self.import_nixpkgs("nixos/lib/eval-config.nix")?;
            self.builtin("functionArgs", &[file])
        };
        let name = Symbol::new(argument);
        matches!(arguments(), Ok(Value::Attrs(arguments)) if arguments.get(name).is_some())
    }

    /// Whether a `lib` is that of the checkout's flake.
    pub fn is_lib_of_flake(&self, lib: &'a Thunk<'a>) -> bool {
        let own = self.checkout.as_ref().map(|checkout| self.flake_of(checkout).lib);
        match (own, self.force(lib)) {
            (Some(Value::Attrs(own)), Ok(Value::Attrs(lib))) => std::ptr::eq(own, lib),
            _ => false,
        }
    }

    /// Whether a `lib` is what `extend` made of that of the checkout's flake, whose groups it has.
    pub fn extends_lib_of_flake(&self, lib: &'a Thunk<'a>) -> bool {
        let own = self.checkout.as_ref().map(|checkout| self.flake_of(checkout).lib);
        let (Some(Value::Attrs(own)), Ok(Value::Attrs(lib))) = (own, self.force(lib)) else {
            return false;
        };
        lib.rest.is_none()
            && ["attrsets", "lists", "options", "strings", "systems", "trivial", "types"]
                .map(Symbol::new)
                .into_iter()
                .filter_map(|group| own.get(group))
                .all(|kept| lib.get(kept.name).is_some_and(|it| std::ptr::eq(it.value, kept.value)))
    }

    fn is_checkout(&self, text: &str) -> bool {
        let Some(checkout) = &self.checkout else { return true };
        let name = text.split('.').next().unwrap_or_default();
        match name {
            "<nixpkgs>" => true,
            // The package set of a host.
            "pkgs" | "perSystem" => !checkout.has_others.get(),
            name => name == checkout.input.get().as_str(),
        }
    }

    /// `<nixpkgs>` and `<nixpkgs/lib>`, which are as good as a flake's input; the files below only where
    /// there is a checkout.
    pub(crate) fn search_nixpkgs(&self, text: &str) -> Option<Eval<'a>> {
        let path = text.strip_prefix("nixpkgs")?;
        if path.is_empty() {
            return Some(self.force(self.external(External::Nixpkgs, "<nixpkgs>")));
        }
        let named = match (path, makes_hosts(path)) {
            (_, Some(file)) => Some(format!("{OWN}{file}")),
            ("/lib", None) if self.checkout.is_none() => Some(NATIVE_LIB.to_owned()),
            _ => None,
        };
        if let Some(named) = named {
            return Some(self.force(self.external(External::Other, &named)));
        }
        self.checkout.as_ref()?;
        let path = nixpact_source::normalize(path.strip_prefix('/')?)?;
        let whole = format!("{ROOT}/{path}");
        let is_there = path == "lib" || self.is_file_outside(&whole);
        is_there.then(|| Ok(Value::Path(self.arena.alloc_str(&whole))))
    }

    /// The path that `"${nixpkgs}/lib"` is, where `nixpkgs` is what the checkout is of.
    pub fn path_in_nixpkgs(&self, value: Value<'a>) -> Option<&'a str> {
        self.checkout.as_ref()?;
        match value {
            Value::Template([Piece::Unknown(unknown), Piece::Known(path)]) => {
                match unknown.reason {
                    Reason::External(External::Nixpkgs, text) if self.is_checkout(text) => {
                        let path = nixpact_source::normalize(&format!("{ROOT}{path}"))?;
                        let below = path.strip_prefix(ROOT).unwrap_or_default();
                        // What makes hosts is told by its name.
                        let is_meant = is_in_nixpkgs(&path) && makes_hosts(below).is_none();
                        is_meant.then(|| &*self.arena.alloc_str(&path))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What is imported from a nixpkgs that is not at hand, which its path in there tells: `lib`, and what
    /// makes a host, also of one that is patched and so no flake.
    pub(crate) fn import_elsewhere(&self, value: Value<'a>) -> Option<Eval<'a>> {
        let Value::Template([Piece::Unknown(unknown), Piece::Known(path)]) = value else {
            return None;
        };
        match (unknown.reason, *path) {
            (Reason::External(External::Nixpkgs, _), "/lib" | "/lib/default.nix") => {
                Some(Ok(self.lib_of_others()))
            }
            (Reason::External(kind, text), path) => {
                let file = makes_hosts(path)?;
                // A directory of another flake may be called so.
                if file == NIXOS && kind != External::Nixpkgs {
                    return None;
                }
                let text = self.arena.alloc_str(&format!("{text}{file}"));
                let reason = Reason::External(External::Other, text);
                Some(Err(self.unknown(reason, unknown.span)))
            }
            _ => None,
        }
    }

    /// The value of a file of the checkout; `path` begins with [`ROOT`].
    fn import_path_in_nixpkgs(&self, path: &str) -> Eval<'a, &'a Thunk<'a>> {
        match path.strip_prefix(ROOT).unwrap_or_default().trim_start_matches('/') {
            // The function that makes a package set.
            "" | "default.nix" => Ok(self.external(External::Nixpkgs, OWN)),
            "lib" | "lib/default.nix" => Ok(self.value(self.own_lib())),
            path => match makes_hosts(&format!("/{path}")) {
                // What the directory's function gives does not tell which modules it was given, and a checkout of
                // `lib` alone has none of them.
                Some(file) if file == NIXOS || !self.is_file_outside(&format!("{ROOT}/{path}")) => {
                    Ok(self.external(External::Other, &format!("{OWN}{file}")))
                }
                _ => self.import_nixpkgs(path),
            },
        }
    }

    /// The value of a file of the checkout, or of the `default.nix` in a directory; `path` is relative to
    /// it.
    fn import_nixpkgs(&self, path: &str) -> Eval<'a, &'a Thunk<'a>> {
        self.import_outside(&format!("{ROOT}/{path}"))
    }

    /// The value of a file outside of the repository, at a path that is [there](is_outside).
    pub(crate) fn import_path_outside(&self, path: &str) -> Eval<'a, &'a Thunk<'a>> {
        match is_in_nixpkgs(path) {
            true => self.import_path_in_nixpkgs(path),
            false => self.import_outside(path),
        }
    }
}

/// What of nixpkgs is at a path in it, if its function makes hosts.
fn makes_hosts(path: &str) -> Option<&'static str> {
    match path {
        EVAL_CONFIG => Some(EVAL_CONFIG),
        NIXOS | "/nixos" => Some(NIXOS),
        _ => None,
    }
}

/// Whether an absolute path leads into the checkout.
fn is_in_nixpkgs(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
