//! A checkout of nixpkgs, whose `lib` is evaluated where the native one does not have something.

use std::cell::Cell;
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
const LIB: &str = "/«nixpkgs»/lib";
/// What `import` takes for the native `lib`, where there is no checkout.
pub(crate) const NATIVE_LIB: &str = "<nixpkgs/lib>";
const DEFAULT: &str = "lib/default.nix";

/// What `lib` reads.
const FOLDERS: &[&str] = &["lib", "maintainers"];

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
    /// The input of the flake that it is.
    input: Cell<Symbol>,
    /// Whether the flake has inputs that are other versions.
    has_others: Cell<bool>,
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
        match self.is_checkout(text) {
            true => self.lib(),
            false => self.lib_of_others(),
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
    pub(crate) fn path_in_nixpkgs(&self, value: Value<'a>) -> Option<&'a str> {
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
        match path.strip_prefix(LIB) {
            Some("" | "/default.nix") => Ok(self.value(self.lib())),
            _ => self.import_nixpkgs(below(path)),
        }
    }

    /// The value of a file of the checkout, or of the `default.nix` in a directory; `path` is relative to
    /// it.
    fn import_nixpkgs(&self, path: &str) -> Eval<'a, &'a Thunk<'a>> {
        let found = self.checkout.as_ref().and_then(|checkout| {
            let tree = &checkout.nixpkgs.tree;
            let at = tree.find(path).or_else(|| tree.find(&format!("{path}/default.nix")))?;
            Some((checkout, at))
        });
        let Some((checkout, at)) = found else { return Err(self.no_file_of_nixpkgs(path)) };
        if let Some(known) = checkout.files[at].get() {
            return Ok(known);
        }
        let Some(ast) = checkout.nixpkgs.ast(at as u32) else {
            return Err(self.no_file_of_nixpkgs(path));
        };
        let value = self.whole(ast);
        checkout.files[at].set(Some(value));
        Ok(value)
    }

    /// The text of a file of the checkout, for `builtins.readFile`.
    pub(crate) fn text_in_nixpkgs(&self, path: &str) -> Option<&'a str> {
        let tree = &self.checkout.as_ref()?.nixpkgs.tree;
        tree.text(tree.find(below(path))?)
    }

    /// The directory of a file that is outside of the repository, as a path.
    pub(crate) fn directory_outside(&self, file: FileId) -> Option<String> {
        let tree = &self.checkout.as_ref()?.nixpkgs.tree;
        let (directory, _) = tree.path(file.number_outside()? as usize)?.rsplit_once('/')?;
        Some(format!("{ROOT}/{directory}"))
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
