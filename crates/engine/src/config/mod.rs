//! `nixpact.toml`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::{GlobSet, GlobSetBuilder};
use nixpact_contract::{Conventions, HostSettings, ROLES, Role, Settings, nearest};
use nixpact_eval::Limits;
use nixpact_lints::{Lint, OptionValues};
use toml::Spanned;

mod conventions;
mod file;
mod limits;
mod lints;
mod matching;
mod schema;

use file::{Contract, File, HostTable, Middlewares};
pub(crate) use limits::stack_bytes;
use lints::Rules;
use matching::Matcher;
pub use schema::schema;

use crate::levels::Levels;
use crate::outside::Place;

/// The configuration, checked.
#[derive(Debug, Default)]
pub struct Config {
    /// The file that it was read from.
    path: PathBuf,
    text: String,
    contract: Contract,
    roles: BTreeMap<Role, String>,
    middlewares: Middlewares,
    conventions: Conventions,
    collector: Option<Vec<Spanned<String>>>,
    hosts: BTreeMap<String, HostTable>,
    exclude: GlobSet,
    rules: Rules,
    limits: Limits,
    /// The baseline, relative to the root.
    baseline: Option<String>,
    nixpkgs: Option<Place>,
    reads_inputs: bool,
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

/// Where services are looked for without configuration.
const DEFAULT_MODULES: &str = "modules/server/**/default.nix";
const DEFAULT_SCHEMA: &str = "modules/server/options.nix";

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

    pub(crate) fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
        let error = |at: Option<usize>, problem: String| ConfigError {
            path: path.to_owned(),
            line: at.map(|at| line(text, at)),
            problem,
        };
        let file: File = toml::from_str(text).map_err(|problem| {
            let at = problem.span().map(|span| span.start);
            let message = problem.message();
            error(at, offer(message).unwrap_or_else(|| of_key(text, at, message)))
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
        let rules = Rules::read(file.lints, &file.overrides)
            .map_err(|(span, problem)| error(Some(span.start), problem))?;
        let limits = limits::limits(&file.limits)
            .map_err(|(span, problem)| error(Some(span.start), problem))?;
        let conventions = conventions::conventions(&file.conventions)
            .map_err(|(span, problem)| error(Some(span.start), problem))?;
        let collector = file.conventions.collector;
        let mut exclude = GlobSetBuilder::new();
        for glob in &file.files.exclude {
            let compiled = matching::compile(glob.get_ref());
            exclude.add(compiled.map_err(|problem| error(Some(glob.span().start), problem))?);
        }
        let exclude = exclude.build().map_err(|problem| error(None, problem.to_string()))?;
        let File { contract, middlewares, hosts, baseline, nixpkgs, inputs, .. } = file;
        if let (Some(legacy), None) = (&contract.legacy, &contract.option) {
            let problem = "legacy needs option, the contract that replaces it".to_owned();
            return Err(error(Some(legacy.span().start), problem));
        }
        if let Some((name, _)) = hosts.iter().find(|(_, host)| host.modules.is_empty()) {
            return Err(error(None, format!("[hosts.{name}] needs modules, at least one")));
        }
        let (path, text) = (path.to_owned(), text.to_owned());
        Ok(Config {
            path,
            text,
            contract,
            roles,
            middlewares,
            conventions,
            collector,
            hosts,
            exclude,
            rules,
            limits,
            baseline,
            nixpkgs: nixpkgs.as_deref().map(Place::from),
            reads_inputs: inputs.is_some(),
        })
    }

    /// A configuration without any convention that a lint would find something by, with which the layout
    /// of the services is looked at all the same.
    pub(crate) fn asking() -> Config {
        let runtime = vec![vec![String::new()]];
        let conventions = Conventions { runtime, ..Conventions::default() };
        Config { conventions, ..Config::default() }
    }

    fn error(&self, at: &Spanned<String>, problem: String) -> ConfigError {
        let line = Some(line(&self.text, at.span().start));
        ConfigError { path: self.path.clone(), line, problem }
    }

    /// Refuses a contract that is named but that no module declares.
    pub(crate) fn check_contract(&self, declared: bool) -> Result<(), ConfigError> {
        match &self.contract.option {
            Some(option) if !declared => {
                let problem = format!(
                    "no module declares the option '{}' as an attrsOf (submodule …)",
                    option.get_ref()
                );
                Err(self.error(option, problem))
            }
            _ => Ok(()),
        }
    }

    /// Whether a file is left out; `path` is relative to the root.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude.is_match(path)
    }

