//! A checkout of nixpkgs, whose `lib` is evaluated where the native one does not have something.

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use nixpact_source::{FileId, LoadError, Tree};
use nixpact_syntax::{Ast, Symbol};

use crate::evaluator::Evaluator;
use crate::nixlib::{self, Keep};
use crate::thunk::Thunk;
use crate::unknown::{Eval, External, Reason, Stop};
use crate::value::{Attrs, Piece, Value};

/// Where paths in it begin: where it lies on the machine that builds is not known.
const ROOT: &str = "/«nixpkgs»";
/// What `import` takes for the native `lib`, where there is no checkout.
pub(crate) const NATIVE_LIB: &str = "<nixpkgs/lib>";
const DEFAULT: &str = "lib/default.nix";

/// What `lib` reads.
const FOLDERS: &[&str] = &["lib", "maintainers", "nixos", ".version", "flake.nix"];

/// The `lib` of a checkout of nixpkgs. A file is read and parsed when it is first imported.
#[derive(Debug)]
pub struct Nixpkgs {
    tree: Tree,
    /// In the order of the tree.
    asts: Box<[OnceLock<Option<Ast>>]>,
}

impl Nixpkgs {
    /// Lists the files of the checkout in `root`, or of one that holds `lib` alone.
    ///
    /// # Errors
    ///
    /// When it is none, or cannot be read.
    pub fn open(root: &Path) -> Result<Nixpkgs, LoadError> {
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
        let asts = (0..tree.len()).map(|_| OnceLock::new()).collect();
        Ok(Nixpkgs { tree, asts })
    }

    /// The file that gives `lib`.
    pub fn lib_file(&self) -> PathBuf {
        self.tree.root().join(DEFAULT)
    }

    pub(crate) fn ast(&self, number: u32) -> Option<&Ast> {
        let at = number as usize;
        let parse = || {
            let text = self.tree.text(at)?;
            // Versions of Nix read a null byte differently.
            (!text.contains('\0')).then(|| nixpact_syntax::parse(FileId::outside(number), text))
        };
        self.asts.get(at)?.get_or_init(parse).as_ref()
    }
}

/// The state of an evaluation that has a checkout of nixpkgs.
pub(crate) struct Checkout<'a> {
    nixpkgs: &'a Nixpkgs,
    /// The values of its files, in the order of the tree.
    files: Box<[Cell<Option<&'a Thunk<'a>>>]>,
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
}

