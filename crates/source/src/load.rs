use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};

use rustc_hash::FxHashMap;

use crate::encrypted::{is_encrypted, is_encrypted_file};
use crate::mentioned::mentioned;
use crate::others::Named;
use crate::submodules::{self, withhold};
use crate::walk::{Found, kind, walk};
use crate::{FileId, LineColumn, LineIndex, Span};

/// One `.nix` file of the repository.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative to the root, with `/`.
    pub path: String,
    pub text: String,
    lines: OnceLock<LineIndex>,
    /// Absent where they are the same.
    editor_lines: OnceLock<Option<LineIndex>>,
}

impl SourceFile {
    pub fn new(path: String, text: String) -> SourceFile {
        SourceFile { path, text, lines: OnceLock::new(), editor_lines: OnceLock::new() }
    }

    /// The 1-based line and column of byte `offset` (0-based).
    pub fn line_column(&self, offset: u32) -> LineColumn {
        self.lines().line_column(&self.text, offset)
    }

    /// The line (from 1) of byte `offset` (0-based); cheaper than with the column.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.lines().line_of(offset)
    }

    /// The bytes of a line (from 1), with its line feed; `None` for one that is not there.
    pub fn line(&self, line: u32) -> Option<Range<usize>> {
        self.lines().line(&self.text, line)
    }

    /// As [`line_of`](SourceFile::line_of), where a carriage return without a line feed ends a line, too.
    pub fn editor_line_of(&self, offset: u32) -> u32 {
        self.editor_lines().line_of(offset)
    }

    /// As [`line`](SourceFile::line), where a carriage return without a line feed ends a line, too.
    pub fn editor_line(&self, line: u32) -> Option<Range<usize>> {
        self.editor_lines().line(&self.text, line)
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    fn editor_lines(&self) -> &LineIndex {
        let own = self.editor_lines.get_or_init(|| LineIndex::with_returns(&self.text));
        own.as_ref().unwrap_or_else(|| self.lines())
    }
}

/// What `builtins.readDir` says of a directory's entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    Regular,
    Directory,
    Symlink,
    Unknown,
}

/// The entries of one directory, sorted by name.
pub type Directory = Vec<(String, EntryKind)>;

/// The `.nix` files below a root, and the directory tree that holds them. A clone shares the texts.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub(crate) root: PathBuf,
    files: Vec<Arc<SourceFile>>,
    by_path: Arc<FxHashMap<String, FileId>>,
    /// Keyed by path relative to the root; the root itself is the empty string.
    pub(crate) directories: Arc<FxHashMap<String, Directory>>,
    /// `.nix` files that are encrypted.
    locked: Arc<[String]>,
    /// Directories of submodules that are not checked out.
    missing: Arc<[String]>,
    /// Texts of other files, for a repository in memory.
    pub(crate) others: FxHashMap<String, String>,
    pub(crate) named: Arc<Named>,
}

/// Texts that are not, or not yet, on the disk, by path relative to the root.
pub type Overlay = BTreeMap<String, String>;

/// Why the files could not be read. Nothing is analysed then: a missing file could hold anything.
#[derive(Debug)]
pub struct LoadError {
    pub path: PathBuf,
    pub problem: String,
    pub remedy: &'static str,
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}\n  = help: {}", self.path.display(), self.problem, self.remedy)
    }
}

impl std::error::Error for LoadError {}

/// A `.nix` file larger than this is not read: no hand-written file comes near it, and offsets stay
/// within 32 bits.
pub(crate) const MAX_FILE_BYTES: usize = 64 << 20;

/// Hidden directories of tools, which git does not keep.
pub(crate) const APART: &[&str] = &[".devenv", ".direnv", ".git", ".hg", ".jj", ".svn"];

