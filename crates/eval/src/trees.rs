//! What is read besides the repository: a checkout of nixpkgs, and inputs of the flake.

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use nixpact_source::{FileId, LoadError, Tree};
use nixpact_syntax::{Ast, Symbol};
use rustc_hash::FxHashMap;

use crate::evaluator::Evaluator;
use crate::nixpkgs;
use crate::thunk::Thunk;
use crate::unknown::{Eval, Reason, Stop};

/// A file is numbered by its tree and its position there; no tree has more files than that.
const FILE_BITS: u32 = 20;
const MAX_TREES: usize = 1 << (30 - FILE_BITS);

/// The directories outside of the repository that are read, besides a nixpkgs those of inputs.
#[derive(Debug, Default)]
pub struct Outside {
    trees: Vec<Read>,
    /// By the first part of a path in them.
    by_place: FxHashMap<String, usize>,
    nixpkgs: Option<usize>,
    inputs: Vec<Input>,
    pub(crate) fetched: Option<Fetched>,
    pub(crate) nixpkgs_hash: Option<String>,
}

/// An input at hand: a flake or another tree.
#[derive(Clone, Debug)]
pub struct Input {
    /// The names of inputs that lead to it from the repository's flake, with dots: `sops-nix`.
    pub name: String,
    /// Where it lies on this machine.
    pub directory: PathBuf,
    /// The directory of its `flake.nix`, relative to its own; `None` for what is no flake.
    pub flake: Option<String>,
    /// Its own inputs, as far as they are known.
    pub inputs: Vec<(String, InputOf)>,
    /// Whether this is what a lock file pins, which then tells all of its inputs. Of another version the flake
    /// may name others.
    pub is_locked: bool,
}

/// Where an input comes from that is not at hand.
#[derive(Clone, Default, Debug)]
pub struct Provenance {
    /// `github:owner/name`; `None` for what is elsewhere.
    pub url: Option<String>,
    /// Whether it has the systems of nix-systems/default or default-linux, or none of another flake.
    pub has_usual_systems: bool,
}

/// What an input of an input is.
#[derive(Clone, Debug)]
pub enum InputOf {
    /// That of the repository's flake by this name.
    Repository(String),
    /// One that is at hand, by its position (0-based) in the order in which they were added.
    AtHand(usize),
    /// A version of nixpkgs that is not at hand.
    Nixpkgs,
    /// Another one that is not at hand.
    Away(Provenance),
}

/// More are not read.
const MAX_FETCHED: usize = 256;

/// How much of its hash tells one version of a source from another, in bytes.
const VERSION: usize = 6;

/// Where something lies that is fetched, by its hash as it is written and its name in the store.
pub type Locate = Box<dyn Fn(&str, &str) -> Option<PathBuf> + Send + Sync>;

/// What is read besides the repository because a file fetches it by its hash.
pub(crate) struct Fetched {
    locate: Locate,
    trees: [OnceLock<Read>; MAX_FETCHED],
    /// By the directories; who first asks for one gives it the next number.
    numbers: Mutex<FxHashMap<PathBuf, usize>>,
}

impl std::fmt::Debug for Fetched {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Fetched").field("numbers", &self.numbers).finish_non_exhaustive()
    }
}

impl Fetched {
    fn new(locate: Locate) -> Fetched {
        Fetched {
            locate,
            trees: [const { OnceLock::new() }; MAX_FETCHED],
            numbers: Mutex::default(),
        }
    }

    /// Where paths begin in what has this hash, if it is on this machine.
    pub(crate) fn place(&self, hash: &str, name: &str, title: &str) -> Option<&str> {
        let directory = (self.locate)(hash, name).filter(|directory| directory.is_dir())?;
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let next = numbers.len();
        let at = *numbers.entry(directory.clone()).or_insert(next);
        drop(numbers);
        // Two versions of one source may be read, and which of them comes first is chance.
        let hash = hash.trim_end_matches('=');
        let version = hash.get(hash.len().saturating_sub(VERSION)..).unwrap_or(hash);
        let tree = self.trees.get(at)?.get_or_init(|| Read {
            place: format!("/«{title} {}»", version.replace('/', "_")),
            directory,
            files: OnceLock::new(),
        });
        Some(&tree.place)
    }

    fn get(&self, at: usize) -> Option<&Read> {
        self.trees.get(at)?.get()
    }

    fn position(&self, place: &str) -> Option<usize> {
        let is_meant = |tree: &OnceLock<Read>| tree.get().is_some_and(|tree| tree.place == place);
        self.trees.iter().position(is_meant)
    }
}

/// A tree whose files are listed when the first of them is asked for, and parsed when they are imported.
#[derive(Debug)]
struct Read {
    /// Where paths in it begin, `/«nixpkgs»`: where it lies on the machine that builds is not known.
    place: String,
    directory: PathBuf,
    files: OnceLock<Option<Files>>,
}