impl<'a> Evaluator<'a> {
    /// Lets the attributes that the native `lib` does not have be those of a checkout of nixpkgs.
    ///
    /// # Errors
    ///
    /// When its `lib/default.nix` does not give nixpkgs' `lib`, with the reason.
    pub fn set_nixpkgs(&mut self, nixpkgs: &'a Nixpkgs) -> Result<(), String> {
        let Value::Attrs(native) = self.lib() else { return Ok(()) };
        self.checkout = Some(Checkout {
            nixpkgs,
            files: nixpkgs.asts.iter().map(|_| Cell::new(None)).collect(),
            plain: Cell::new(None),
            exact: Cell::new(None),
            flake: OnceCell::new(),
            input: Cell::new(Symbol::new("nixpkgs")),
            has_others: Cell::new(false),
        });
        let real = self.import_nixpkgs(DEFAULT).and_then(|lib| self.force_attrs(lib));
        let real = real.map_err(|stop| match self.syntax_error() {
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

    fn syntax_error(&self) -> Option<&str> {
        let checkout = self.checkout.as_ref()?;
        let number = checkout.nixpkgs.tree.find(DEFAULT)? as u32;
        Some(checkout.nixpkgs.ast(number)?.errors.first()?.message.as_str())
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
    pub(crate) fn lib_of(&self, text: &str) -> Value<'a> {
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
            return OfFlake { lib: self.lib(), system: None };
        };
        let real = self.real_flake_lib();
        let system = real.and_then(|lib| Some(lib.get(Symbol::new("nixosSystem"))?.value));
        let lib = nixlib::of_flake(self, real.unwrap_or(exact), native);
        *checkout.flake.get_or_init(|| OfFlake { lib: Value::Attrs(lib), system })
    }

    /// The `lib` that the checkout's `flake.nix` gives.
    fn real_flake_lib(&self) -> Option<&'a Attrs<'a>> {
        let flake = self.force_attrs(self.import_nixpkgs("flake.nix").ok()?).ok()?;
        let place = Value::Template(self.arena.alloc_slice_copy(&[Piece::Location(ROOT)]));
        let rest = self.unknown_ref(Reason::External(External::Nixpkgs, "nixpkgs"), None);
        let itself = self.open_attrs(vec![self.attr("outPath", self.value(place))], Some(rest));
        let itself = self.attr("self", self.value(Value::Attrs(itself)));
        let outputs = self.force(flake.get(Symbol::new("outputs"))?.value).ok()?;
        let outputs = self.call_with(outputs, self.attrs(vec![itself])).ok()?;
        let lib = self.select(outputs, Symbol::new("lib")).ok()??;
        self.force_attrs(lib).ok()
    }

    /// `lib.nixosSystem` of the checkout's flake, as a function of Nix.
    pub fn real_nixos_system(&self) -> Option<&'a Thunk<'a>> {
        self.flake_of(self.checkout.as_ref()?).system
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
        let Some(checkout) = &self.checkout else {
            let lib = || self.force(self.external(External::Other, NATIVE_LIB));
            return (path == "/lib").then(lib);
        };
        let path = nixpact_source::normalize(path.strip_prefix('/')?)?;
        let is_there = path == "lib" || checkout.nixpkgs.tree.find(&path).is_some();
        is_there.then(|| Ok(Value::Path(self.arena.alloc_str(&format!("{ROOT}/{path}")))))
    }

    /// The path that `"${nixpkgs}/lib"` is, where `nixpkgs` is what the checkout is of.
    pub fn path_in_nixpkgs(&self, value: Value<'a>) -> Option<&'a str> {
        self.checkout.as_ref()?;
        match value {
            Value::Template([Piece::Unknown(unknown), Piece::Known(path)]) => {
                match unknown.reason {
                    Reason::External(External::Nixpkgs, text) if self.is_checkout(text) => {
                        let path = nixpact_source::normalize(&format!("{ROOT}{path}"))?;
                        is_in_nixpkgs(&path).then(|| &*self.arena.alloc_str(&path))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The value of a file of the checkout; `path` is one of its [paths](is_in_nixpkgs).
    pub(crate) fn import_path_in_nixpkgs(&self, path: &str) -> Eval<'a, &'a Thunk<'a>> {
        match below(path) {
            // The function that makes a package set.
            "" | "default.nix" => Ok(self.external(External::Nixpkgs, "<nixpkgs>")),
            "lib" | "lib/default.nix" => Ok(self.value(self.own_lib())),
            path => self.import_nixpkgs(path),
        }
    }

    /// The value of a file of the checkout, or of the `default.nix` in a directory; `path` is relative to
    /// it.
    fn import_nixpkgs(&self, path: &str) -> Eval<'a, &'a Thunk<'a>> {
        Ok(self.value_in_nixpkgs(self.find_in_nixpkgs(path)?))
    }

    fn find_in_nixpkgs(&self, path: &str) -> Eval<'a, usize> {
        let found = self.checkout.as_ref().and_then(|checkout| {
            let tree = &checkout.nixpkgs.tree;
            tree.find(path).or_else(|| tree.find(&format!("{path}/default.nix")))
        });
        found.ok_or_else(|| self.no_file_of_nixpkgs(path))
    }

    /// The file at one of the [paths](is_in_nixpkgs) of the checkout.
    pub(crate) fn file_of_nixpkgs(&self, path: &str) -> Eval<'a, FileId> {
        Ok(FileId::outside(self.find_in_nixpkgs(below(path))? as u32))
    }

    /// The value of a file of the checkout, by its position.
    pub(crate) fn value_in_nixpkgs(&self, at: usize) -> &'a Thunk<'a> {
        let Some(checkout) = &self.checkout else {
            return self.stopped(self.unknown(Reason::Broken, None));
        };
        if let Some(known) = checkout.files.get(at).and_then(Cell::get) {
            return known;
        }
        let Some(ast) = checkout.nixpkgs.ast(at as u32) else {
            let path = checkout.nixpkgs.tree.path(at).unwrap_or_default();
            return self.stopped(self.no_file_of_nixpkgs(path));
        };
        let value = self.whole(ast);
        checkout.files[at].set(Some(value));
        value
    }

    /// The text of a file of the checkout, for `builtins.readFile`.
    pub(crate) fn text_in_nixpkgs(&self, path: &str) -> Option<&'a str> {
        let tree = &self.checkout.as_ref()?.nixpkgs.tree;
        tree.text(tree.find(below(path))?)
    }

    /// The directory of a file that is outside of the repository, as a path.
    pub(crate) fn directory_outside(&self, file: FileId) -> Option<String> {
        let tree = &self.checkout.as_ref()?.nixpkgs.tree;
        match tree.path(file.number_outside()? as usize)?.rsplit_once('/') {
            Some((directory, _)) => Some(format!("{ROOT}/{directory}")),
            None => Some(ROOT.to_owned()),
        }
    }

    /// The path of a file that is outside of the repository, as it is shown.
    pub fn path_outside(&self, file: FileId) -> Option<String> {
        let tree = &self.checkout.as_ref()?.nixpkgs.tree;
        let path = tree.path(file.number_outside()? as usize)?;
        Some(format!("{ROOT}/{path}").trim_start_matches('/').to_owned())
    }

    fn no_file_of_nixpkgs(&self, path: &str) -> Stop<'a> {
        let text = self.arena.alloc_str(&format!("<nixpkgs/{path}>"));
        self.unknown(Reason::Impure(text), None)
    }

    /// Why nothing that depends on where nixpkgs lies is known.
    pub(crate) fn where_nixpkgs_lies(&self) -> Stop<'a> {
        self.unknown(Reason::Impure("where nixpkgs lies"), None)
    }
}

/// Whether an absolute path leads into the checkout.
pub(crate) fn is_in_nixpkgs(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a path is that of the checkout itself, whose name and parent are not known.
pub(crate) fn is_nixpkgs(path: &str) -> bool {
    path == ROOT
}

/// Whether one of two paths leads into the checkout, and how they relate is not known.
pub(crate) fn is_apart(a: &str, b: &str) -> bool {
    is_in_nixpkgs(a) != is_in_nixpkgs(b)
}

fn below(path: &str) -> &str {
    path.strip_prefix(ROOT).unwrap_or_default().trim_start_matches('/')
}