impl Sources {
    /// Reads every `.nix` file below `root`, in parallel.
    ///
    /// Hidden directories that no file names are skipped, and so are symbolic links that lead out
    /// of the root (such as `result`, which `nix build` makes), nowhere, or to a directory that
    /// holds them. A file is left out when `exclude` says so of its path, which is relative to the
    /// root, and when it is [encrypted](Sources::is_encrypted). Files are numbered in the order of
    /// their paths.
    ///
    /// # Errors
    ///
    /// When the root or a file in it cannot be read, or is not UTF-8.
    pub fn load(root: &Path, exclude: impl Fn(&str) -> bool + Sync) -> Result<Sources, LoadError> {
        Sources::load_with(root, exclude, &Overlay::new())
    }

    /// Like [`load`](Sources::load). A text of `overlay` counts in place of the file, whether that is
    /// there or not.
    ///
    /// # Errors
    ///
    /// As [`load`](Sources::load).
    pub fn load_with(
        root: &Path,
        exclude: impl Fn(&str) -> bool + Sync,
        overlay: &Overlay,
    ) -> Result<Sources, LoadError> {
        let canonical = root.canonicalize().map_err(|error| LoadError {
            path: root.to_owned(),
            problem: reason(&error),
            remedy: "name an existing directory that holds a NixOS repository",
        })?;
        if !canonical.is_dir() {
            return Err(LoadError {
                path: root.to_owned(),
                problem: "not a directory".to_owned(),
                remedy: "name the directory that holds the repository, not a file in it",
            });
        }
        let is_wanted = |path: &str| !exclude(path) && !overlay.contains_key(path);
        let Found { mut files, mut directories, mut locked, .. } =
            walk(root, &canonical, vec![String::new()], is_wanted)?;
        if let Some(entries) = directories.get_mut("")
            && entries.iter().any(|(name, _)| name == "flake.nix")
        {
            // Of a flake Nix sees what git keeps.
            entries.retain(|(name, _)| name != ".git");
        }
        for (path, text) in overlay {
            add_to_directories(&mut directories, path);
            if !exclude(path) {
                files.push(SourceFile::new(path.clone(), text.clone()));
            }
        }
        loop {
            let named = mentioned(&files, &directories);
            if named.is_empty() {
                break;
            }
            let found = walk(root, &canonical, named, is_wanted)?;
            files.extend(found.files);
            directories.extend(found.directories);
            locked.extend(found.locked);
        }
        let is_named = |entries: &Directory| entries.iter().any(|(it, _)| it == submodules::FILE);
        let missing = match directories.get("").is_some_and(is_named) {
            true => {
                let text = std::fs::read(canonical.join(submodules::FILE)).unwrap_or_default();
                let is_empty = |path: &str| submodules::is_empty(&canonical.join(path));
                withhold(&String::from_utf8_lossy(&text), &mut directories, is_empty)
            }
            false => Vec::new(),
        };
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        locked.sort_unstable();
        let sources = Sources::build(canonical, files, directories);
        Ok(Sources { locked: locked.into(), missing: missing.into(), ..sources })
    }

    /// A repository held in memory: pairs of a relative path and a text.
    pub fn from_memory(files: impl IntoIterator<Item = (String, String)>) -> Sources {
        let mut files: Vec<SourceFile> =
            files.into_iter().map(|(path, text)| SourceFile::new(path, text)).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut directories: FxHashMap<String, Directory> = FxHashMap::default();
        directories.insert(String::new(), Directory::new());
        for file in &files {
            add_to_directories(&mut directories, &file.path);
        }
        Sources::build(PathBuf::new(), files, directories)
    }

    /// Adds files to a repository in memory that are no Nix: pairs of a relative path and a text. They are
    /// there for [`read_any`](Sources::read_any) only.
    #[must_use]
    pub fn with_others(mut self, files: impl IntoIterator<Item = (String, String)>) -> Sources {
        self.others.extend(files);
        if let Some(text) = self.others.get(submodules::FILE) {
            let directories = Arc::make_mut(&mut self.directories);
            let files = &self.by_path;
            let is_empty = |path: &str| files.keys().all(|file| !is_below(file, path));
            self.missing = withhold(text, directories, is_empty).into();
            directories.values_mut().for_each(|entries| entries.sort_by(|a, b| a.0.cmp(&b.0)));
        }
        self
    }

