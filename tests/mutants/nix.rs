//! Damages for which Nix refuses a file or an option.

use nixpact_contract::Role;

use crate::Kind;
use crate::base::{Base, Edit, Mutant};
use crate::style::{Rng, int};

pub const KINDS: &[Kind] = &[
    Kind { lint: "duplicate-attribute", damage: write_twice },
    Kind { lint: "undefined-variable", damage: name_nothing },
    Kind { lint: "syntax-error", damage: forget_semicolon },
    Kind { lint: "undeclared-option", damage: define_undeclared },
    Kind { lint: "invalid-option", damage: declare_wrongly },
];

fn write_twice(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let at = rng.below(0..service.fields.len());
    let definition = base.own(service, &service.fields[at])?;
    let binding = base.binding(definition)?;
    let path = base.path(definition.value?).to_owned();
    let again = base.text(&path)[binding.clone()].to_owned();
    // Two sets are one.
    let is_set = matches!(service.fields[at].value.datum, nixpact_contract::Datum::Attrs { .. });
    let edit = Edit { path, range: binding.end..binding.end, text: format!("\n{again}") };
    (!is_set).then(|| Mutant::new(edit).also(EVERYTHING))
}

/// What is not evaluated is not known to be there.
const EVERYTHING: &[&str] = &["missing-required-field", "conflicting-definition"];

fn name_nothing(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let value = base.own(service, base.role(service, Role::Port)?)?.value?;
    // What a `with` may bind is not known to be bound by nothing.
    if base.text(base.path(value)).contains("with ") {
        return None;
    }
    let text = match rng.below(0..4) {
        0 => "webPrt".to_owned(),
        1 => "(nothing.port + 1)".to_owned(),
        2 => "lib.mkForce nowhere".to_owned(),
        _ => format!("(f: f {}) undefinedFunction", int(rng, 8080)),
    };
    Some(Mutant::new(base.replace(value, text)))
}

fn forget_semicolon(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let at = rng.below(0..service.fields.len());
    let definition = base.own(service, &service.fields[at])?;
    let binding = base.binding(definition)?;
    let path = base.path(definition.value?).to_owned();
    let text = base.text(&path);
    // The parser stumbles over what comes next: somewhere in the rest of the file.
    let edit =
        Edit { path: path.clone(), range: binding.end - 1..binding.end, text: String::new() };
    let at = (path, binding.start..text.len());
    Some(Mutant { edits: vec![edit], at, also: &[] })
}

fn define_undeclared(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let path =
        rng.pick(&["server.domian", "servr.domain", "traefik.certResolvr", "backup.x.paths"])?;
    Some(Mutant::new(base.module(&format!("  qgroget.{path} = \"x\";"))))
}

fn declare_wrongly(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    const CALL: &str = "mkOption {";
    let path = "modules/server/options.nix";
    let calls: Vec<usize> = base.text(path).match_indices(CALL).map(|(at, _)| at).collect();
    let end = *rng.pick(&calls)? + CALL.len();
    let argument =
        rng.pick(&["typ = null;", "defautl = 1;", "required = true;", "exmple = { };"])?;
    let edit = Edit { path: path.to_owned(), range: end..end, text: format!(" {argument}") };
    Some(Mutant::new(edit))
}
