//! Files and directories of the repository.

use nixpact_source::EntryKind;

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::trees::{is_outside, is_tree};
use crate::unknown::{Eval, Reason, Stop};
use crate::value::{Piece, Value};

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "pathExists", arity: 1, run: path_exists },
    Builtin { name: "readDir", arity: 1, run: read_dir },
    Builtin { name: "readFile", arity: 1, run: read_file },
    Builtin { name: "readFileType", arity: 1, run: read_file_type },
];

pub(crate) fn path_exists<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.to_path(ev.force(args[0])?)?;
    if is_outside(path) {
        return ev.exists_outside(path).map(Value::Bool);
    }
    if path.starts_with('/') {
        return Err(ev.unknown(Reason::Impure("a path outside of the repository"), None));
    }
    let known = |path: &str| ev.sources.directory(path).is_some();
    let slashed = |text: &str| text.ends_with('/') || text.ends_with("/.");
    let slash = match ev.force(args[0])? {
        Value::Str(text) => slashed(text),
        Value::Template([.., Piece::Known(text)]) => slashed(text),
        _ => false,
    };
    match ev.entry_kind(path) {
        Some(kind) if slash && kind != EntryKind::Directory && !known(path) => {
            Err(ev.unknown(Reason::VersionDependent("a file as a directory"), None))
        }
        // Versions of Nix differ on links that lead nowhere.
        Some(EntryKind::Symlink) if !known(path) && ev.read_any(path).is_none() => {
            Err(ev.unknown(Reason::VersionDependent("whether a link exists"), None))
        }
        Some(_) => Ok(Value::Bool(true)),
        None if ev.is_absent(path) => Ok(Value::Bool(false)),
        None => Err(ev.no_text(path)),
    }
}

/// The directories above a path, the nearest first.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(parent, _)| parent.rsplit_once('/'))
        .map(|(parent, _)| parent)
}

fn read_dir<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.to_path(ev.force(args[0])?)?;
    let outside = ev.directory_at(path).or_else(|| ev.sources.hidden_directory(path));
    let Some(directory) = outside.as_ref().or_else(|| ev.sources.directory(path)) else {
        return Err(ev.no_text(path));
    };
    let entries =
        directory.iter().map(|(name, kind)| ev.attr(name, ev.value(Value::Str(type_name(*kind)))));
    Ok(Value::Attrs(ev.attrs(entries.collect())))
}

pub(crate) fn read_file_type<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.to_path(ev.force(args[0])?)?;
    let kind = match is_outside(path) {
        true => ev.kind_outside(path).flatten(),
        false => ev.entry_kind(path),
    };
    match kind {
        Some(kind) => Ok(Value::Str(type_name(kind))),
        None => Err(ev.unknown(Reason::UnresolvedImport(path), None)),
    }
}

pub(crate) fn read_file<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let path = ev.to_path(ev.force(args[0])?)?;
    if let Some(text) = ev.text_outside(path) {
        return Ok(Value::Str(text));
    }
    match ev.read_any(path) {
        Some(text) if !path.starts_with('/') => Ok(ev.str(&text)),
        _ => Err(ev.no_text(path)),
    }
}

pub(super) fn type_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Regular => "regular",
        EntryKind::Directory => "directory",
        EntryKind::Symlink => "symlink",
        EntryKind::Unknown => "unknown",
    }
}

impl<'a> Evaluator<'a> {
    /// Whether something stands at a path [outside](is_outside).
    pub(crate) fn exists_outside(&self, path: &'a str) -> Eval<'a, bool> {
        match self.kind_outside(path) {
            // A link may lead nowhere.
            Some(Some(EntryKind::Symlink)) | None => {
                Err(self.unknown(Reason::UnresolvedImport(path), None))
            }
            Some(kind) => Ok(kind.is_some()),
        }
    }

    /// What stands at a path outside, if anything; `None` where that cannot be told.
    fn kind_outside(&self, path: &str) -> Option<Option<EntryKind>> {
        if is_tree(path) {
            return Some(Some(EntryKind::Directory));
        }
        if self.is_file_outside(path) {
            return Some(Some(EntryKind::Regular));
        }
        let (parent, name) = path.rsplit_once('/')?;
        match self.directory_at(parent) {
            Some(entries) => {
                Some(entries.iter().find(|(known, _)| known == name).map(|(_, kind)| *kind))
            }
            // Nothing stands below what is not there, or below a file.
            None => match self.kind_outside(parent)? {
                None | Some(EntryKind::Regular) => Some(None),
                _ => None,
            },
        }
    }

    /// The text of any file below the root.
    pub(crate) fn read_any(&self, path: &str) -> Option<String> {
        if let Some(file) = self.sources.id(path) {
            self.see_text(file);
        }
        self.sources.read_any(path)
    }

    /// Why it is not known what stands at a path, which `read_any`, `import` or `readDir` does not find; the
    /// path is relative to the root.
    pub(crate) fn no_text(&self, path: &str) -> Stop<'a> {
        self.unknown(self.why_no_text(path), None)
    }

    /// The reason of [`no_text`](Self::no_text).
    pub(crate) fn why_no_text(&self, path: &str) -> Reason<'a> {
        let of: fn(&'a str) -> Reason<'a> = match self.sources {
            sources if sources.is_in_missing_submodule(path) => Reason::Submodule,
            sources if sources.is_encrypted(path) => Reason::Encrypted,
            _ => Reason::UnresolvedImport,
        };
        of(self.arena.alloc_str(path))
    }

    /// Whether there is surely no file to import at a path, which is relative to the root, without `.`
    /// and `..`: nothing stands there, or a directory without a `default.nix`.
    pub fn imports_nothing(&self, path: &str) -> bool {
        let is_inside = |path: &str| {
            nixpact_source::normalize(path).as_deref() == Some(path) && !path.starts_with('/')
        };
        let inner = || match path {
            "" => "default.nix".to_owned(),
            _ => format!("{path}/default.nix"),
        };
        match self.sources.directory(path) {
            Some(_) => self.is_absent(&inner()),
            None => is_inside(path) && self.is_absent(path),
        }
    }

    /// Whether nothing stands at a path relative to the root, and all directories on the way to it are
    /// known.
    pub(crate) fn is_absent(&self, path: &str) -> bool {
        let is_open = |parent: &str| match self.entry_kind(parent) {
            // Nothing is below a file.
            None | Some(EntryKind::Regular) => false,
            Some(_) => self.sources.directory(parent).is_none(),
        };
        self.entry_kind(path).is_none() && !parents(path).any(is_open)
    }

    /// What stands at a path relative to the root.
    pub(crate) fn entry_kind(&self, path: &str) -> Option<EntryKind> {
        if path.is_empty() {
            return Some(EntryKind::Directory);
        }
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let directory = self.sources.directory(parent)?;
        let at = directory.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(directory[at].1)
    }
}
