//! `nixpact.toml`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use nixpact_contract::{HostSettings, ROLES, Role, Settings};
use nixpact_lints::{Level, Lint};
use serde::Deserialize;
use toml::Spanned;

/// The configuration, checked.
#[derive(Debug, Default)]
pub struct Config {
    contract: Contract,
    roles: BTreeMap<Role, String>,
    middlewares: Middlewares,
    hosts: BTreeMap<String, HostTable>,
    exclude: GlobSet,
    levels: BTreeMap<&'static str, Level>,
}

/// Why a configuration cannot be used.
#[derive(Debug)]
pub struct ConfigError {
    pub path: PathBuf,
    /// 1-based; absent when the file as a whole is meant.
    pub line: Option<usize>,
    pub problem: String,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        write!(out, ": {}", self.problem)
    }
}

impl std::error::Error for ConfigError {}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    contract: Contract,
    roles: BTreeMap<Spanned<String>, String>,
    middlewares: Middlewares,
    hosts: BTreeMap<String, HostTable>,
    files: Files,
    lints: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
struct Contract {
    option: Option<String>,
    schema: Option<Vec<String>>,
    modules: Option<Vec<String>>,
    legacy: Option<String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
struct Middlewares {
    from: Vec<String>,
    extra: Vec<String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
struct HostTable {
    modules: Vec<String>,
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, default)]
struct Files {
    exclude: Vec<Spanned<String>>,
}

/// Where services are looked for without configuration.
const DEFAULT_MODULES: &[&str] = &["modules/server/**/default.nix"];
const DEFAULT_SCHEMA: &[&str] = &["modules/server/options.nix"];

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or has a key or value that means nothing; the message names it, its
    /// line and the nearest that does.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError {
            path: path.to_owned(),
            line: None,
            problem: format!("cannot be read: {error}"),
        })?;
        Config::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
        let error = |at: Option<usize>, problem: String| ConfigError {
            path: path.to_owned(),
            line: at.map(|at| text[..at.min(text.len())].matches('\n').count() + 1),
            problem,
        };
        let file: File = toml::from_str(text).map_err(|problem| {
            error(problem.span().map(|span| span.start), problem.message().to_owned())
        })?;
        let mut roles = BTreeMap::new();
        for (key, field) in file.roles {
            let role = ROLES.iter().find(|(_, name, _)| *name == key.get_ref().as_str());
            let Some((role, ..)) = role else {
                let known: Vec<&str> = ROLES.iter().map(|(_, name, _)| *name).collect();
                let problem =
                    format!("unknown role '{}'; the roles are {}", key.get_ref(), known.join(", "));
                return Err(error(Some(key.span().start), problem));
            };
            roles.insert(*role, field);
        }
        let mut levels = BTreeMap::new();
        for (name, level) in file.lints {
            let lint = lint(name.get_ref())
                .map_err(|problem| error(Some(name.span().start), problem))?;
            let level = parse_level(level.get_ref())
                .map_err(|problem| error(Some(level.span().start), problem))?;
            levels.insert(lint.name, level);
        }
        let mut exclude = GlobSetBuilder::new();
        for glob in &file.files.exclude {
            let compiled = GlobBuilder::new(glob.get_ref()).literal_separator(true).build();
            exclude.add(compiled.map_err(|problem| {
                error(Some(glob.span().start), format!("invalid glob: {}", problem.kind()))
            })?);
        }
        let exclude = exclude.build().map_err(|problem| error(None, problem.to_string()))?;
        let File { contract, middlewares, hosts, .. } = file;
        Ok(Config { contract, roles, middlewares, hosts, exclude, levels })
    }

    /// Whether a file is left out; `path` is relative to the root.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.is_match(path)
    }

    /// The level of a lint.
    pub fn level(&self, lint: &Lint) -> Level {
        self.levels.get(lint.name).copied().unwrap_or(lint.level)
    }

    /// What concerns the contract, with globs resolved among `files`, paths relative to the root.
    pub fn settings<'f>(&self, files: impl Iterator<Item = &'f str> + Clone) -> Settings {
        let matching = |globs: Vec<&str>| {
            let mut set = GlobSetBuilder::new();
            for glob in globs {
                // A glob that is none matches nothing, as a path that is none does.
                if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
                    set.add(glob);
                }
            }
            let set = set.build().unwrap_or_default();
            files.clone().filter(|file| set.is_match(file)).map(str::to_owned).collect()
        };
        let or = |configured: &'_ Option<Vec<String>>, default: &[&'static str]| match configured {
            Some(globs) => matching(globs.iter().map(String::as_str).collect()),
            None => matching(default.to_vec()),
        };
        let path = |option: &String| option.split('.').map(str::to_owned).collect();
        Settings {
            option: self.contract.option.as_ref().map(path),
            legacy: self.contract.legacy.as_ref().map(path),
            schema: or(&self.contract.schema, DEFAULT_SCHEMA),
            modules: or(&self.contract.modules, DEFAULT_MODULES),
            modules_given: self.contract.modules.is_some(),
            roles: self.roles.clone(),
            middlewares_from: self.middlewares.from.iter().map(path).collect(),
            middlewares_extra: self.middlewares.extra.clone(),
            hosts: self
                .hosts
                .iter()
                .map(|(name, host)| {
                    let modules = matching(host.modules.iter().map(String::as_str).collect());
                    (name.clone(), HostSettings { modules })
                })
                .collect(),
        }
    }
}

fn lint(name: &str) -> Result<&'static Lint, String> {
    nixpact_lints::find(name).ok_or_else(|| match nixpact_lints::nearest(name) {
        Some(nearest) => format!("unknown lint '{name}'; did you mean '{nearest}'?"),
        None => format!("unknown lint '{name}'; 'nixpact lints' lists them"),
    })
}

fn parse_level(level: &str) -> Result<Level, String> {
    [Level::Allow, Level::Note, Level::Warn, Level::Deny]
        .into_iter()
        .find(|known| known.as_str() == level)
        .ok_or_else(|| format!("unknown level '{level}'; it is allow, note, warn or deny"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Config::parse(Path::new("nixpact.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn errors_name_the_key_and_its_line() {
        assert_eq!(
            problem("[lints]\n\nduplicate-prt = \"warn\"\n"),
            "nixpact.toml:3: unknown lint 'duplicate-prt'; did you mean 'duplicate-port'?"
        );
        assert!(problem("[contract]\noptoin = 1\n").starts_with("nixpact.toml:2: unknown field"));
        assert!(problem("[lints]\nduplicate-port = \"loud\"").contains(":2: unknown level 'loud'"));
        assert!(problem("[roles]\nprot = \"x\"").contains("unknown role 'prot'"));
        assert!(problem("[files]\nexclude = [\"a[\"]").contains("invalid glob"));
        assert!(problem("[contract\n").starts_with("nixpact.toml:1: "));
    }

    #[test]
    fn globs_choose_among_the_files() {
        let text = "[contract]\nmodules = [\"services/*.nix\"]\n[files]\nexclude = [\"secrets/**\"]";
        let config = Config::parse(Path::new("nixpact.toml"), text).unwrap();
        let files = ["services/a.nix", "services/b/c.nix", "modules/server/options.nix"];
        let settings = config.settings(files.into_iter());
        assert_eq!(settings.modules, ["services/a.nix"]);
        assert_eq!(settings.schema, ["modules/server/options.nix"]);
        assert!(config.excludes("secrets/a/b.nix") && !config.excludes("a.nix"));
    }
}
