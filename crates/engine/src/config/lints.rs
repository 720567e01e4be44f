//! The tables `[lints]` and `[[overrides]]`.

use std::collections::BTreeMap;
use std::ops::Range;

use globset::GlobSetBuilder;
use nixpact_contract::nearest;
use nixpact_lints::{Level, Lint, LintOption, OptionKind, OptionValue, OptionValues};
use toml::{Spanned, Value};

use super::file::{LintTable, Override};
use super::matching;
use crate::levels::{Levels, Scope, Target, lint_of};

/// A mistake and the bytes of the file where it stands.
type Mistake = (Range<usize>, String);

/// What the configuration says of lints.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub levels: Levels,
    pub options: BTreeMap<&'static str, OptionValues>,
}

impl Rules {
    pub fn read(table: LintTable, overrides: &[Override]) -> Result<Rules, Mistake> {
        let mut rules = Rules::default();
        let mut everywhere = Vec::new();
        for (name, value) in table {
            let target = target(&name)?;
            let span = value.span();
            match value.into_inner() {
                Value::String(level) => everywhere.push((target, at(span, parse_level(&level))?)),
                Value::Table(table) => {
                    let Target::Lint(lint) = target else {
                        let problem = format!("'{}' is a group: it takes a level", name.get_ref());
                        return Err((name.span(), problem));
                    };
                    let Some(lint) = lint_of(lint) else { continue };
                    let level = rules.table(lint, table).map_err(|problem| (span, problem))?;
                    everywhere.extend(level.map(|level| (target, level)));
                }
                _ => {
                    let problem = format!("'{}' takes a level or a table", name.get_ref());
                    return Err((span, problem));
                }
            }
        }
        rules.levels.add(&Scope::default(), everywhere);
        for own in overrides {
            rules.add_override(own)?;
        }
        Ok(rules)
    }

    /// Reads a lint's own table; gives the level, if it has one.
    fn table(&mut self, lint: &'static Lint, table: toml::Table) -> Result<Option<Level>, String> {
        let mut level = None;
        for (key, value) in table {
            if key == "level" {
                let Value::String(word) = value else {
                    return Err("level takes allow, note, warn or deny".to_owned());
                };
                level = Some(parse_level(&word)?);
                continue;
            }
            let Some(option) = lint.options.iter().find(|option| option.name == key) else {
                return Err(unknown_option(lint, &key));
            };
            let value = parse_option(option, &value)
                .ok_or_else(|| format!("{key} takes {}", option.kind.as_str()))?;
            self.options.entry(lint.name).or_default().0.insert(option.name, value);
        }
        Ok(level)
    }

    fn add_override(&mut self, own: &Override) -> Result<(), Mistake> {
        let mut scope = Scope { paths: None, hosts: own.hosts.clone() };
        if let Some(paths) = &own.paths {
            let mut globs = GlobSetBuilder::new();
            for glob in paths {
                globs.add(at(glob.span(), matching::compile(glob.get_ref()))?);
            }
            let whole = || paths.first().map_or(0..0, Spanned::span);
            scope.paths = Some(globs.build().map_err(|problem| (whole(), problem.to_string()))?);
        }
        let mut rules = Vec::new();
        for (name, level) in &own.lints {
            rules.push((target(name)?, at(level.span(), parse_level(level.get_ref()))?));
        }
        self.levels.add(&scope, rules);
        Ok(())
    }
}

fn at<T>(span: Range<usize>, result: Result<T, String>) -> Result<T, Mistake> {
    result.map_err(|problem| (span, problem))
}

fn target(name: &Spanned<String>) -> Result<Target, Mistake> {
    at(name.span(), Target::of(name.get_ref()))
}

fn unknown_option(lint: &Lint, key: &str) -> String {
    let known = || lint.options.iter().map(|option| option.name).chain(["level"]);
    match nearest(key, known()) {
        Some(nearest) => format!("unknown key '{key}'; did you mean '{nearest}'?"),
        None => {
            let known: Vec<&str> = known().collect();
            format!("unknown key '{key}'; '{}' takes {}", lint.name, known.join(", "))
        }
    }
}

fn parse_option(option: &LintOption, value: &Value) -> Option<OptionValue> {
    let list = value.as_array()?;
    match option.kind {
        OptionKind::Strings => {
            let strings = list.iter().map(|item| item.as_str().map(str::to_owned));
            strings.collect::<Option<_>>().map(OptionValue::Strings)
        }
        OptionKind::Integers => {
            let integers = list.iter().map(Value::as_integer);
            integers.collect::<Option<_>>().map(OptionValue::Integers)
        }
    }
}

fn parse_level(level: &str) -> Result<Level, String> {
    Level::ALL
        .into_iter()
        .find(|known| known.as_str() == level)
        .ok_or_else(|| format!("unknown level '{level}'; it is allow, note, warn or deny"))
}
