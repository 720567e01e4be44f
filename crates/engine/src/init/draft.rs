//! The lines of the file.

use std::fmt::Write;

use toml::Value;

/// What is to be written, in order.
#[derive(Default)]
pub(super) struct Draft {
    pub entries: Vec<Entry>,
}

pub(super) struct Entry {
    /// Such as `contract`, or `hosts.Server`.
    pub table: String,
    pub key: &'static str,
    pub value: Value,
    pub kind: Kind,
    /// Why it is a comment.
    pub reason: Option<String>,
    /// The user asked for it.
    pub is_wanted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Something that nixpact finds out by itself.
    Contract,
    /// What these lints read.
    Convention(&'static [&'static str]),
}

const HEAD: &str = "\
# What nixpact would otherwise find out or guess; each key is optional.
# nixpact explain LINT says what a lint is about.
";

impl Draft {
    pub fn contract(&mut self, table: impl Into<String>, key: &'static str, value: Value) {
        let (table, kind) = (table.into(), Kind::Contract);
        self.entries.push(Entry { table, key, value, kind, reason: None, is_wanted: false });
    }

    pub fn convention(&mut self, key: &'static str, value: Value, lints: &'static [&'static str]) {
        let (table, kind) = ("conventions".to_owned(), Kind::Convention(lints));
        self.entries.push(Entry { table, key, value, kind, reason: None, is_wanted: false });
    }

    /// Something in it may still become a comment.
    pub fn has_doubtful(&self) -> bool {
        self.entries.iter().any(Entry::is_doubtful)
    }

    /// What is most likely to be why a check finds something else: the modules that are a host, the hosts,
    /// and that there is no contract but these.
    pub fn most_doubtful(&mut self) -> Option<&mut Entry> {
        const ORDER: &[&str] = &["modules", "legacy", "option", "schema"];
        let rank = |entry: &Entry| match entry.table.as_str() {
            "contract" => ORDER.iter().position(|key| *key == entry.key).map(|at| 2 * at),
            "roles" => Some(2 * ORDER.len()),
            _ => Some(1),
        };
        let candidates = self.entries.iter_mut();
        let candidates = candidates.filter(|it| it.is_doubtful() && it.kind == Kind::Contract);
        candidates.min_by_key(|entry| rank(entry).unwrap_or(usize::MAX))
    }

    /// What means nothing without another line goes with it.
    pub fn keep_company(&mut self) {
        for (key, needed) in [("check", "test"), ("legacy", "option")] {
            let is_gone = self.entries.iter().any(|it| it.key == needed && it.reason.is_some());
            let alone = self.entries.iter_mut().find(|it| it.key == key && it.reason.is_none());
            if let Some(alone) = alone.filter(|_| is_gone) {
                alone.reason = Some(format!("It goes with {needed}:"));
            }
        }
    }

    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        let mut table = "";
        for entry in &self.entries {
            if entry.table != table {
                table = &entry.table;
                _ = write!(text, "\n[{}]\n", heading(table));
            }
            let Entry { key, value, reason, .. } = entry;
            let line = format!("{key} = {}", shown(value));
            match reason {
                Some(reason) => {
                    _ = write!(text, "# {reason}\n# {}\n", line.replace('\n', "\n# "));
                }
                None => _ = writeln!(text, "{line}"),
            }
        }
        text
    }
}

impl Entry {
    /// Whether it becomes a comment where it does not fit; what the user asked for does not.
    pub fn is_doubtful(&self) -> bool {
        self.reason.is_none() && !self.is_wanted
    }

    /// The lints that read it.
    pub fn lints(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Contract => &[],
            Kind::Convention(lints) => lints,
        }
    }
}

const MAX_LINE: usize = 100;

/// A long list has a line for each of its members.
fn shown(value: &Value) -> String {
    let line = value.to_string();
    match value {
        Value::Array(items) if line.len() > MAX_LINE => {
            let items: String = items.iter().map(|item| format!("  {item},\n")).collect();
            format!("[\n{items}]")
        }
        _ => line,
    }
}

/// A table's name, each part quoted where it has to be.
fn heading(table: &str) -> String {
    match table.split_once('.') {
        Some((outer, name)) if !is_bare(name) => format!("{outer}.{}", Value::from(name)),
        _ => table.to_owned(),
    }
}

fn is_bare(name: &str) -> bool {
    name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_'))
}

/// A list of strings.
pub(super) fn list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::Array(items.into_iter().map(|item| Value::String(item.into())).collect())
}
