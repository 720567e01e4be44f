//! `lib.fileset`, as far as it is about which files there are: what is copied to the store is not known.

use std::collections::BTreeSet;

use nixpact_syntax::Symbol;

use super::files::{is_type, list_files_recursive};
use crate::builtins::{self, Args, Builtin};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Reason, Stop, Unknown};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "difference", arity: 2, run: difference },
    Builtin { name: "empty", arity: 0, run: |ev, _| Ok(Files::default().value(ev)) },
    Builtin { name: "fileFilter", arity: 2, run: file_filter },
    Builtin { name: "intersection", arity: 2, run: intersection },
    Builtin { name: "maybeMissing", arity: 1, run: maybe_missing },
    Builtin {
        name: "toList",
        arity: 1,
        run: |ev, args| {
            let files = files(ev, args[0])?;
            Ok(ev.open_list(&files.paths(ev), files.rest))
        },
    },
    Builtin { name: "union", arity: 2, run: |ev, args| union(ev, args) },
    Builtin { name: "unions", arity: 1, run: |ev, args| union(ev, ev.force_items(args[0])?) },
];

/// Where a file set of nixpact's own keeps its files: paths, in the order of `toList`.
const FILES: &str = "_files";

/// A path in the order in which directories are walked: by its parts.
#[derive(PartialEq, Eq)]
struct Walked<'a>(&'a str);

impl Ord for Walked<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.split('/').cmp(other.0.split('/'))
    }
}

impl PartialOrd for Walked<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Default)]
struct Files<'a> {
    known: BTreeSet<Walked<'a>>,
    /// Why there may be more.
    rest: Option<&'a Unknown<'a>>,
}

impl<'a> Files<'a> {
    fn of_list(ev: &Evaluator<'a>, list: &'a Thunk<'a>) -> Eval<'a, Files<'a>> {
        let list = ev.force_list(list)?;
        let mut files = Files { rest: list.rest, ..Files::default() };
        for item in list.items {
            files.known.insert(Walked(ev.to_path(ev.force(item)?)?));
        }
        Ok(files)
    }

    fn paths(&self, ev: &Evaluator<'a>) -> Vec<&'a Thunk<'a>> {
        self.known.iter().map(|path| ev.value(Value::Path(path.0))).collect()
    }

    fn value(&self, ev: &Evaluator<'a>) -> Value<'a> {
        made(ev, ev.value(ev.open_list(&self.paths(ev), self.rest)))
    }
}

fn made<'a>(ev: &Evaluator<'a>, files: &'a Thunk<'a>) -> Value<'a> {
    let attrs = vec![ev.attr("_type", ev.value(Value::Str("fileset"))), ev.attr(FILES, files)];
    let rest = ev.unknown_ref(Reason::Unsupported("this attribute of a file set"), None);
    Value::Attrs(ev.open_attrs(attrs, Some(rest)))
}

/// The files of a file set, or of a path, which stands for all that is below it.
fn files<'a>(ev: &Evaluator<'a>, set: &'a Thunk<'a>) -> Eval<'a, Files<'a>> {
    match ev.force(set)? {
        Value::Path(_) => {
            check_exists(ev, set)?;
            match is_directory(ev, set)? {
                true => {
                    let argument = ev.arena.alloc_slice_copy(&[set]);
                    Files::of_list(ev, ev.value(list_files_recursive(ev, argument)?))
                }
                false => Files::of_list(ev, ev.value(ev.list(&[set]))),
            }
        }
        Value::Attrs(attrs) => match (attrs.get(Symbol::new(FILES)), attrs.rest) {
            (Some(files), _) => Files::of_list(ev, files.value),
            (None, Some(rest)) => Err(Stop::Unknown(rest)),
            (None, None) => ev.unsupported("a file set that is made of a source"),
        },
        _ => {
            ev.error(ErrorKind::Throw, "lib.fileset: an argument is neither a file set nor a path")
        }
    }
}

fn is_directory<'a>(ev: &Evaluator<'a>, path: &'a Thunk<'a>) -> Eval<'a, bool> {
    let argument = ev.arena.alloc_slice_copy(&[path]);
    ev.force_bool(ev.value(is_type(ev, argument, "directory")?))
}

