//! `lib.filesystem`.

use crate::builtins::{self, Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::Eval;
use crate::value::Value;

pub(super) const FILESYSTEM: &[Builtin] = &[
    Builtin { name: "pathIsDirectory", arity: 1, run: |ev, args| is_type(ev, args, "directory") },
    Builtin { name: "pathIsRegularFile", arity: 1, run: |ev, args| is_type(ev, args, "regular") },
    Builtin { name: "pathType", arity: 1, run: builtins::read_file_type },
];

/// Those that `lib` itself does not have.
pub(super) const INNER_FILESYSTEM: &[Builtin] = &[
    Builtin { name: "listFilesRecursive", arity: 1, run: list_files_recursive },
    Builtin { name: "resolveDefaultNix", arity: 1, run: resolve_default_nix },
];

/// `pathExists path && pathType path == …`.
pub(super) fn is_type<'a>(ev: &Evaluator<'a>, args: Args<'a>, name: &'static str) -> Eval<'a> {
    let exists = ev.value(builtins::path_exists(ev, args)?);
    if !ev.force_bool(exists)? {
        return Ok(Value::Bool(false));
    }
    Ok(Value::Bool(ev.equal(builtins::read_file_type(ev, args)?, Value::Str(name))?))
}

pub(super) fn list_files_recursive<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let value = ev.force(args[0])?;
    let path = ev.to_path(value)?;
    let mut files = Vec::new();
    let mut rest = None;
    let mut directories = vec![path.to_owned()];
    while let Some(directory) = directories.pop() {
        let outside =
            ev.directory_at(&directory).or_else(|| ev.sources.hidden_directory(&directory));
        let Some(entries) = outside.as_ref().or_else(|| ev.sources.directory(&directory)) else {
            let unknown = || ev.unknown_ref(ev.why_no_text(&directory), None);
            rest = rest.or_else(|| Some(unknown()));
            continue;
        };
        for (name, kind) in entries {
            let inner =
                if directory.is_empty() { name.clone() } else { format!("{directory}/{name}") };
            match kind {
                nixpact_source::EntryKind::Directory => directories.push(inner),
                _ => files.push(inner),
            }
        }
    }
    sort_as_walked(&mut files);
    let mut items = Vec::with_capacity(files.len());
    for file in &files {
        items.push(ev.value(match value {
            Value::Path(_) => Value::Path(ev.arena.alloc_str(file)),
            // Below a string are strings.
            _ => {
                let below = file.strip_prefix(path).unwrap_or(file).trim_start_matches('/');
                ev.add(Ok(value), Ok(ev.str(&format!("/{below}"))))?
            }
        }));
    }
    Ok(ev.open_list(&items, rest))
}

/// Directories are gone into where they stand among the files, in the order of names.
fn sort_as_walked(files: &mut [String]) {
    files.sort_by(|a, b| a.split('/').cmp(b.split('/')));
}

fn resolve_default_nix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match is_type(ev, args, "directory")? {
        Value::Bool(true) => ev.add(ev.force(args[0]), Ok(Value::Str("/default.nix"))),
        _ => ev.force(args[0]),
    }
}
