//! What is not known: `--show-unknown` lists it, `--explain-unknown` follows it back.

use std::collections::BTreeSet;
use std::io::{self, Write};

use nixpact_contract::{Located, UnknownValue};
use nixpact_engine::{Analysis, unknown_values};
use nixpact_source::{Sources, Span};

/// The hosts, their modules, and the values of their services that are not known, a line each.
pub fn show(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let mut seen = BTreeSet::new();
    let mut add = |what: &str, host: Option<&str>, unknown: &UnknownValue| {
        let place = unknown.span.map(|span| place(&analysis.sources, span) + ": ");
        let place = place.unwrap_or_default();
        let line = format!("{place}unknown: {what}{}: {}", on(host), unknown.reason);
        if seen.insert(line.clone()) { writeln!(out, "{line}") } else { Ok(()) }
    };
    for (what, host, unknown) in structure(analysis) {
        add(what, host, unknown)?;
    }
    for field in unknown_values(&analysis.model) {
        add(&field.path, field.host, field.unknown)?;
    }
    Ok(())
}

/// The same, each with the places through which it came, and back to its first cause.
pub fn explain(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let mut seen = BTreeSet::new();
    let mut print = |text: String| {
        if seen.insert(text.clone()) { out.write_all(text.as_bytes()) } else { Ok(()) }
    };
    for (what, host, unknown) in structure(analysis) {
        let causes = causes(&analysis.sources, unknown);
        print(format!("{what}{} is not known\n{causes}", on(host)))?;
    }
    for field in unknown_values(&analysis.model) {
        print(explained(&analysis.sources, &field.path, field.host, field.value))?;
    }
    Ok(())
}

/// Hosts and modules that are not known.
fn structure(analysis: &Analysis) -> Vec<(&'static str, Option<&str>, &UnknownValue)> {
    let model = &analysis.model;
    let hosts = model.hosts_unknown.iter().map(|unknown| ("a host", None, unknown));
    let modules = model.hosts.iter().flat_map(|host| {
        host.unresolved.iter().map(|unknown| ("a module", host.name.as_deref(), unknown))
    });
    hosts.chain(modules).collect()
}

/// Why a value is not known, in several lines; nothing where all of it is known.
pub fn explained(sources: &Sources, what: &str, host: Option<&str>, value: &Located) -> String {
    let Some((way, member)) = value.unknown_member() else { return String::new() };
    let Some(unknown) = member.unknown() else { return String::new() };
    let mut text = format!("{what}{way}{} is not known\n", on(host));
    let mut places: Vec<&Span> = member.through.iter().chain(&member.span).collect();
    places.dedup();
    // The last place is often that of the cause itself.
    let cause = unknown.causes.first().and_then(|cause| cause.span.as_ref());
    if cause.is_some() && places.last().copied() == cause {
        places.pop();
    }
    for (at, span) in places.into_iter().enumerate() {
        let word = if at == 0 { "it is" } else { "which is" };
        text += &format!("  {}: {word} {}\n", place(sources, *span), shown(sources, *span));
    }
    text + &causes(sources, unknown)
}

fn causes(sources: &Sources, unknown: &UnknownValue) -> String {
    let line = |cause: &nixpact_contract::Cause| {
        let place = cause.span.map(|span| place(sources, span) + ": ").unwrap_or_default();
        format!("  {place}because {}\n", cause.reason)
    };
    unknown.causes.iter().map(line).collect()
}

fn on(host: Option<&str>) -> String {
    host.map(|host| format!(" on {host}")).unwrap_or_default()
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
