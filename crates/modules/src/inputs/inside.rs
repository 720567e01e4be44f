//! Inputs that lie in a directory of the repository: `tools.url = "path:./tools"`.
//!
//! They are a part of the tree of the flake that names them, as in Nix since 2.26; before, they were copies.

use std::cell::OnceCell;

use nixpact_eval::{Attr, Attrs, Eval, Evaluator, External, Piece, Reason, Thunk, Value};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;

use super::{
    NIXPKGS, declarations, evaluated, flake_file, is_nixpkgs, named_inputs, of_repository, value,
};
use crate::flakes;

/// A flake of the repository.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The names of inputs that lead to it from the repository's flake, with dots.
    name: &'a str,
    /// Relative to the repository's root, without a `/` at its end.
    directory: &'a str,
    /// What the flake that names it says of its inputs.
    overrides: Option<&'a Attrs<'a>>,
    /// The inputs of the flake that names it; none where that is the repository's own.
    around: Option<&'a Thunk<'a>>,
}

/// The value of an input of the repository's own flake.
pub(super) fn of_root<'a>(ev: &Evaluator<'a>, input: &Attr<'a>) -> Option<&'a Thunk<'a>> {
    inside(ev, "", input, input.name.as_str(), None)
}

/// The value of an input of a flake in the directory `base`; `name` is what it is called.
fn inside<'a>(
    ev: &Evaluator<'a>,
    base: &str,
    input: &Attr<'a>,
    name: &'a str,
    around: Option<&'a Thunk<'a>>,
) -> Option<&'a Thunk<'a>> {
    let declared = ev.force_closed_attrs(input.value).ok()?;
    let field = |name: &str| declared.get(Symbol::new(name)).map(|attr| ev.force(attr.value));
    let url = match (field("url"), field("type"), field("path")) {
        (Some(Ok(Value::Str(url))), None, None) => url,
        (None, Some(Ok(Value::Str("path"))), Some(Ok(Value::Str(path)))) => path,
        _ => return None,
    };
    let directory: &'a str = ev.arena.alloc_str(&below(base, url)?);
    let overrides = match field("inputs") {
        None => None,
        Some(Ok(Value::Attrs(inputs))) => Some(inputs),
        Some(_) => return None,
    };
    match field("flake") {
        None | Some(Ok(Value::Bool(true))) => {
            let file = ev.import_id(ev.arena.alloc_str(&flake_file(directory))).ok()?;
            let place = Place { name, directory, overrides, around };
            let own: &OnceCell<&'a Thunk<'a>> = ev.arena.alloc(OnceCell::new());
            let value = ev.lazy(move |ev| flake(ev, place, file, own).map(Value::Attrs));
            let _ = own.set(value);
            Some(value)
        }
        Some(Ok(Value::Bool(false))) => {
            let path = ev.value(Value::Path(directory));
            matches!(ev.builtin("pathExists", &[path]), Ok(Value::Bool(true)))
                .then(|| ev.lazy(move |ev| Ok(Value::Attrs(source(ev, name, directory)))))
        }
        Some(_) => None,
    }
}

/// The directory that a relative path leads to, relative to the root; `None` for what may lie elsewhere.
fn below(base: &str, url: &str) -> Option<String> {
    let path = match url.strip_prefix("path:") {
        Some(path) => path,
        None if url.starts_with("./") => url,
        None => return None,
    };
    if path.starts_with('/') || path.contains(['?', '#', '%']) {
        return None;
    }
    let mut found: Vec<&str> = base.split('/').filter(|name| !name.is_empty()).collect();
    let depth = found.len();
    found.extend(path.split('/').filter(|name| !matches!(*name, "" | ".")));
    // It names no flake around it, which would name it in turn.
    (found.len() > depth && !found.contains(&"..")).then(|| found.join("/"))
}

/// What every input has that is a directory.
fn source<'a>(ev: &Evaluator<'a>, name: &'a str, directory: &'a str) -> &'a Attrs<'a> {
    let pieces = ev.arena.alloc_slice_copy(&[Piece::Location(directory)]);
    let path = ev.attr("outPath", ev.value(Value::Template(pieces)));
    let rest = ev.unknown_ref(Reason::External(External::Input, name), None);
    ev.open_attrs(vec![path], Some(rest))
}

fn flake<'a>(
    ev: &Evaluator<'a>,
    place: Place<'a>,
    file: FileId,
    own: &'a OnceCell<&'a Thunk<'a>>,
) -> Eval<'a, &'a Attrs<'a>> {
    let flake = ev.force_attrs(ev.file(file))?;
    let inputs: &OnceCell<&'a Thunk<'a>> = ev.arena.alloc(OnceCell::new());
    let all = ev.lazy(move |ev| Ok(Value::Attrs(inputs_of(ev, place, flake, own, inputs))));
    let _ = inputs.set(all);
    let whole = ev.value(Value::Attrs(source(ev, place.name, "")));
    let own = source(ev, place.name, place.directory).unordered().to_vec();
    evaluated(
        ev,
        place.name,
        (file, flake),
        all,
        [&[ev.attr("sourceInfo", whole)], &own[..]].concat(),
    )
}

