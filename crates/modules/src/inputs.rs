//! The inputs of a flake, and the values of those that are at hand (`call-flake.nix` of Nix).

mod inside;

use nixpact_eval::{
    Attr, Attrs, Eval, Evaluator, External, Input, InputOf, Piece, Reason, SOURCE_INFO, Stop,
    Thunk, Value,
};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;

use crate::flakes::{self, flake_parts, repository};

const NIXPKGS: &str = "nixpkgs";

/// What a flake's `outputs` is called with: `self` is the repository, everything else comes from outside.
/// Inputs that its arguments name need not be declared: they come from the registry.
pub(crate) fn flake_inputs<'a>(ev: &Evaluator<'a>, flake: &'a Attrs<'a>) -> &'a Thunk<'a> {
    let declared = declared_inputs(ev, flake, true);
    ev.lazy(move |ev| {
        let path = ev.value(Value::Template(ev.arena.alloc_slice_copy(&[Piece::Location("")])));
        let inputs = without_self(ev, ev.lazy(move |ev| ev.force(flake_inputs(ev, flake))));
        let rest = ev.unknown_ref(Reason::External(External::Itself, "self"), None);
        let itself = vec![ev.attr("outPath", path), ev.attr("inputs", inputs)];
        let itself = ev.value(Value::Attrs(ev.known_in_part(itself, rest)));
        let mut entries = vec![ev.attr("self", itself)];
        entries.extend_from_slice(declared.unwrap_or_default());
        let named = named_inputs(ev, flake);
        for name in named.unwrap_or(&[Symbol::new(NIXPKGS)]) {
            if entries.iter().any(|entry| entry.name == *name) {
                continue;
            }
            let value = match flakes::registered(ev, *name) {
                Some(flake) => flake,
                None if name.as_str() == NIXPKGS => ev.external(External::Nixpkgs, NIXPKGS),
                None => ev.external(External::Input, name.as_str()),
            };
            entries.push(ev.attr(name.as_str(), value));
        }
        let rest = ev.unknown_ref(Reason::External(External::Input, "inputs"), None);
        let is_known = declared.is_some() && named.is_some();
        Ok(Value::Attrs(ev.open_attrs(entries, (!is_known).then_some(rest))))
    })
}

/// The `inputs` that a flake has of what its `outputs` is called with.
fn without_self<'a>(ev: &Evaluator<'a>, inputs: &'a Thunk<'a>) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let own = ev.value(ev.list(&[ev.value(Value::Str("self"))]));
        ev.builtin("removeAttrs", &[inputs, own])
    })
}

/// A flake's `inputs`; `None` where not all of them are known.
fn declarations<'a>(ev: &Evaluator<'a>, flake: &'a Attrs<'a>) -> Option<&'a Attrs<'a>> {
    match (flake.get(Symbol::new("inputs")), flake.rest) {
        (Some(inputs), _) => ev.force_closed_attrs(inputs.value).ok(),
        (None, Some(_)) => None,
        (None, None) => Some(ev.attrs(Vec::new())),
    }
}

/// More inputs that follow one another are not looked at.
const MAX_FOLLOWED: usize = 8;

/// The arguments that `outputs` names; `None` where they are not known.
fn named_inputs<'a>(ev: &Evaluator<'a>, flake: &'a Attrs<'a>) -> Option<&'a [Symbol]> {
    let outputs = flake.get(Symbol::new("outputs"))?;
    let Ok(Value::Attrs(names)) = ev.builtin("functionArgs", &[outputs.value]) else { return None };
    let names = names.sorted().into_iter().map(|name| name.name).collect::<Vec<_>>();
    Some(ev.arena.alloc_slice_copy(&names))
}

/// The inputs that a flake names; `None` where they are not known. Those that are at hand are the inputs of
/// the repository's own flake.
pub(crate) fn declared_inputs<'a>(
    ev: &Evaluator<'a>,
    flake: &'a Attrs<'a>,
    is_own: bool,
) -> Option<&'a [Attr<'a>]> {
    let inputs = declarations(ev, flake)?;
    let followed = |input: &Attr<'a>| followed(ev, inputs, input);
    let own = inputs.sorted().into_iter().filter(|input| followed(input).is_none());
    let versions = own.filter(|input| is_nixpkgs(ev, input));
    let versions: Vec<Symbol> = versions.map(|input| input.name).collect();
    ev.note_nixpkgs_inputs(&versions);
    // `inputs.self.submodules = true` says how the flake itself is fetched.
    let others = inputs.unordered().iter().filter(|input| input.name.as_str() != "self");
    let known = others.map(|input| {
        let text = input.name.as_str();
        let value = match versions.contains(&input.name) {
            true => ev.external(External::Nixpkgs, text),
            false => is_own
                .then(|| own_input(ev, input))
                .flatten()
                .or_else(|| flakes::known(ev, inputs.unordered(), input, text, is_own))
                .unwrap_or_else(|| ev.external(External::Input, text)),
        };
        Attr { value, ..*input }
    });
    let mut values: Vec<Attr<'a>> = known.collect();
    for at in 0..values.len() {
        let other = inputs.get(values[at].name).and_then(followed);
        let other = other.and_then(|name| values.iter().find(|input| input.name == name));
        if let Some(other) = other {
            values[at].value = other.value;
        }
    }
    Some(ev.arena.alloc_slice_copy(&values))
}