fn exists<'a>(ev: &Evaluator<'a>, path: &'a Thunk<'a>) -> Eval<'a, bool> {
    let argument = ev.arena.alloc_slice_copy(&[path]);
    ev.force_bool(ev.value(builtins::path_exists(ev, argument)?))
}

fn check_exists<'a>(ev: &Evaluator<'a>, path: &'a Thunk<'a>) -> Eval<'a, ()> {
    match exists(ev, path)? {
        true => Ok(()),
        false => ev.error(ErrorKind::Throw, "lib.fileset: a path does not exist"),
    }
}

fn union<'a>(ev: &Evaluator<'a>, sets: Args<'a>) -> Eval<'a> {
    let mut all = Files::default();
    for set in sets {
        let more = files(ev, set)?;
        all.known.extend(more.known);
        all.rest = all.rest.or(more.rest);
    }
    Ok(all.value(ev))
}

fn intersection<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (mut one, other) = (files(ev, args[0])?, files(ev, args[1])?);
    one.known.retain(|path| other.known.contains(path));
    one.rest = one.rest.or(other.rest);
    Ok(one.value(ev))
}

fn difference<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (mut one, other) = (files(ev, args[0])?, files(ev, args[1])?);
    // Any may be among those that are taken away.
    if let Some(rest) = other.rest {
        return Err(Stop::Unknown(rest));
    }
    one.known.retain(|path| !other.known.contains(path));
    Ok(one.value(ev))
}

fn maybe_missing<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match (ev.force(args[0])?, args) {
        (Value::Path(_), _) if !exists(ev, args[0])? => Ok(Files::default().value(ev)),
        (Value::Path(_), _) => Ok(files(ev, args[0])?.value(ev)),
        _ => ev.error(ErrorKind::Throw, "lib.fileset.maybeMissing: the argument is no path"),
    }
}

fn file_filter<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (predicate, path) = (args[0], args[1]);
    if !ev.force(predicate)?.is_function() {
        let message = "lib.fileset.fileFilter: the first argument is no function";
        return ev.error(ErrorKind::Throw, message);
    }
    let Value::Path(_) = ev.force(path)? else {
        let message = "lib.fileset.fileFilter: the second argument is no path";
        return ev.error(ErrorKind::Throw, message);
    };
    check_exists(ev, path)?;
    let kept = ev.lazy(move |ev| {
        let mut all = files(ev, path)?;
        let mut kept = Files { rest: all.rest, ..Files::default() };
        for file in std::mem::take(&mut all.known) {
            match ev.force_bool(ev.apply(predicate, &[about(ev, file.0)])) {
                Ok(true) => {
                    kept.known.insert(file);
                }
                Ok(false) => {}
                Err(Stop::Unknown(unknown)) => kept.rest = kept.rest.or(Some(unknown)),
                Err(error) => return Err(error),
            }
        }
        Ok(ev.open_list(&kept.paths(ev), kept.rest))
    });
    Ok(made(ev, kept))
}

/// What the predicate of `fileFilter` is told of a file.
fn about<'a>(ev: &Evaluator<'a>, path: &'a str) -> &'a Thunk<'a> {
    static HAS_EXT: Builtin = Builtin {
        name: "hasExt",
        arity: 2,
        run: |ev, args| {
            let (name, extension) = (ev.force_str(args[0])?, ev.force_str(args[1])?);
            let stem = name.strip_suffix(extension);
            Ok(Value::Bool(stem.is_some_and(|stem| stem.ends_with('.'))))
        },
    };
    /// It cannot be bound, so that a pattern needs an ellipsis.
    const MORE: &str = "lib.fileset.fileFilter: The predicate function passed as the first argument must be \
        able to handle extra attributes for future compatibility. If you're using `{ name, file, hasExt }:`, \
        use `{ name, file, hasExt, ... }:` instead.";
    let name = ev.value(Value::Str(path.rsplit('/').next().unwrap_or(path)));
    let kind = ev.lazy(move |ev| {
        let argument = ev.arena.alloc_slice_copy(&[ev.value(Value::Path(path))]);
        builtins::read_file_type(ev, argument)
    });
    let attrs = vec![
        ev.attr("name", name),
        ev.attr("type", kind),
        ev.attr("hasExt", ev.value(ev.partial(&HAS_EXT, &[name]))),
        ev.attr(MORE, ev.value(Value::Null)),
    ];
    ev.value(Value::Attrs(ev.attrs(attrs)))
}
