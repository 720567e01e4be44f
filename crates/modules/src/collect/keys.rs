//! What tells modules apart: those with the same key count once, and are disabled by it.

use nixpact_eval::{Attrs, ErrorKind, Eval, Evaluator, External, Stop, Thunk, Value};
use nixpact_source::FileId;

use super::Collector;
use crate::check::is_string_like;
use crate::foreign::is_foreign;
use crate::names;
use crate::universe::Universe;

/// The text of a key; none where a module has no other one than its place among the imports.
pub(super) type Key<'a> = Option<&'a str>;

/// The key of what is imported by a path, which is that as a string: a directory and its `default.nix` are
/// two modules.
pub(super) fn of_path<'a>(ev: &Evaluator<'a>, path: Value<'a>) -> Key<'a> {
    text(ev, ev.value(path)).ok().flatten()
}

/// The key of a file as listed.
pub(super) fn of_file<'a>(ev: &Evaluator<'a>, file: FileId) -> Key<'a> {
    ev.identity(Value::Path(ev.path_of(file)))
}

/// The key that a module gives itself.
///
/// # Errors
///
/// What it fails with, or why it is not known.
pub(super) fn written<'a>(ev: &Evaluator<'a>, attrs: &Attrs<'a>) -> Eval<'a, Key<'a>> {
    attrs.get(*names::KEY).map_or(Ok(None), |key| text(ev, key.value))
}

/// `toString` of a value; none where it is known in part only.
fn text<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Eval<'a, Key<'a>> {
    Ok(ev.identity(ev.builtin("toString", &[value])?))
}

/// `lib.isConvertibleWithToString`
fn is_convertible<'a>(ev: &Evaluator<'a>, value: Value<'a>) -> Eval<'a, bool> {
    Ok(match value {
        Value::List(list) => {
            for item in list.items {
                if !is_convertible(ev, ev.force(item)?)? {
                    return Ok(false);
                }
            }
            true
        }
        Value::Attrs(attrs) => is_string_like(attrs),
        value => !value.is_function(),
    })
}

impl<'a> Collector<'a> {
    /// Notes what a module disables.
    pub(super) fn disable(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        disabled: &'a Thunk<'a>,
        file: Option<FileId>,
        at: usize,
    ) {
        let list = match ev.force_list(disabled) {
            Ok(list) => list,
            Err(stop) => return self.undisabled(ev, stop, file, at),
        };
        if let Some(rest) = list.rest {
            self.undisabled(ev, Stop::Unknown(rest), file, at);
        }
        for item in list.items {
            match disabled_key(ev, universe, item) {
                Ok(key) => self.disabled.extend(key),
                Err(stop) => self.undisabled(ev, stop, file, at),
            }
        }
    }

    /// Which modules it disables is not known. What is not of the repository is of other modules.
    fn undisabled(&mut self, ev: &Evaluator<'a>, stop: Stop<'a>, file: Option<FileId>, at: usize) {
        match stop {
            Stop::Unknown(unknown) if is_foreign(ev, unknown) => {}
            stop => self.stop(ev, stop, file, at),
        }
    }
}

/// `moduleKey`: the key of a module that is to be disabled.
fn disabled_key<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    item: &'a Thunk<'a>,
) -> Eval<'a, Key<'a>> {
    let value = ev.force(item)?;
    let own = match value {
        Value::Attrs(attrs) => attrs.get(*names::KEY).map(|key| key.value),
        _ => None,
    };
    match value {
        Value::Str(path) if !path.starts_with('/') => match universe.modules_path(ev)? {
            None => Ok(Some(ev.arena.alloc_str(&format!("/{path}")))),
            Some(modules) => {
                let below = ev.value(Value::Str(ev.arena.alloc_str(&format!("/{path}"))));
                let parts = [ev.value(modules), below];
                let nothing = ev.value(Value::Str(""));
                let path = ev.builtin("concatStringsSep", &[nothing, ev.value(ev.list(&parts))])?;
                Ok(ev.identity(path))
            }
        },
        value if is_convertible(ev, value)? => {
            let key = text(ev, item)?;
            match own {
                Some(own) if !ev.equal(ev.force(own)?, ev.builtin("toString", &[item])?)? => {
                    let message = "a module to be disabled has a key that is not its string";
                    ev.error(ErrorKind::Throw, message)
                }
                _ => Ok(key),
            }
        }
        // A key that is no string is none of a module's.
        Value::Attrs(attrs) => match (own.map(|own| ev.force(own)), attrs.rest) {
            (Some(own), _) => match own? {
                own @ (Value::Str(_) | Value::Template(_)) => Ok(ev.identity(own)),
                _ => Ok(None),
            },
            (None, Some(rest)) => Err(Stop::Unknown(rest)),
            (None, None) => ev.error(ErrorKind::Throw, "a module to be disabled has no key"),
        },
        _ => ev.error(ErrorKind::Throw, "what is to be disabled is no module"),
    }
}

impl<'a> Universe<'a> {
    /// The directory below which `disabledModules` names modules, as a string; none where that is the root.
    fn modules_path(&self, ev: &Evaluator<'a>) -> Eval<'a, Option<Value<'a>>> {
        match (self.special.args.get(*names::MODULES_PATH), self.special.args.rest) {
            (Some(path), _) => ev.builtin("toString", &[path.value]).map(Some),
            // NixOS' own.
            (None, _) if self.is_host() || self.is_system() => {
                ev.force(ev.external(External::Nixpkgs, "modulesPath")).map(Some)
            }
            (None, Some(rest)) => Err(Stop::Unknown(rest)),
            (None, None) => Ok(None),
        }
    }
}