    /// The same repository with other texts for some of its files. What is not a `.nix` file is still
    /// read from the disk.
    #[must_use]
    pub fn with_texts(&self, texts: BTreeMap<FileId, String>) -> Sources {
        let mut replaced = self.clone();
        for (file, text) in texts {
            replaced.set_text(file, text);
        }
        replaced
    }

    /// Gives a file another text; one that is not of this repository is left out.
    pub fn set_text(&mut self, file: FileId, text: String) {
        if let Some(known) = self.files.get_mut(file.index()) {
            *known = Arc::new(SourceFile::new(known.path.clone(), text));
        }
    }

    /// Puts another text with its path in the place of a file.
    pub fn set_file(&mut self, file: FileId, with: Arc<SourceFile>) {
        if let Some(known) = self.files.get_mut(file.index()) {
            *known = with;
        }
    }

    fn build(
        root: PathBuf,
        files: Vec<SourceFile>,
        mut directories: FxHashMap<String, Directory>,
    ) -> Sources {
        for directory in directories.values_mut() {
            directory.sort_by(|a, b| a.0.cmp(&b.0));
        }
        let by_path = files
            .iter()
            .enumerate()
            .map(|(at, file)| (file.path.clone(), FileId::new(at as u32)))
            .collect();
        let files = files.into_iter().map(Arc::new).collect();
        let (by_path, directories) = (Arc::new(by_path), Arc::new(directories));
        Sources { root, files, by_path, directories, ..Sources::default() }
    }

    /// Adds a text that is no file of the repository, such as one from the command line. Paths in it
    /// begin at the root.
    pub fn add_text(&mut self, name: &str, text: String) -> FileId {
        let id = FileId::new(self.files.len() as u32);
        self.files.push(Arc::new(SourceFile::new(name.to_owned(), text)));
        id
    }