#[derive(Debug)]
struct Files {
    tree: Tree,
    /// In the order of the tree.
    asts: Box<[OnceLock<Option<Ast>>]>,
}

impl Files {
    fn of(tree: Tree) -> Option<Files> {
        if tree.len() >> FILE_BITS != 0 {
            return None;
        }
        let asts = (0..tree.len()).map(|_| OnceLock::new()).collect();
        Some(Files { tree, asts })
    }

    fn find(&self, path: &str) -> Option<usize> {
        let inner = || match path {
            "" => self.tree.find("default.nix"),
            _ => self.tree.find(&format!("{path}/default.nix")),
        };
        self.tree.find(path).or_else(inner)
    }
}

impl Read {
    fn files(&self) -> Option<&Files> {
        let list = || Files::of(Tree::list(&self.directory, &[""]).ok()?);
        self.files.get_or_init(list).as_ref()
    }

    /// What it is called: `nixpkgs`.
    fn name(&self) -> &str {
        self.place.trim_start_matches("/«").trim_end_matches('»')
    }
}

impl Outside {
    /// Adds a checkout of nixpkgs, whose files are listed; there is one at most.
    ///
    /// # Errors
    ///
    /// When the directory holds no nixpkgs, or cannot be read.
    pub fn add_nixpkgs(&mut self, directory: &Path) -> Result<(), LoadError> {
        let tree = nixpkgs::list(directory)?;
        let directory = tree.root().to_owned();
        let files = OnceLock::from(Files::of(tree));
        let place = "/«nixpkgs»".to_owned();
        self.nixpkgs = self.add_tree(Read { place, directory, files });
        Ok(())
    }

    /// Adds an input, whose position is the number of those before it.
    ///
    /// # Errors
    ///
    /// When it is no directory that can be read.
    pub fn add_input(&mut self, input: Input) -> Result<(), LoadError> {
        let directory = Tree::root_at(&input.directory).map_err(|error| LoadError {
            problem: format!("the input {} cannot be read: {}", input.name, error.problem),
            remedy: "name the directory that holds it",
            ..error
        })?;
        let place = format!("/«{}»", input.name);
        self.add_tree(Read { place, directory, files: OnceLock::new() });
        self.inputs.push(input);
        Ok(())
    }

    fn add_tree(&mut self, tree: Read) -> Option<usize> {
        let at = self.trees.len();
        if at >= MAX_TREES || self.by_place.contains_key(&tree.place) {
            return None;
        }
        self.by_place.insert(tree.place.clone(), at);
        self.trees.push(tree);
        Some(at)
    }

    /// Says by which hash, as it is written, files fetch the checkout of nixpkgs.
    pub fn set_nixpkgs_hash(&mut self, hash: String) {
        self.nixpkgs_hash = Some(hash);
    }

    /// Reads what is fetched by a hash, too, where `locate` finds it on this machine.
    pub fn read_fetched(&mut self, locate: Locate) {
        self.fetched = Some(Fetched::new(locate));
    }

    /// A tree by its number: those that are fetched follow the others.
    fn read(&self, at: usize) -> Option<&Read> {
        let fetched = || self.fetched.as_ref()?.get(at - self.trees.len());
        self.trees.get(at).or_else(fetched)
    }

    pub fn has_nixpkgs(&self) -> bool {
        self.nixpkgs.is_some()
    }

    /// The directory of the checkout of nixpkgs.
    pub fn nixpkgs_directory(&self) -> Option<&Path> {
        Some(&self.trees[self.nixpkgs?].directory)
    }

    /// The tree that a path leads into, and the path from there.
    fn tree<'p>(&self, path: &'p str) -> Option<(usize, &'p str)> {
        let (place, below) = split(path)?;
        let fetched = || Some(self.trees.len() + self.fetched.as_ref()?.position(place)?);
        Some((self.by_place.get(place).copied().or_else(fetched)?, below))
    }

    fn files(&self, path: &str) -> Option<(usize, &Files)> {
        let (at, _) = self.tree(path)?;
        Some((at, self.read(at)?.files()?))
    }

    fn file(&self, file: FileId) -> Option<(&Read, &Files, usize)> {
        let number = file.number_outside()?;
        let read = self.read((number >> FILE_BITS) as usize)?;
        Some((read, read.files()?, number as usize & ((1 << FILE_BITS) - 1)))
    }

    pub(crate) fn ast(&self, file: FileId) -> Option<&Ast> {
        let (_, Files { tree, asts }, at) = self.file(file)?;
        let parse = || {
            let text = tree.text(at)?;
            // Versions of Nix read a null byte differently.
            (!text.contains('\0')).then(|| nixpact_syntax::parse(file, text))
        };
        asts.get(at)?.get_or_init(parse).as_ref()
    }
}