/// The input of the same flake that another one is, `nixpkgs-lib.follows = "nixpkgs"`.
fn followed<'a>(ev: &Evaluator<'a>, inputs: &Attrs<'a>, input: &Attr<'a>) -> Option<Symbol> {
    let follows = |name: Symbol| {
        let other = flakes::follows(ev, inputs.get(name)?)?;
        inputs.get(Symbol::new(other)).map(|other| other.name)
    };
    // Each may follow the next one, and Nix refuses circles.
    let mut found = None;
    for _ in 0..MAX_FOLLOWED {
        match follows(found.unwrap_or(input.name)) {
            Some(next) => found = Some(next),
            None => return found,
        }
    }
    None
}

/// Whether an input is a version of nixpkgs, by its name or by where it comes from.
fn is_nixpkgs<'a>(ev: &Evaluator<'a>, input: &Attr<'a>) -> bool {
    let is_named = input.name.as_str().starts_with(NIXPKGS) || input.name.as_str() == "unstable";
    let url = || {
        let attrs = ev.force_attrs(input.value).ok()?;
        ev.force_str(attrs.get(Symbol::new("url"))?.value).ok()
    };
    let Some(url) = url().map(str::to_ascii_lowercase) else { return is_named };
    match repository(&url) {
        // That of FlakeHub, and the old one.
        Some((_, "nixpkgs-channels" | "nixpkgs-weekly")) => true,
        // What is called after nixpkgs, such as nixpkgs-wayland.
        Some((_, name)) if name.starts_with("nixpkgs-") => false,
        _ if is_named => true,
        _ => url.contains("nixos/nixpkgs") || url.contains("nixpkgs.git") || url == NIXPKGS,
    }
}

/// The value of an input of the repository's flake that is at hand, or lies in the repository.
fn own_input<'a>(ev: &Evaluator<'a>, input: &Attr<'a>) -> Option<&'a Thunk<'a>> {
    let at_hand = ev.input_at_hand(input.name);
    let at_hand = |is_locked| {
        let at = at_hand.filter(|at| ev.is_locked_input(*at) == is_locked)?;
        Some(value(ev, at))
    };
    // What is named takes its place, as `--override-input` has it; what the lock file pins is a copy of it.
    at_hand(false).or_else(|| inside::of_root(ev, input)).or_else(|| at_hand(true))
}

/// The value of an input at hand.
fn value<'a>(ev: &Evaluator<'a>, at: usize) -> &'a Thunk<'a> {
    let make = |input: &'a Input| ev.lazy(move |ev| result(ev, at, input).map(Value::Attrs));
    ev.input(at, make).unwrap_or_else(|| ev.external(External::Input, "inputs"))
}

fn result<'a>(ev: &Evaluator<'a>, at: usize, input: &'a Input) -> Eval<'a, &'a Attrs<'a>> {
    let place = |path: &str| {
        let pieces = [Piece::Location(ev.path_of_input(input, path))];
        ev.value(Value::Template(ev.arena.alloc_slice_copy(&pieces)))
    };
    let text = ev.arena.alloc_str(&input.name);
    let rest = ev.unknown_ref(Reason::External(External::Input, text), None);
    let source = ev.open_attrs(vec![ev.attr("outPath", place(""))], Some(rest));
    let source = ev.attr("sourceInfo", ev.value(Value::Attrs(source)));
    let Some(directory) = &input.flake else {
        return Ok(ev.open_attrs(vec![ev.attr("outPath", place("")), source], Some(rest)));
    };
    let file = ev.import_id(ev.path_of_input(input, &flake_file(directory)))?;
    let flake = ev.force_attrs(ev.file(file))?;
    let inputs = ev.lazy(move |ev| Ok(Value::Attrs(inputs_of(ev, at, input, flake))));
    let places = vec![source, ev.attr("outPath", place(directory))];
    evaluated(ev, text, (file, flake), inputs, places)
}

