//! What a lint can be told in its table in `nixpact.toml`.

use std::collections::BTreeMap;

/// A key of the table.
#[derive(Debug)]
pub struct LintOption {
    pub name: &'static str,
    pub kind: OptionKind,
    /// One line.
    pub summary: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OptionKind {
    /// A list of strings.
    Strings,
    /// A list of integers.
    Integers,
}

impl OptionKind {
    /// The words for it in an error message.
    pub fn as_str(self) -> &'static str {
        match self {
            OptionKind::Strings => "a list of strings",
            OptionKind::Integers => "a list of integers",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OptionValue {
    Strings(Vec<String>),
    Integers(Vec<i64>),
}

/// The keys that are set, by name.
#[derive(Clone, Default, Debug)]
pub struct OptionValues(pub BTreeMap<&'static str, OptionValue>);

impl OptionValues {
    /// The strings of a key; none where it is not set.
    pub fn strings(&self, name: &str) -> &[String] {
        match self.0.get(name) {
            Some(OptionValue::Strings(values)) => values,
            _ => &[],
        }
    }

    /// The integers of a key; none where it is not set.
    pub fn integers(&self, name: &str) -> &[i64] {
        match self.0.get(name) {
            Some(OptionValue::Integers(values)) => values,
            _ => &[],
        }
    }
}