/// The values of the files of a tree, in its order.
type FileValues<'a> = Box<[Cell<Option<&'a Thunk<'a>>>]>;

/// The values of what is read besides the repository.
pub(crate) struct Values<'a> {
    pub(crate) outside: &'a Outside,
    /// Those of the files, by tree.
    files: Box<[OnceCell<FileValues<'a>>]>,
    /// Those of the inputs.
    inputs: Box<[OnceCell<&'a Thunk<'a>>]>,
}

impl<'a> Values<'a> {
    pub(crate) fn new(outside: &'a Outside) -> Values<'a> {
        let fetched = if outside.fetched.is_some() { MAX_FETCHED } else { 0 };
        Values {
            outside,
            files: (0..outside.trees.len() + fetched).map(|_| OnceCell::new()).collect(),
            inputs: outside.inputs.iter().map(|_| OnceCell::new()).collect(),
        }
    }
}

impl<'a> Evaluator<'a> {
    pub(crate) fn outside(&self) -> Option<&'a Outside> {
        Some(self.outside.as_ref()?.outside)
    }

    /// Whether all inputs of the flake are read that can be, and what files fetch by a hash.
    pub fn reads_inputs(&self) -> bool {
        self.outside().is_some_and(|outside| outside.fetched.is_some())
    }

    /// The position of the repository's input by a name, where it is at hand.
    pub fn input_at_hand(&self, name: Symbol) -> Option<usize> {
        self.outside()?.inputs.iter().position(|input| input.name == name.as_str())
    }

    /// Whether an input at hand is what the lock file pins.
    pub fn is_locked_input(&self, at: usize) -> bool {
        self.outside().and_then(|outside| outside.inputs.get(at)).is_some_and(|it| it.is_locked)
    }

    /// An input at hand, and its value, which is made once.
    pub fn input(
        &self,
        at: usize,
        make: impl FnOnce(&'a Input) -> &'a Thunk<'a>,
    ) -> Option<&'a Thunk<'a>> {
        let values = self.outside.as_ref()?;
        let input = values.outside.inputs.get(at)?;
        Some(values.inputs.get(at)?.get_or_init(|| make(input)))
    }

    /// The path of a file of an input, or of the `default.nix` in the directory there.
    pub fn path_of_input(&self, input: &Input, path: &str) -> &'a str {
        let place = format!("/«{}»/{path}", input.name);
        self.arena.alloc_str(place.trim_end_matches('/'))
    }