/// The value of the flake in `file`, called with `inputs`; `places` say where it lies, and `name` is what it is called.
fn evaluated<'a>(
    ev: &Evaluator<'a>,
    name: &'a str,
    (file, flake): (FileId, &'a Attrs<'a>),
    inputs: &'a Thunk<'a>,
    places: Vec<Attr<'a>>,
) -> Eval<'a, &'a Attrs<'a>> {
    let Some(function) = ev.select(Value::Attrs(flake), Symbol::new("outputs"))? else {
        return ev.error(
            nixpact_eval::ErrorKind::MissingAttribute,
            format!("the flake of the input '{name}' lacks attribute 'outputs'"),
        );
    };
    let rest = ev.unknown_ref(Reason::External(External::Input, name), None);
    let outputs = outputs(ev, function, inputs, file);
    let all = ev.force_attrs(outputs)?;
    let is_output = |attr: &&Attr<'a>| !SOURCE_INFO.contains(&attr.name.as_str());
    let known = all.unordered().iter().filter(is_output).copied().collect();
    let known = ev.open_attrs(known, Some(all.rest.unwrap_or(rest)));
    let mut own = places;
    own.extend([
        ev.attr("inputs", without_self(ev, inputs)),
        ev.attr("outputs", outputs),
        ev.attr("_type", ev.value(Value::Str("flake"))),
    ]);
    Ok(ev.update_attrs(known, ev.attrs(own)))
}

/// What the `outputs` of the flake in `file` gives.
pub(crate) fn outputs<'a>(
    ev: &Evaluator<'a>,
    function: &'a Thunk<'a>,
    inputs: &'a Thunk<'a>,
    file: FileId,
) -> &'a Thunk<'a> {
    ev.lazy(move |ev| match ev.accepted(ev.apply(function, &[inputs])) {
        Err(Stop::Unknown(call)) => flake_parts::outputs(ev, call, file),
        other => other,
    })
}

/// The `flake.nix` in a directory.
pub(crate) fn flake_file(directory: &str) -> String {
    match directory {
        "" => "flake.nix".to_owned(),
        directory => format!("{directory}/flake.nix"),
    }
}

/// What the `outputs` of an input's flake is called with.
fn inputs_of<'a>(
    ev: &Evaluator<'a>,
    at: usize,
    input: &'a Input,
    flake: &'a Attrs<'a>,
) -> &'a Attrs<'a> {
    let text = |name: &str| format!("{}.inputs.{name}", input.name);
    let mut entries = vec![ev.attr("self", value(ev, at))];
    for (name, of) in &input.inputs {
        let value = match of {
            InputOf::AtHand(at) => value(ev, *at),
            InputOf::Repository(name) => of_repository(ev, name),
            InputOf::Nixpkgs => ev.external(External::Nixpkgs, &text(name)),
            InputOf::Away(origin) => {
                let text = ev.arena.alloc_str(&text(name));
                let known = flakes::of_input(ev, origin, text);
                known.unwrap_or_else(|| ev.external(External::Input, text))
            }
        };
        entries.push(ev.attr(name, value));
    }
    if input.is_locked {
        return ev.attrs(entries);
    }
    let named = named_inputs(ev, flake).unwrap_or_default();
    let declared = declarations(ev, flake);
    if let Some(declared) = declared {
        let own = Symbol::new("self");
        entries.retain(|Attr { name, .. }| {
            *name == own || declared.get(*name).is_some() || named.contains(name)
        });
    }
    let declared = declared.map(Attrs::unordered).unwrap_or_default();
    for name in declared.iter().map(|input| &input.name).chain(named) {
        if entries.iter().any(|entry| entry.name == *name) {
            continue;
        }
        let text = ev.arena.alloc_str(&text(name.as_str()));
        let is_nixpkgs = name.as_str().starts_with(NIXPKGS);
        let kind = if is_nixpkgs { External::Nixpkgs } else { External::Input };
        let of_flake = declared.iter().find(|input| input.name == *name && !is_nixpkgs);
        let value = of_flake.and_then(|input| flakes::known(ev, declared, input, text, false));
        entries.push(ev.attr(name.as_str(), value.unwrap_or_else(|| ev.external(kind, text))));
    }
    let text = ev.arena.alloc_str(&format!("{}.inputs", input.name));
    ev.open_attrs(entries, Some(ev.unknown_ref(Reason::External(External::Input, text), None)))
}

/// An input of the repository's flake, which another one follows.
fn of_repository<'a>(ev: &Evaluator<'a>, name: &'a str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let flake = ev.import_id("flake.nix").map(|flake| ev.file(flake));
        let flake = flake.and_then(|flake| ev.force_attrs(flake))?;
        let declared = declared_inputs(ev, flake, true).unwrap_or_default();
        match declared.iter().find(|input| input.name.as_str() == name) {
            Some(input) => ev.force(input.value),
            None => ev.force(ev.external(External::Input, name)),
        }
    })
}