    /// The root as an absolute path with symbolic links resolved; empty for a repository in memory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn files(&self) -> &[Arc<SourceFile>] {
        &self.files
    }

    /// A file; an empty one for a text that is [outside](FileId::outside) of the repository.
    pub fn file(&self, id: FileId) -> &SourceFile {
        static OUTSIDE: LazyLock<SourceFile> =
            LazyLock::new(|| SourceFile::new("«outside»".to_owned(), String::new()));
        match id.is_outside() {
            true => &OUTSIDE,
            false => &self.files[id.index()],
        }
    }

    /// The file at `path`, relative to the root.
    pub fn id(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// The entries of the directory at `path`, relative to the root, as `builtins.readDir` lists
    /// them; `None` when there is no such directory or it was skipped.
    pub fn directory(&self, path: &str) -> Option<&Directory> {
        self.directories.get(path)
    }

    /// The entries of a hidden directory, or of one below it, as they are on the disk now; `None` for
    /// others, and for those that are no part of a repository, such as `.git`.
    pub fn hidden_directory(&self, path: &str) -> Option<Directory> {
        let is_hidden = path.split('/').any(|name| name.starts_with('.'));
        let is_apart = path.split('/').any(|name| APART.contains(&name));
        if !is_hidden || is_apart || self.root.as_os_str().is_empty() {
            return None;
        }
        let full = self.root.join(path).canonicalize().ok()?;
        if !full.starts_with(&self.root) {
            return None;
        }
        let mut entries = Directory::new();
        for entry in full.read_dir().ok()? {
            let entry = entry.ok()?;
            // A name that is not UTF-8 can be no part of a Nix path.
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            entries.push((name, kind(entry.file_type().ok()?)));
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Some(entries)
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// The text of a file below the root as it is on the disk now; `None` as for
    /// [`read_any`](Sources::read_any).
    pub fn read_disk(&self, path: &str) -> Option<String> {
        if self.root.as_os_str().is_empty() {
            return self.others.get(path).cloned();
        }
        let full = self.root.join(path).canonicalize().ok()?;
        if !full.starts_with(&self.root) || full.metadata().ok()?.len() > MAX_FILE_BYTES as u64 {
            return None;
        }
        let bytes = std::fs::read(full).ok().filter(|bytes| !is_encrypted(bytes))?;
        String::from_utf8(bytes).ok()
    }

    /// Whether every `.nix` file could be read: none is encrypted, and no submodule is missing.
    pub fn is_whole(&self) -> bool {
        self.locked.is_empty() && self.missing.is_empty()
    }

    /// Whether a path, relative to the root, is in a submodule of git that is not checked out, or is its
    /// directory.
    pub fn is_in_missing_submodule(&self, path: &str) -> bool {
        self.missing.iter().any(|directory| is_below(path, directory))
    }

    /// Whether a file below the root is encrypted by a filter of git (git-crypt, git-agecrypt, transcrypt):
    /// whoever has the key has another text there.
    pub fn is_encrypted(&self, path: &str) -> bool {
        if self.root.as_os_str().is_empty() {
            return self.others.get(path).is_some_and(|text| is_encrypted(text.as_bytes()));
        }
        let full = self.root.join(path).canonicalize();
        full.is_ok_and(|full| full.starts_with(&self.root) && is_encrypted_file(&full))
    }

    /// The bytes of any file below the root, for `builtins.readFile`; `None` when it does not exist,
    /// cannot be read, is not UTF-8 or encrypted, or a link leads out of the root.
    pub fn read_any(&self, path: &str) -> Option<String> {
        match self.id(path) {
            Some(id) => Some(self.file(id).text.clone()),
            None => self.read_disk(path),
        }
    }
}

/// Whether a path is a directory's or leads into it.
fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Adds a file and the directories above it.
fn add_to_directories(directories: &mut FxHashMap<String, Directory>, path: &str) {
    let (mut path, mut kind) = (path, EntryKind::Regular);
    loop {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let directory = directories.entry(parent.to_owned()).or_default();
        if directory.iter().all(|(known, _)| known != name) {
            directory.push((name.to_owned(), kind));
        }
        if parent.is_empty() {
            return;
        }
        (path, kind) = (parent, EntryKind::Directory);
    }
}

/// A file that is there.
pub(crate) enum Entry {
    Text(SourceFile),
    /// It is encrypted; its path.
    Locked(String),
}

/// Reads a `.nix` file that is open.
pub(crate) fn read(root: &Path, file: io::Result<File>, path: String) -> Result<Entry, LoadError> {
    let failed = |problem: String, remedy| LoadError { path: root.join(&path), problem, remedy };
    let bytes = file
        .and_then(bytes)
        .map_err(|error| failed(reason(&error), "make the file readable, or remove it"))?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(failed(
            format!("more than {MAX_FILE_BYTES} bytes"),
            "move generated data out of the .nix file",
        ));
    }
    if is_encrypted(&bytes) {
        return Ok(Entry::Locked(path));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        failed(
            format!(
                "not UTF-8: the byte at offset {} is invalid",
                error.utf8_error().valid_up_to()
            ),
            "save the file as UTF-8, or leave it out with [files] exclude in nixpact.toml",
        )
    })?;
    Ok(Entry::Text(SourceFile::new(path, text)))
}

/// The bytes of a file, of one that is too large not many more than may be. Nearly all fit into a block
/// that a thread keeps, so that the system need not be asked how many there are.
fn bytes(mut file: File) -> io::Result<Vec<u8>> {
    thread_local! {
        static BLOCK: RefCell<Vec<u8>> = RefCell::new(vec![0; 32 << 10]);
    }
    BLOCK.with_borrow_mut(|block| {
        let mut len = 0;
        while len < block.len() {
            match file.read(&mut block[len..]) {
                Ok(0) => return Ok(block[..len].to_vec()),
                Ok(more) => len += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let mut bytes = block.clone();
        file.take((MAX_FILE_BYTES + 1 - len) as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    })
}

pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