    /// The value of a file outside, or of the `default.nix` in the directory there; `path` is
    /// [outside](is_outside).
    pub(crate) fn import_outside(&self, path: &str) -> Eval<'a, &'a Thunk<'a>> {
        Ok(self.value_outside(self.id_outside(path)?))
    }

    /// The file at a path that is [outside](is_outside).
    pub(crate) fn id_outside(&self, path: &str) -> Eval<'a, FileId> {
        let found = self.outside().and_then(|outside| {
            let (tree, files) = outside.files(path)?;
            let at = files.find(below(path))?;
            Some(FileId::outside((tree as u32) << FILE_BITS | at as u32))
        });
        found.ok_or_else(|| self.no_file_outside(path))
    }

    /// The value of a file outside.
    pub(crate) fn value_outside(&self, file: FileId) -> &'a Thunk<'a> {
        let broken = || self.stopped(self.unknown(Reason::Broken, None));
        let Some(Values { outside, files, .. }) = &self.outside else { return broken() };
        let Some((_, listed, at)) = outside.file(file) else { return broken() };
        let tree = file.number_outside().unwrap_or_default() >> FILE_BITS;
        let none = || listed.asts.iter().map(|_| Cell::new(None)).collect();
        let known = files.get(tree as usize).and_then(|files| files.get_or_init(none).get(at));
        if let Some(value) = known.and_then(Cell::get) {
            return value;
        }
        let Some(ast) = outside.ast(file) else {
            let path = self.path_outside(file).unwrap_or_default();
            return self.stopped(self.no_file_outside(&format!("/{path}")));
        };
        let value = self.whole(ast);
        if let Some(known) = known {
            known.set(Some(value));
        }
        value
    }

    /// The first syntax error of a file outside.
    pub(crate) fn syntax_error_outside(&self, path: &str) -> Option<&'a str> {
        let ast = self.outside()?.ast(self.id_outside(path).ok()?)?;
        Some(ast.errors.first()?.message.as_str())
    }

    /// The text of a file outside, for `builtins.readFile`.
    pub(crate) fn text_outside(&self, path: &str) -> Option<&'a str> {
        let (_, files) = self.outside()?.files(path)?;
        files.tree.text(files.tree.find(below(path))?)
    }

    /// Whether a path outside is that of a file.
    pub(crate) fn is_file_outside(&self, path: &str) -> bool {
        let files = self.outside().and_then(|outside| outside.files(path));
        files.is_some_and(|(_, files)| files.tree.find(below(path)).is_some())
    }

    /// What a directory outside holds.
    pub(crate) fn directory_at(&self, path: &str) -> Option<nixpact_source::Directory> {
        let (_, files) = self.outside()?.files(path)?;
        files.tree.directory(below(path))
    }

    /// The directory of a file that is outside of the repository, as a path.
    pub(crate) fn directory_outside(&self, file: FileId) -> Option<String> {
        let (read, files, at) = self.outside()?.file(file)?;
        match files.tree.path(at)?.rsplit_once('/') {
            Some((directory, _)) => Some(format!("{}/{directory}", read.place)),
            None => Some(read.place.clone()),
        }
    }

    /// The path of a file, as a value.
    pub fn path_of(&self, file: FileId) -> &'a str {
        let outside = || {
            let (read, files, at) = self.outside()?.file(file)?;
            Some(self.arena.alloc_str(&format!("{}/{}", read.place, files.tree.path(at)?)))
        };
        match file.is_outside() {
            true => outside().map_or("", |path| path),
            false => &self.sources.file(file).path,
        }
    }

    /// The path of a file that is outside of the repository, as it is shown.
    pub fn path_outside(&self, file: FileId) -> Option<String> {
        let (read, files, at) = self.outside()?.file(file)?;
        Some(format!("{}/{}", read.place.trim_start_matches('/'), files.tree.path(at)?))
    }

    /// Whether a file is one of the checkout of nixpkgs.
    pub fn is_of_nixpkgs(&self, file: FileId) -> bool {
        let tree = file.number_outside().map(|number| (number >> FILE_BITS) as usize);
        tree.is_some() && tree == self.outside().and_then(|outside| outside.nixpkgs)
    }

    fn no_file_outside(&self, path: &str) -> Stop<'a> {
        let text = match path.strip_prefix(nixpkgs::ROOT) {
            Some(path) => format!("<nixpkgs{path}>"),
            None => path.trim_start_matches('/').to_owned(),
        };
        self.unknown(Reason::Impure(self.arena.alloc_str(&text)), None)
    }

    /// Why nothing is known that depends on where the tree of a path lies.
    pub(crate) fn where_it_lies(&self, path: &str) -> Stop<'a> {
        let tree = self.outside().and_then(|outside| outside.read(outside.tree(path)?.0));
        self.where_lies(tree)
    }

    /// The same of two paths that are [apart](is_apart).
    pub(crate) fn where_they_lie(&self, a: &str, b: &str) -> Stop<'a> {
        self.where_it_lies(if is_outside(a) { a } else { b })
    }

    /// The same of the tree of a file.
    pub(crate) fn where_file_lies(&self, file: FileId) -> Stop<'a> {
        self.where_lies(self.outside().and_then(|outside| outside.file(file)).map(|it| it.0))
    }

    fn where_lies(&self, tree: Option<&Read>) -> Stop<'a> {
        let name = tree.map_or("nixpkgs", Read::name);
        let text = self.arena.alloc_str(&format!("where {name} lies"));
        self.unknown(Reason::Impure(text), None)
    }
}

/// The first part of an absolute path that is outside of the repository, and the rest.
fn split(path: &str) -> Option<(&str, &str)> {
    let end = path.strip_prefix("/«")?.find('/').map(|slash| slash + "/«".len());
    let (place, below) = path.split_at(end.unwrap_or(path.len()));
    place.ends_with('»').then(|| (place, below.trim_start_matches('/')))
}

/// What follows the path of its tree in a path [outside](is_outside).
pub(crate) fn below(path: &str) -> &str {
    split(path).map_or("", |(_, below)| below)
}

/// The path of the tree that a path [outside](is_outside) leads into.
pub(crate) fn tree_of(path: &str) -> &str {
    split(path).map_or(path, |(tree, _)| tree)
}

/// Whether an absolute path leads into something that is read besides the repository.
pub(crate) fn is_outside(path: &str) -> bool {
    split(path).is_some()
}

/// Whether a path is that of such a tree itself, whose name and parent are not known.
pub(crate) fn is_tree(path: &str) -> bool {
    split(path).is_some_and(|(place, _)| place.len() == path.len())
}

/// Whether two paths lead into different trees, of which the repository is one, and how they relate is not
/// known.
pub(crate) fn is_apart(a: &str, b: &str) -> bool {
    split(a).map(|(place, _)| place) != split(b).map(|(place, _)| place)
}