    pub(crate) fn levels(&self) -> &Levels {
        &self.rules.levels
    }

    /// Bounds on the evaluation.
    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// What a lint's own table says.
    pub(crate) fn options(&self, lint: &Lint) -> Option<&OptionValues> {
        self.rules.options.get(lint.name)
    }

    /// The baseline that is always read, relative to the root.
    pub fn baseline(&self) -> Option<&str> {
        self.baseline.as_deref()
    }

    /// The nixpkgs that is read; a path begins at the root.
    pub(crate) fn nixpkgs(&self) -> Option<&Place> {
        self.nixpkgs.as_ref()
    }

    /// Whether the inputs that `flake.lock` pins are read.
    pub(crate) fn reads_inputs(&self) -> bool {
        self.reads_inputs
    }

    /// What concerns the contract, with globs resolved among `files`, paths relative to the root.
    ///
    /// # Errors
    ///
    /// When a glob is none, or no file matches it.
    pub fn settings<'f>(
        &self,
        files: impl Iterator<Item = &'f str> + Clone,
    ) -> Result<Settings, ConfigError> {
        let matching = |globs: &[Spanned<String>]| -> Result<Vec<String>, ConfigError> {
            let mut found = Vec::new();
            for glob in globs {
                let matcher =
                    Matcher::new(glob.get_ref()).map_err(|problem| self.error(glob, problem))?;
                let before = found.len();
                found.extend(files.clone().filter(|f| matcher.is_match(f)).map(str::to_owned));
                if found.len() == before {
                    return Err(self.error(glob, format!("no file matches '{}'", glob.get_ref())));
                }
            }
            found.sort_unstable();
            found.dedup();
            Ok(found)
        };
        let or = |given: &Option<Vec<Spanned<String>>>, default: &str| match given {
            Some(globs) => matching(globs),
            None => {
                let matcher = Matcher::new(default).ok();
                let matches = |file: &&str| matcher.as_ref().is_some_and(|m| m.is_match(file));
                // A directory such as `_template` holds no service.
                let wanted = |file: &&str| !file.split('/').any(|name| name.starts_with('_'));
                Ok(files.clone().filter(matches).filter(wanted).map(str::to_owned).collect())
            }
        };
        let path = |option: &str| option.split('.').map(str::to_owned).collect();
        let mut hosts = BTreeMap::new();
        for (name, host) in &self.hosts {
            hosts.insert(name.clone(), HostSettings { modules: matching(&host.modules)? });
        }
        let conventions = Conventions {
            collector: self.collector.as_deref().map(matching).transpose()?.unwrap_or_default(),
            ..self.conventions.clone()
        };
        Ok(Settings {
            option: self.contract.option.as_ref().map(|option| path(option.get_ref())),
            legacy: self.contract.legacy.as_ref().map(|option| path(option.get_ref())),
            deprecated: self.contract.deprecated.clone(),
            schema: or(&self.contract.schema, DEFAULT_SCHEMA)?,
            modules: or(&self.contract.modules, DEFAULT_MODULES)?,
            modules_given: self.contract.modules.is_some(),
            roles: self.roles.clone(),
            middlewares_from: self.middlewares.from.iter().map(|from| path(from)).collect(),
            middlewares_extra: self.middlewares.extra.clone(),
            assume_enabled: Vec::new(),
            details: false,
            hosts,
            conventions,
        })
    }
}

/// The 1-based line of a byte offset.
fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Begins a message about a value with the key to which it is given.
fn of_key(text: &str, at: Option<usize>, message: &str) -> String {
    let before = at.and_then(|at| text.get(..at)).unwrap_or_default();
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    match line.split_once('=') {
        Some((key, _)) => format!("{}: {message}", key.trim()),
        None => message.to_owned(),
    }
}

