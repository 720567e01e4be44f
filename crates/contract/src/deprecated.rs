//! Fields of a contract that are to be replaced by others.

use nixpact_eval::Evaluator;
use nixpact_source::Span;

use crate::model::{Contract, Field, FieldDecl};
use crate::plain::name_places;
use crate::roles::{ROLES, Role};
use crate::settings::Settings;

/// A field that is to be replaced.
#[derive(Clone, PartialEq, Debug)]
pub struct DeprecatedField {
    pub field: String,
    pub instead: Option<String>,
    pub because: Because,
}

/// What says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Because {
    /// `deprecated` in the configuration.
    Configuration,
    /// The contract renames it (`mkRenamedOptionModule`).
    Renamed,
    /// Its description.
    Description,
    /// The contract has the same field in the plural.
    Plural,
}

/// A definition of such a field in a service.
#[derive(Clone, PartialEq, Debug)]
pub struct DeprecatedUse {
    /// The position in [`Contract::deprecated`].
    pub at: usize,
    /// Where the field's name is written.
    pub key: Span,
    /// Where it could be written anew: all places in this set, or none.
    pub names: Vec<Span>,
}

/// The fields among those of a contract, sorted by name, that are to be replaced.
pub(crate) fn fields(fields: &[FieldDecl], settings: &Settings) -> Vec<DeprecatedField> {
    let is_field = |name: &str| fields.iter().any(|field| field.name == name);
    let mut found: Vec<DeprecatedField> = settings
        .deprecated
        .iter()
        .map(|(field, instead)| DeprecatedField {
            field: field.clone(),
            instead: Some(instead.clone()),
            because: Because::Configuration,
        })
        .collect();
    for decl in fields.iter().filter(|decl| !settings.deprecated.contains_key(&decl.name)) {
        let description = decl.description.as_deref().unwrap_or_default();
        let (because, instead) = if decl.internal && description.starts_with(ALIAS) {
            (Because::Renamed, quoted(description).find(|name| is_field(name)))
        } else if says_so(description) {
            let other = |name: &&str| *name != decl.name && is_field(name);
            (Because::Description, quoted(description).find(other))
        } else if let Some(plural) = plural(&decl.name).filter(|plural| is_field(plural)) {
            (Because::Plural, Some(plural))
        } else {
            continue;
        };
        let (field, instead) = (decl.name.clone(), instead.map(str::to_owned));
        found.push(DeprecatedField { field, instead, because });
    }
    found.sort_by(|a, b| a.field.cmp(&b.field));
    found
}

/// How nixpkgs describes an option that was renamed; it is hidden, unlike a mere alias.
const ALIAS: &str = "Alias of {option}`";

/// Whether a description says it of the field itself, and not of what the field is about.
fn says_so(description: &str) -> bool {
    const WORDS: &[&str] =
        &["is deprecated", "(deprecated", "[deprecated", "deprecated:", "deprecated in favo"];
    let description = description.to_lowercase();
    let begins = description.trim_start_matches(['*', '_', ' ']).strip_prefix("deprecated");
    begins.is_some_and(|rest| !rest.starts_with(' ') || rest.contains("instead"))
        || WORDS.iter().any(|words| description.contains(words))
}

/// What stands in quotes or backticks, without an option's path before it.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(['`', '\'', '"']).skip(1).step_by(2);
    parts.map(|part| part.rsplit('.').next().unwrap_or(part))
}

/// The name in the plural, of a field that holds a list under either name.
fn plural(name: &str) -> Option<&'static str> {
    let roles =
        ROLES.iter().filter(|(role, ..)| matches!(role, Role::Middlewares | Role::Databases));
    let names = roles.flat_map(|(_, _, names)| names.iter().copied());
    names.into_iter().find(|plural| plural.strip_suffix('s') == Some(name))
}

/// The definitions of such fields in a service.
pub(crate) fn uses(
    ev: &Evaluator<'_>,
    contract: &Contract,
    fields: &[Field],
) -> Vec<DeprecatedUse> {
    let mut found = Vec::new();
    for (at, deprecated) in contract.deprecated.iter().enumerate() {
        let Some(field) = contract.field(&deprecated.field).and_then(|at| fields.get(at)) else {
            continue;
        };
        let mut keys: Vec<Span> = field.definitions.iter().filter_map(|it| it.key).collect();
        keys.sort_unstable();
        keys.dedup();
        found.extend(keys.into_iter().map(|key| {
            let names = name_places(ev, Some(key), &deprecated.field);
            DeprecatedUse { at, key, names }
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::says_so;

    #[test]
    fn a_description_speaks_of_its_field() {
        for text in [
            "Deprecated: use `middlewares`.",
            "Deprecated, use 'middlewares'.",
            "deprecated",
            "**Deprecated.** Gone soon.",
            "Deprecated field; use `middlewares` instead.",
            "This option is deprecated in favour of `middlewares`.",
            "Names of middlewares (deprecated).",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in ["", "Whether deprecated clients may log in.", "Deprecated ciphers to allow."] {
            assert!(!says_so(text), "{text}");
        }
    }
}
