//! Which repository is read, and which of its findings are wanted.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};

use nixpact_diagnostics::Diagnostic;
use nixpact_engine::{Analysis, Options, Place};
use nixpact_source::{FileId, Sources};

use crate::args::{Check, Outside, Repository};
use crate::git;

/// The findings that are wanted.
pub enum Selection {
    All,
    /// Those that touch a file or directory of these, relative to the root.
    Paths(Vec<PathBuf>),
}

impl Selection {
    /// Drops all other findings.
    pub fn keep(&self, analysis: &mut Analysis) {
        let sources = &analysis.sources;
        analysis.diagnostics.retain(|finding| self.has(sources, finding));
        analysis.suppressed.retain(|finding| self.has(sources, finding));
    }

    /// Whether a finding points into one of the paths.
    pub fn has(&self, sources: &Sources, finding: &Diagnostic) -> bool {
        let mut labels = finding.primary.iter().chain(&finding.secondary);
        matches!(self, Selection::All)
            || labels.any(|label| self.has_file(sources, label.span.file))
    }

    /// Whether the fix of a finding changes files in these paths only.
    pub fn has_fix(&self, sources: &Sources, finding: &Diagnostic) -> bool {
        let mut edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        self.has(sources, finding) && edits.all(|edit| self.has_file(sources, edit.span.file))
    }

    fn has_file(&self, sources: &Sources, file: FileId) -> bool {
        match self {
            Selection::All => true,
            Selection::Paths(paths) => {
                let file = Path::new(&sources.file(file).path);
                paths.iter().any(|path| file.starts_with(path))
            }
        }
    }
}

/// What `check` is to read, and what it is to report.
pub fn read(check: &Check, options: Options) -> Result<(Options, Selection), Box<dyn Error>> {
    let options = repository(&check.repository, options)?;
    if let Some(name) = &check.stdin_filename {
        return standard_input(name, options);
    }
    if let Some(base) = &check.changed {
        let changed = git::changed(&options.root, base)?;
        return Ok((options, files(changed)));
    }
    if check.staged {
        let staged = git::staged(&options.root)?;
        let (overlay, hidden) = (staged.texts, staged.untracked);
        // pre-commit names the files, which need not be those that are staged: `run --all-files`.
        let selection = match paths(&check.repository, &options.root)? {
            Selection::All => files(staged.changed),
            named => named,
        };
        return Ok((Options { overlay, hidden, ..options }, selection));
    }
    let selection = paths(&check.repository, &options.root)?;
    Ok((options, selection))
}

/// The repository of a command that takes no other selection.
pub fn repository(repository: &Repository, options: Options) -> Result<Options, Box<dyn Error>> {
    let root = match (&repository.root, &repository.paths[..]) {
        (Some(root), _) => root.clone(),
        (None, []) => ".".into(),
        (None, [path]) if !path.is_file() => path.clone(),
        (None, [path, ..]) => root_above(path)?,
    };
    let (config, host) = (repository.config.clone(), repository.host.clone());
    Ok(outside(&repository.outside, Options { root, config, host, ..options }))
}

/// What the command line says is read besides the repository.
pub fn outside(named: &Outside, options: Options) -> Options {
    let nixpkgs = named.nixpkgs.as_deref().map(Place::from);
    Options { nixpkgs, inputs: named.input.clone(), ..options }
}

/// The nearest directory around a path that is the root of a repository.
fn root_above(path: &Path) -> Result<PathBuf, Box<dyn Error>> {
    const MARKS: &[&str] = &["nixpact.toml", "flake.nix", ".git"];
    let full = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
    let is_root = |directory: &&Path| MARKS.iter().any(|mark| directory.join(mark).exists());
    match full.ancestors().find(is_root) {
        Some(root) => Ok(root.to_owned()),
        None => Err(format!(
            "{}: no directory around it holds {}; name the repository's root with --root",
            path.display(),
            MARKS.join(" or ")
        )
        .into()),
    }
}

/// The paths of the command line, unless the only one is the root itself.
fn paths(repository: &Repository, root: &Path) -> Result<Selection, Box<dyn Error>> {
    let is_root = matches!(&repository.paths[..], [path] if path.is_dir() || !path.exists());
    if repository.paths.is_empty() || (repository.root.is_none() && is_root) {
        return Ok(Selection::All);
    }
    let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
    let mut wanted = Vec::new();
    for path in &repository.paths {
        let full = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
        match full.strip_prefix(&root) {
            Ok(inside) => wanted.push(inside.to_owned()),
            Err(_) => return Err(format!("{} is not below the root", path.display()).into()),
        }
    }
    Ok(Selection::Paths(wanted))
}

fn files(paths: BTreeSet<String>) -> Selection {
    Selection::Paths(paths.into_iter().map(PathBuf::from).collect())
}

/// The text of one file from standard input, and the findings that touch this file.
fn standard_input(name: &Path, options: Options) -> Result<(Options, Selection), Box<dyn Error>> {
    let root = options
        .root
        .canonicalize()
        .map_err(|error| format!("{}: {error}", options.root.display()))?;
    let full = absolute(name).map_err(|error| format!("{}: {error}", name.display()))?;
    let Ok(inside) = full.strip_prefix(&root) else {
        return Err(format!("{} is not below the root", name.display()).into());
    };
    let path = inside.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    if !path.ends_with(".nix") {
        return Err(format!("{} is no .nix file", name.display()).into());
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| format!("standard input cannot be read: {error}"))?;
    let overlay = [(path.clone(), text)].into();
    Ok((Options { overlay, ..options }, files([path].into())))
}

/// The absolute path of a file in a directory that is there; the file need not be there yet.
fn absolute(file: &Path) -> std::io::Result<PathBuf> {
    if let Ok(full) = file.canonicalize() {
        return Ok(full);
    }
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new(".")).canonicalize()?;
    Ok(directory.join(file.file_name().unwrap_or_default()))
}
