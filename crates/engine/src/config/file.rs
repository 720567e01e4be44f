//! `nixpact.toml` as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub baseline: Option<String>,
    pub nixpkgs: Option<String>,
    pub inputs: Option<Inputs>,
    pub contract: Contract,
    pub roles: BTreeMap<Spanned<String>, String>,
    pub middlewares: Middlewares,
    pub conventions: Conventions,
    pub hosts: BTreeMap<String, HostTable>,
    pub files: Files,
    pub limits: Limits,
    pub lints: LintTable,
    pub overrides: Vec<Override>,
}

/// The inputs of the flake that are read.
#[derive(Deserialize, Debug)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Inputs {
    Lock,
}

/// A level, or a table with a level and options, by lint or group.
pub(super) type LintTable = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Contract {
    pub option: Option<Spanned<String>>,
    pub schema: Option<Vec<Spanned<String>>>,
    pub modules: Option<Vec<Spanned<String>>>,
    pub legacy: Option<Spanned<String>>,
    pub deprecated: BTreeMap<String, String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Middlewares {
    pub from: Vec<String>,
    pub extra: Vec<String>,
}

/// What the repository agreed on; what is absent is no convention.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Conventions {
    pub module: Option<Spanned<String>>,
    pub test: Option<Spanned<String>>,
    pub check: Option<Spanned<String>>,
    pub secret: Option<Spanned<String>>,
    pub sections: Vec<Spanned<String>>,
    pub collector: Option<Vec<Spanned<String>>>,
    pub shared_fields: Option<Vec<String>>,
    pub connections: Option<Spanned<String>>,
    pub runtime: Vec<Spanned<String>>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HostTable {
    pub modules: Vec<Spanned<String>>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Files {
    pub exclude: Vec<Spanned<String>>,
}

/// Bounds on the evaluation, in place of the usual ones.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub steps: Option<Spanned<u64>>,
    pub depth: Option<Spanned<u64>>,
    pub memory: Option<Spanned<u64>>,
    pub string: Option<Spanned<u64>>,
    pub list: Option<Spanned<u64>>,
}

/// Levels for some files or hosts.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    pub paths: Option<Vec<Spanned<String>>>,
    pub hosts: Option<Vec<String>>,
    pub lints: BTreeMap<Spanned<String>, Spanned<String>>,
}
