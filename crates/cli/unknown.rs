//! What is not known: `--show-unknown` lists it, `--explain-unknown` follows it back.

use std::collections::BTreeMap;
use std::io::{self, Write};

use nixpact_contract::{Located, UnknownValue};
use nixpact_engine::{Analysis, unknown_values};
use nixpact_source::{Sources, Span};

/// The hosts, their modules, and the values of their services that are not known, a line for each reason.
pub fn show(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let line = |what: &str, unknown: &UnknownValue| {
        let place = unknown.span.map(|span| place(&analysis.sources, span) + ": ");
        let place = place.unwrap_or_default();
        (format!("{place}unknown: {what}"), format!(": {}", unknown.reason))
    };
    let mut groups = Groups::default();
    for (what, host, unknown) in structure(analysis) {
        groups.add(line(what, unknown), host);
    }
    for field in unknown_values(&analysis.model) {
        groups.add(line(&field.path, field.unknown), field.host);
    }
    groups.write(out)
}

/// The same, each with the places through which it came, and back to its first cause.
pub fn explain(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let mut groups = Groups::default();
    for (what, host, unknown) in structure(analysis) {
        let why = NOT_KNOWN.to_owned() + &causes(&analysis.sources, unknown);
        groups.add((what.to_owned(), why), host);
    }
    for field in unknown_values(&analysis.model) {
        if let Some((member, why)) = way(&analysis.sources, field.value) {
            groups.add((field.path.clone() + &member, why), field.host);
        }
    }
    groups.write(out)
}

/// What is said alike of several hosts: what stands before their names and behind them, in the order in which
/// it first comes.
#[derive(Default)]
struct Groups<'a> {
    texts: Vec<(String, String)>,
    hosts: BTreeMap<(String, String), Vec<&'a str>>,
}

impl<'a> Groups<'a> {
    fn add(&mut self, text: (String, String), host: Option<&'a str>) {
        if !self.hosts.contains_key(&text) {
            self.texts.push(text.clone());
        }
        let hosts = self.hosts.entry(text).or_default();
        hosts.extend(host.filter(|host| !hosts.contains(host)));
    }

    fn write(self, out: &mut dyn Write) -> io::Result<()> {
        for text in self.texts {
            let hosts = self.hosts.get(&text).map_or(&[][..], Vec::as_slice);
            let on = if hosts.is_empty() { "" } else { " on " };
            writeln!(out, "{}{on}{}{}", text.0, hosts.join(", "), text.1)?;
        }
        Ok(())
    }
}

/// Hosts and modules that are not known.
fn structure(analysis: &Analysis) -> Vec<(&'static str, Option<&str>, &UnknownValue)> {
    let model = &analysis.model;
    let hosts = model.hosts_unknown.iter().map(|unknown| ("a host", None, &unknown.why));
    let modules = model.hosts.iter().flat_map(|host| {
        host.unresolved.iter().map(|unknown| ("a module", host.name.as_deref(), unknown))
    });
    hosts.chain(modules).collect()
}

/// Why a value is not known, in several lines; nothing where all of it is known.
pub fn explained(sources: &Sources, what: &str, host: Option<&str>, value: &Located) -> String {
    let on = host.map(|host| format!(" on {host}")).unwrap_or_default();
    match way(sources, value) {
        Some((member, why)) => format!("{what}{member}{on}{why}\n"),
        None => String::new(),
    }
}

/// The member of a value that is not known, and the way to it and to its cause, in several lines.
fn way(sources: &Sources, value: &Located) -> Option<(String, String)> {
    let (path, member) = value.unknown_member()?;
    let unknown = member.unknown()?;
    let mut places: Vec<&Span> = member.through.iter().chain(&member.span).collect();
    places.dedup();
    // The last place is often that of the cause itself.
    let cause = unknown.causes.first().and_then(|cause| cause.span.as_ref());
    if cause.is_some() && places.last().copied() == cause {
        places.pop();
    }
    let mut text = NOT_KNOWN.to_owned();
    for (at, span) in places.into_iter().enumerate() {
        let word = if at == 0 { "it is" } else { "which is" };
        text += &format!("\n  {}: {word} {}", place(sources, *span), shown(sources, *span));
    }
    Some((path.to_string(), text + &causes(sources, unknown)))
}

const NOT_KNOWN: &str = " is not known";

fn causes(sources: &Sources, unknown: &UnknownValue) -> String {
    let line = |cause: &nixpact_contract::Cause| {
        let place = cause.span.map(|span| place(sources, span) + ": ").unwrap_or_default();
        format!("\n  {place}because {}", cause.reason)
    };
    unknown.causes.iter().map(line).collect()
}

/// `path:line:column`
pub fn place(sources: &Sources, span: Span) -> String {
    let file = sources.file(span.file);
    let at = file.line_column(span.start);
    format!("{}:{}:{}", file.path, at.line, at.column)
}

/// Longer texts are cut.
const MAX_SHOWN_CHARS: usize = 60;

/// The text of a place on one line.
fn shown(sources: &Sources, span: Span) -> String {
    let words: Vec<&str> = sources.text(span).split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
