//! Damages to the contract of one service.

use nixpact_contract::{Datum, Role, Service};

use crate::Kind;
use crate::base::{Base, Mutant};
use crate::style::{Rng, definition, int, string};

pub const KINDS: &[Kind] = &[
    Kind { lint: "missing-required-field", damage: forget },
    Kind { lint: "unknown-field", damage: misspell },
    Kind { lint: "wrong-field-type", damage: mistype },
    Kind { lint: "wrong-field-type", damage: misspell_member },
    Kind { lint: "suspicious-default", damage: answer_nothing },
    Kind { lint: "conflicting-definition", damage: define_again },
    Kind { lint: "duplicate-database", damage: share_database },
    Kind { lint: "disabled-dependency", damage: depend_on_disabled },
    Kind { lint: "disabled-dependency", damage: switch_off },
];

const REQUIRED: &[&str] = &["port", "persistedData", "backupDirectories"];

fn forget(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let field = base.field(service, rng.pick(REQUIRED)?)?;
    let binding = base.binding(base.own(service, field)?)?;
    let name = service.span?;
    let edit = crate::base::Edit {
        path: base.path(field.definitions[0].value?).to_owned(),
        range: binding,
        text: String::new(),
    };
    let at = (base.path(name).to_owned(), name.start as usize..name.end as usize);
    Some(Mutant { edits: vec![edit], at, also: &[] })
}

fn misspell(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let (at, decl) = {
        let at = rng.below(0..base.contract().fields.len());
        (at, &base.contract().fields[at])
    };
    let key = base.own(service, &service.fields[at])?.key?;
    let letter = rng.below(0..decl.name.len());
    let wrong = format!("{}{}", &decl.name[..letter], &decl.name[letter + 1..]);
    if base.contract().field(&wrong).is_some() || wrong.len() < 2 {
        return None;
    }
    let is_plain = wrong.starts_with(|first: char| first.is_ascii_alphabetic());
    // What a helper has for all of its services counts again: their dependency, for the dependency itself.
    let also = &["missing-required-field", "dependency-cycle"];
    let mutant = Mutant::new(base.replace(key, wrong)).also(also);
    is_plain.then_some(mutant)
}

fn mistype(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    const WRONG: &[(&str, &str)] = &[
        ("port", "[8080]"),
        ("port", "true"),
        ("exposed", "1"),
        ("subdomain", "{ }"),
        ("backupDirectories", "\"/var/lib/x\""),
        ("dependsOn", "\"postgresql\""),
        ("middlewares", "[1]"),
        ("description", "[]"),
        ("type", "7"),
    ];
    let service = base.enabled(rng)?;
    let (name, wrong) = *rng.pick(WRONG)?;
    let value = base.own(service, base.field(service, name)?)?.value?;
    let text = match wrong {
        "true" => string(rng, "8080"),
        _ => wrong.to_owned(),
    };
    Some(Mutant::new(base.replace(value, definition(rng, &text))))
}

fn misspell_member(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    const WRONG: &[&str] = &["publik", "privat", "admins", "intern", ""];
    let service = base.enabled(rng)?;
    let value = base.own(service, base.role(service, Role::Type)?)?.value?;
    let wrong = rng.pick(WRONG).copied()?;
    let wrong = string(rng, wrong);
    Some(Mutant::new(base.replace(value, definition(rng, &wrong))))
}

fn answer_nothing(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let value = base.own(service, base.role(service, Role::Port)?)?.value?;
    let nothing = int(rng, 0);
    Some(Mutant::new(base.replace(value, definition(rng, &nothing))))
}

/// A second definition of the same priority in the settings.
fn define_again(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let field = base.role(service, Role::Port)?;
    let value = base.own(service, field)?.value?;
    let is_plain = base.text(base.path(value))[value.start as usize..value.end as usize]
        .bytes()
        .all(|byte| byte.is_ascii_digit());
    let other = field.value.as_int()? + 1 + rng.below(0..50) as i64;
    let text = int(rng, other);
    let line = format!("  qgroget.serviceModules.{}.port = {text};", name(service));
    is_plain.then(|| Mutant::new(base.module(&line)))
}

fn name(service: &Service) -> String {
    nixpact_contract::attribute_name(&service.name).to_string()
}

/// The name of another service's database of the same type.
fn share_database(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let all: Vec<_> = base
        .host()
        .enabled()
        .flat_map(|service| {
            let databases = base.role(service, Role::Databases).map(|field| field.value.items());
            databases.unwrap_or_default().iter().map(move |database| (service, database))
        })
        .collect();
    let (one, database) = rng.pick(&all)?;
    let (other, taken) = rng.pick(&all)?;
    let own = database.get("name")?;
    let same = database.get("type")?.as_str() == taken.get("type")?.as_str();
    let span = own.span.filter(|_| own.is_literal && same && one.name != other.name)?;
    let path = base.path(span);
    let is_own = path.ends_with(&format!("/{}/default.nix", one.name));
    let text = string(rng, taken.get("name")?.as_str()?);
    is_own.then(|| Mutant::new(base.replace(span, text)))
}

fn depend_on_disabled(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let field = base.role(service, Role::DependsOn)?;
    let value = base.own(service, field)?.value?;
    let Datum::List { items, rest: None } = &field.value.datum else { return None };
    let disabled = string(rng, "nicotine");
    let mut names: Vec<String> =
        items.iter().filter_map(|it| it.as_str()).map(|name| format!("\"{name}\"")).collect();
    names.insert(rng.below(0..names.len() + 1), disabled);
    let list = format!("[{}]", names.join(" "));
    Some(Mutant::new(base.replace(value, definition(rng, &list))))
}

/// A service on which others depend is switched off in the settings of the host.
fn switch_off(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let dependent = base.host().enabled().find_map(|other| {
        let field = base.role(other, Role::DependsOn)?;
        let member = field.value.items().iter().find(|it| it.as_str() == Some(&service.name))?;
        member.span.filter(|span| base.path(*span).contains(&other.name))
    })?;
    let line = format!("  qgroget.serviceModules.{}.enable = lib.mkForce false;", name(service));
    let at = (base.path(dependent).to_owned(), dependent.start as usize..dependent.end as usize);
    Some(Mutant { edits: vec![base.module(&line)], at, also: &[] })
}
