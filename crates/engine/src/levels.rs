//! Which level a finding has: of its lint, and of overrides for paths and hosts.

use globset::GlobSet;
use nixpact_diagnostics::Diagnostic;
use nixpact_lints::{CATALOGUE, Check, Level, Lint};

/// Lints that a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    All,
    Group(&'static str),
    Lint(&'static str),
}

impl Target {
    /// The word for every lint, on the command line.
    const ALL: &'static str = "all";

    /// The lints of a name: `all`, a group, or a lint.
    ///
    /// # Errors
    ///
    /// When there is none; the message names the nearest.
    pub fn of(name: &str) -> Result<Target, String> {
        if name == Target::ALL {
            return Ok(Target::All);
        }
        if let Some(lint) = nixpact_lints::find(name) {
            return Ok(Target::Lint(lint.name));
        }
        if let Some(group) = nixpact_lints::groups().into_iter().find(|group| *group == name) {
            return Ok(Target::Group(group));
        }
        Err(match nixpact_lints::nearest(name) {
            Some(nearest) => format!("unknown lint '{name}'; did you mean '{nearest}'?"),
            None => format!("unknown lint '{name}'; 'nixpact lints' lists them"),
        })
    }

    fn covers(self, lint: &Lint) -> bool {
        match self {
            Target::All => true,
            Target::Group(group) => lint.group() == group,
            Target::Lint(name) => lint.name == name,
        }
    }

    /// A name says more than a group, and a group more than all.
    fn weight(self) -> u8 {
        match self {
            Target::All => 0,
            Target::Group(_) => 1,
            Target::Lint(_) => 2,
        }
    }
}

/// Where a rule counts; everywhere when both are absent.
#[derive(Clone, Default, Debug)]
pub(crate) struct Scope {
    /// Of the file in which the finding is.
    pub paths: Option<GlobSet>,
    pub hosts: Option<Vec<String>>,
}

impl Scope {
    fn is_everywhere(&self) -> bool {
        self.paths.is_none() && self.hosts.is_none()
    }

    fn holds(&self, place: Place<'_>) -> bool {
        let path = match (&self.paths, place.path) {
            (None, _) => true,
            (Some(globs), Some(path)) => globs.is_match(path),
            (Some(_), None) => false,
        };
        let host = match (&self.hosts, place.host) {
            (None, _) => true,
            (Some(hosts), Some(host)) => hosts.iter().any(|known| known == host),
            (Some(_), None) => false,
        };
        path && host
    }
}

/// Where a finding is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place<'p> {
    /// Relative to the root.
    pub path: Option<&'p str>,
    pub host: Option<&'p str>,
}

#[derive(Clone, Debug)]
struct Rule {
    target: Target,
    scope: Scope,
    level: Level,
}

/// The levels of all lints everywhere.
#[derive(Clone, Default, Debug)]
pub struct Levels {
    /// The last one that fits counts.
    rules: Vec<Rule>,
}

impl Levels {
    /// Adds rules for one scope, which count before all that were added earlier; among them a lint's
    /// name counts before its group.
    pub(crate) fn add(&mut self, scope: &Scope, mut rules: Vec<(Target, Level)>) {
        rules.sort_by_key(|(target, _)| target.weight());
        let rule = |(target, level)| Rule { target, scope: scope.clone(), level };
        self.rules.extend(rules.into_iter().map(rule));
    }

    pub(crate) fn at(&self, lint: &Lint, place: Place<'_>) -> Level {
        let fits = |rule: &&Rule| rule.target.covers(lint) && rule.scope.holds(place);
        self.rules.iter().rev().find(fits).map_or(lint.level, |rule| rule.level)
    }

    /// Whether the lint is asked for anywhere at all.
    pub(crate) fn asks(&self, lint: &Lint) -> bool {
        let fitting = || self.rules.iter().rev().filter(|rule| rule.target.covers(lint));
        let everywhere = fitting().find(|rule| rule.scope.is_everywhere());
        everywhere.map_or(lint.level, |rule| rule.level) != Level::Allow
            || fitting().any(|rule| !rule.scope.is_everywhere() && rule.level != Level::Allow)
    }
}

/// Levels from the command line, where a lint's name counts before its group and a group before all,
/// and among equals the strictest.
///
/// # Errors
///
/// When there is no lint or group of a name.
pub fn command_line(given: &[(Level, Vec<String>)]) -> Result<Levels, String> {
    let mut rules = Vec::new();
    for (level, names) in given {
        for name in names {
            rules.push((Target::of(name)?, *level));
        }
    }
    rules.sort_by_key(|(_, level)| *level);
    let mut levels = Levels::default();
    levels.add(&Scope::default(), rules);
    Ok(levels)
}

impl Levels {
    /// Lets `later` count before these.
    pub(crate) fn extend(&mut self, later: &Levels) {
        self.rules.extend(later.rules.iter().cloned());
    }
}

/// The lint of a finding.
pub(crate) fn lint_of(name: &str) -> Option<&'static Lint> {
    CATALOGUE.iter().copied().find(|lint| lint.name == name)
}

/// Whether a finding is not itself about a comment or the baseline.
pub(crate) fn is_about_the_repository(finding: &Diagnostic) -> bool {
    lint_of(finding.lint).is_some_and(|lint| matches!(lint.check, Check::Model(_)))
}

#[cfg(test)]
mod tests {
    use globset::{Glob, GlobSetBuilder};

    use super::*;

    fn lint(name: &str) -> &'static Lint {
        nixpact_lints::find(name).unwrap()
    }

    fn globs(glob: &str) -> GlobSet {
        GlobSetBuilder::new().add(Glob::new(glob).unwrap()).build().unwrap()
    }

    #[test]
    fn a_name_counts_before_its_group_and_an_override_before_both() {
        let mut levels = Levels::default();
        let rules = vec![
            (Target::Lint("duplicate-port"), Level::Warn),
            (Target::Group("network"), Level::Allow),
        ];
        levels.add(&Scope::default(), rules);
        let scope = Scope { paths: Some(globs("old/**")), hosts: Some(vec!["Test".to_owned()]) };
        levels.add(&scope, vec![(Target::All, Level::Note)]);
        let at = |name: &str, path, host| levels.at(lint(name), Place { path, host });
        assert_eq!(at("duplicate-port", None, None), Level::Warn);
        assert_eq!(at("unknown-middleware", None, None), Level::Allow);
        assert_eq!(at("unknown-field", Some("old/a.nix"), None), Level::Deny);
        assert_eq!(at("unknown-field", Some("old/a.nix"), Some("Test")), Level::Note);
        assert_eq!(at("unknown-middleware", Some("new/a.nix"), Some("Test")), Level::Allow);
        assert!(levels.asks(lint("unknown-middleware")));
    }

    #[test]
    fn the_command_line_counts_last() {
        let mut levels = Levels::default();
        levels.add(&Scope::default(), vec![(Target::Lint("duplicate-port"), Level::Allow)]);
        assert!(!levels.asks(lint("duplicate-port")));
        let given = [
            (Level::Deny, vec!["network".to_owned()]),
            (Level::Allow, vec!["all".to_owned(), "network".to_owned()]),
        ];
        levels.extend(&command_line(&given).unwrap());
        assert_eq!(levels.at(lint("duplicate-port"), Place::default()), Level::Deny);
        assert_eq!(levels.at(lint("unknown-field"), Place::default()), Level::Allow);
        let wrong = [(Level::Warn, vec!["netwrok".to_owned()])];
        assert_eq!(
            command_line(&wrong).unwrap_err(),
            "unknown lint 'netwrok'; did you mean 'network'?"
        );
    }
}