/// The message about a key that does not exist, with the nearest that does.
fn offer(message: &str) -> Option<String> {
    let rest = message.strip_prefix("unknown field `")?;
    let mut words = rest.split('`').step_by(2);
    let unknown = words.next().unwrap_or_default();
    // serde lists the keys that it expected.
    Some(match nearest(unknown, rest.split('`').skip(2).step_by(2)) {
        Some(nearest) => format!("unknown key '{unknown}'; did you mean '{nearest}'?"),
        None => message.to_owned(),
    })
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
        assert_eq!(
            problem("[contract]\noptoin = 1\n"),
            "nixpact.toml:2: unknown key 'optoin'; did you mean 'option'?"
        );
        // As Nix may generate it.
        assert_eq!(
            problem("\"contract\" = { \"optoin\" = \"a\" }\n"),
            "nixpact.toml:1: unknown key 'optoin'; did you mean 'option'?"
        );
        assert!(
            problem("[contract]\nxyz = 1\n").starts_with("nixpact.toml:2: unknown field `xyz`")
        );
        assert_eq!(
            problem("[lints.duplicate-port]\nlevel = \"warn\"\nshaerd = [1]\n"),
            "nixpact.toml:1: unknown key 'shaerd'; did you mean 'shared'?"
        );
        assert!(problem("[lints.duplicate-port]\nshared = [\"a\"]").contains("a list of integers"));
        assert!(problem("[lints.network]\nshared = [1]").contains("'network' is a group"));
        assert!(problem("[lints]\nduplicate-port = 3").contains("takes a level or a table"));
        assert_eq!(
            problem("[[overrides]]\npaths = [\"a/**\"]\nlints.netwrok = \"warn\"\n"),
            "nixpact.toml:3: unknown lint 'netwrok'; did you mean 'network'?"
        );
        assert!(problem("[lints]\nduplicate-port = \"loud\"").contains(":2: unknown level 'loud'"));
        assert!(problem("[roles]\nprot = \"x\"").contains("unknown role 'prot'"));
        assert!(problem("[limits]\nsteps = 0").contains(":2: a limit is at least 1"));
        assert!(
            problem("[limits]\n\ndepth = 50000").contains(":3: a limit is at least 1 and at most")
        );
        assert!(problem("[limits]\nstpes = 1").contains("did you mean 'steps'?"));
        assert!(problem("[files]\nexclude = [\"a[\"]").contains("invalid glob"));
        assert!(problem("[contract]\nlegacy = \"a.b\"").contains(":2: legacy needs option"));
        assert!(problem("[conventions]\nmodule = \"a.nix\"").contains(":2: 'a.nix' does not say"));
        assert!(problem("[conventions]\ncheck = \"{service}\"").contains(":2: check needs test"));
        assert!(problem("[conventions]\nsection = []").contains("did you mean 'sections'?"));
        assert!(problem("[conventions]\nruntime = [\"a..b\"]").contains("is no option's path"));
        assert!(problem("[hosts.a]").contains("[hosts.a] needs modules"));
        assert_eq!(
            problem("[contract]\noption = 3\n"),
            "nixpact.toml:2: option: invalid type: integer `3`, expected a string"
        );
        assert!(problem("[contract\n").starts_with("nixpact.toml:1: "));
    }

    #[test]
    fn globs_choose_among_the_files() {
        let text =
            "[contract]\nmodules = [\"services/*.nix\"]\n[files]\nexclude = [\"secrets/**\"]";
        let config = Config::parse(Path::new("nixpact.toml"), text).unwrap();
        let files = ["services/a.nix", "services/b/c.nix", "modules/server/options.nix"];
        let settings = config.settings(files.into_iter()).unwrap();
        assert_eq!(settings.modules, ["services/a.nix"]);
        assert_eq!(settings.schema, ["modules/server/options.nix"]);
        assert!(config.excludes("secrets/a/b.nix") && !config.excludes("a.nix"));
        let none = config.settings(["a.nix"].into_iter()).unwrap_err();
        assert_eq!(none.to_string(), "nixpact.toml:2: no file matches 'services/*.nix'");
    }
}