/// What its `outputs` is called with.
fn inputs_of<'a>(
    ev: &Evaluator<'a>,
    place: Place<'a>,
    flake: &'a Attrs<'a>,
    own: &'a OnceCell<&'a Thunk<'a>>,
    inputs: &'a OnceCell<&'a Thunk<'a>>,
) -> &'a Attrs<'a> {
    let declared = declarations(ev, flake);
    let named = named_inputs(ev, flake);
    let is_known = declared.is_some() && named.is_some();
    let declared = declared.map(Attrs::unordered).unwrap_or_default();
    let mut entries: Vec<Attr<'a>> =
        own.get().map(|own| ev.attr("self", own)).into_iter().collect();
    let undeclared = |name: &Symbol| Attr {
        name: *name,
        value: ev.value(Value::Attrs(ev.attrs(Vec::new()))),
        span: None,
    };
    let named = named.unwrap_or_default().iter().map(undeclared);
    for input in declared.iter().copied().chain(named) {
        if entries.iter().all(|entry| entry.name != input.name) {
            let value = input_of(ev, place, (declared, &input), inputs);
            entries.push(ev.attr(input.name.as_str(), value));
        }
    }
    let text = ev.arena.alloc_str(&format!("{}.inputs", place.name));
    let rest = ev.unknown_ref(Reason::External(External::Input, text), None);
    ev.open_attrs(entries, (!is_known).then_some(rest))
}

fn input_of<'a>(
    ev: &Evaluator<'a>,
    place: Place<'a>,
    (declared, input): (&'a [Attr<'a>], &Attr<'a>),
    inputs: &'a OnceCell<&'a Thunk<'a>>,
) -> &'a Thunk<'a> {
    let name = input.name.as_str();
    let selected = |inputs: &'a Thunk<'a>, name: &'a str| {
        ev.lazy(move |ev| match ev.select(ev.force(inputs)?, Symbol::new(name))? {
            Some(input) => ev.force(input),
            None => ev.force(ev.external(External::Input, name)),
        })
    };
    let text: &'a str = ev.arena.alloc_str(&format!("{}.inputs.{name}", place.name));
    let away = || {
        let kind = if name.starts_with(NIXPKGS) { External::Nixpkgs } else { External::Input };
        ev.external(kind, text)
    };
    // What the flake around it says of an input comes first, unless that is about inputs of it.
    let given = place.overrides.and_then(|all| all.get(input.name)).filter(|given| {
        let attrs = ev.force_attrs(given.value);
        attrs.is_ok_and(|it| {
            ["url", "follows", "type"].iter().any(|name| it.get(Symbol::new(name)).is_some())
        })
    });
    let own = given.is_none().then_some(input);
    if let Some(other) = given.and_then(|given| flakes::follows(ev, given)) {
        return match (other, place.around) {
            (other, _) if other.is_empty() || other.contains('/') => away(),
            (other, None) => of_repository(ev, other),
            (other, Some(around)) => selected(around, other),
        };
    }
    if let Some(other) = own.and_then(|own| flakes::follows(ev, own)) {
        return match inputs.get() {
            Some(inputs) if !other.is_empty() && !other.contains('/') => selected(inputs, other),
            _ => away(),
        };
    }
    let input = given.unwrap_or(input);
    let path: &'a str = ev.arena.alloc_str(&format!("{}.{name}", place.name));
    if let Some(at) = ev.input_at_hand(Symbol::new(path)) {
        return value(ev, at);
    }
    if is_nixpkgs(ev, input) {
        return ev.external(External::Nixpkgs, text);
    }
    // A path that the flake around it gives is relative to that.
    let base = if own.is_some() { Some(place.directory) } else { None };
    base.and_then(|base| inside(ev, base, input, path, inputs.get().copied()))
        .or_else(|| flakes::known(ev, declared, input, text, false))
        .unwrap_or_else(away)
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_directory_is_one_below_the_flake() {
        for (base, url, expected) in [
            ("", "path:./tools", Some("tools")),
            ("", "./tools/", Some("tools")),
            ("", "path:tools/a", Some("tools/a")),
            ("tools", "path:./a/./b", Some("tools/a/b")),
            ("", "path:.", None),
            ("", "path:/srv/tools", None),
            ("tools", "path:../other", None),
            ("tools", "path:./../tools", None),
            ("", "path:./tools?dir=a", None),
            ("", "github:x/tools", None),
            ("", "tools", None),
        ] {
            assert_eq!(below(base, url).as_deref(), expected, "{base} {url}");
        }
    }
}
