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

#[derive(Clone, Copy, PartialEq, Eq)]
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
        self.entries.iter().any(|entry| entry.reason.is_none() && !entry.is_wanted)
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
            match reason {
                Some(reason) => _ = write!(text, "# {reason}\n# {key} = {value}\n"),
                None => _ = writeln!(text, "{key} = {value}"),
            }
        }
        text
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
