//! The JSON Schema of `nixpact.toml`, for editors.

use nixpact_contract::ROLES;
use nixpact_lints::{CATALOGUE, Level, Lint, OptionKind};
use serde_json::{Map, Value, json};

/// The schema, in draft 7: what editors for TOML read.
pub fn schema() -> Value {
    let globs = || json!({ "type": "array", "items": { "type": "string" } });
    let table = |properties: Value| json!({ "type": "object", "additionalProperties": false, "properties": properties });
    let roles: Map<String, Value> = ROLES
        .iter()
        .map(|(_, role, names)| {
            let description = format!("The field that plays this role; else {}.", names.join(", "));
            ((*role).to_owned(), json!({ "type": "string", "description": description }))
        })
        .collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "nixpact.toml",
        "description": "What nixpact would otherwise find out for itself. Paths and globs are relative to the root.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "baseline": {
                "type": "string",
                "description": "The file with known findings, which are not reported."
            },
            "nixpkgs": {
                "type": "string",
                "description": "A checkout of nixpkgs that is read, for the options of NixOS and what nixpact's own lib does not have; or lock: the one that flake.lock pins, or npins, niv or lon, from the store."
            },
            "inputs": {
                "enum": ["lock"],
                "description": "Read the inputs that flake.lock pins, nixpkgs among them, and what files fetch by a hash, from the store."
            },
            "contract": table(json!({
                "option": { "type": "string", "description": "The option whose members are the services." },
                "schema": globs(),
                "modules": globs(),
                "legacy": { "type": "string", "description": "A second contract, which older services still use." },
                "deprecated": {
                    "type": "object",
                    "description": "Fields that are to be replaced, with the field that replaces each.",
                    "additionalProperties": { "type": "string" }
                }
            })),
            "roles": table(Value::Object(roles)),
            "middlewares": table(json!({ "from": globs(), "extra": globs() })),
            "conventions": conventions(),
            "hosts": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["modules"],
                    "properties": { "modules": globs() }
                }
            },
            "files": table(json!({ "exclude": globs() })),
            "limits": table(Value::Object(limits())),
            "lints": table(Value::Object(rules(lint_value))),
            "overrides": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["lints"],
                    "properties": {
                        "paths": globs(),
                        "hosts": { "type": "array", "items": { "type": "string" } },
                        "lints": table(Value::Object(rules(|_| level())))
                    }
                }
            }
        }
    })
}

fn conventions() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let texts = |description: &str| json!({ "type": "array", "items": { "type": "string" }, "description": description });
    json!({
        "type": "object",
        "additionalProperties": false,
        "description": "What the repository agreed on. What is absent is no convention.",
        "dependencies": { "check": ["test"] },
        "properties": {
            "module": text("The path of a service's module, with {category} and {service}."),
            "test": text("The path of a service's test, with {category} and {service}."),
            "check": text("The name of that test among the flake's checks, with {service}."),
            "secret": text("The name of a service's secret, with {service} and {credential}."),
            "sections": texts("The headings that a service module has, each in a comment."),
            "collector": texts("Globs: the files that go over all services."),
            "shared-fields": texts("Fields of another service that a module may read without depending on it."),
            "connections": text("The option below which the parts of the services' database connections stand."),
            "runtime": texts("Options that tell whether a service runs as a container; * stands for any name.")
        }
    })
}

fn limits() -> Map<String, Value> {
    [
        ("steps", "Calls and values computed, for each host and each file on its own."),
        ("depth", "Evaluations inside of each other."),
        ("memory", "Bytes that the evaluation takes."),
        ("string", "Bytes of a string that is put together."),
        ("list", "Members of a list that is put together."),
    ]
    .into_iter()
    .map(|(name, text)| {
        (name.to_owned(), json!({ "type": "integer", "minimum": 1, "description": text }))
    })
    .collect()
}

/// A property for each lint, each group and all of them.
fn rules(of_lint: impl Fn(&Lint) -> Value) -> Map<String, Value> {
    let mut rules = Map::new();
    rules.insert("all".to_owned(), level());
    for group in nixpact_lints::groups() {
        rules.insert(group.to_owned(), level());
    }
    for lint in CATALOGUE {
        let mut value = of_lint(lint);
        value["description"] = json!(lint.summary);
        rules.insert(lint.name.to_owned(), value);
    }
    rules
}

fn level() -> Value {
    json!({ "type": "string", "enum": Level::ALL.map(Level::as_str) })
}

/// A level, or a table with a level and the lint's options.
fn lint_value(lint: &Lint) -> Value {
    let mut properties = Map::new();
    properties.insert("level".to_owned(), level());
    for option in lint.options {
        let items = match option.kind {
            OptionKind::Strings => "string",
            OptionKind::Integers => "integer",
        };
        let value = json!({
            "type": "array", "items": { "type": items }, "description": option.summary
        });
        properties.insert(option.name.to_owned(), value);
    }
    let table =
        json!({ "type": "object", "additionalProperties": false, "properties": properties });
    json!({ "anyOf": [level(), table] })
}
