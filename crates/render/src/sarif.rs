//! SARIF 2.1.0: the log and its rules; what it says of a finding is in [`result`].

mod result;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use nixpact_diagnostics::{Diagnostic, Severity};
use serde::Serialize;

use crate::fingerprint::Fingerprints;
use crate::rule::{REPOSITORY, Rule};
use crate::{Report, VERSION};

use result::Finding;

/// Writes a SARIF log with one run: all rules, the findings, then those that are suppressed.
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let all = report.diagnostics.iter().chain(report.suppressed);
    let results = all.map(|it| Finding::new(report, it, &mut fingerprints)).collect();
    let description = Text { text: "The root of the checkout that holds the repository." };
    let run = Run {
        tool: Tool { driver: Driver::new(report.rules) },
        invocations: [Invocation { execution_successful: true }],
        original_uri_base_ids: BTreeMap::from([(ROOT, UriBase { description })]),
        column_kind: "unicodeCodePoints",
        results,
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    let mut out = BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &log)?;
    writeln!(out)?;
    out.flush()
}

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What the URIs of files are relative to. Which directory that is would differ from machine to machine.
const ROOT: &str = "SRCROOT";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    invocations: [Invocation; 1],
    original_uri_base_ids: BTreeMap<&'a str, UriBase<'a>>,
    column_kind: &'a str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

/// A run that failed writes no report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
}

#[derive(Serialize)]
struct UriBase<'a> {
    description: Text<'a>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    semantic_version: &'a str,
    information_uri: &'a str,
    rules: Vec<ReportingDescriptor<'a>>,
}

impl<'a> Driver<'a> {
    fn new(rules: &'a [Rule<'a>]) -> Driver<'a> {
        Driver {
            name: "nixpact",
            version: VERSION,
            semantic_version: VERSION,
            information_uri: REPOSITORY,
            rules: rules.iter().map(ReportingDescriptor::new).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportingDescriptor<'a> {
    id: &'a str,
    /// Absent where it would be the same as the id, which SARIF1001 does not want.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    short_description: Sentence,
    full_description: Sentence,
    help_uri: &'a str,
    help: Page<'a>,
    default_configuration: Configuration,
    properties: RuleProperties<'a>,
}

#[derive(Serialize)]
struct Sentence {
    text: String,
}

/// A page of Markdown, which is its own plain text.
#[derive(Serialize)]
struct Page<'a> {
    text: &'a str,
    markdown: &'a str,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    level: &'static str,
}

/// What GitHub sorts and filters by.
#[derive(Serialize)]
struct RuleProperties<'a> {
    tags: [&'a str; 1],
    precision: &'a str,
    #[serde(rename = "problem.severity")]
    severity: &'a str,
}

impl<'a> ReportingDescriptor<'a> {
    fn new(rule: &'a Rule<'a>) -> ReportingDescriptor<'a> {
        let summary = || Sentence { text: sentence(rule.summary) };
        let severity = rule.level.unwrap_or(Severity::Warning);
        ReportingDescriptor {
            id: rule.name,
            name: readable(rule.name),
            short_description: summary(),
            full_description: summary(),
            help_uri: &rule.url,
            help: Page { text: rule.page, markdown: rule.page },
            default_configuration: Configuration {
                enabled: rule.level.is_some(),
                level: severity.as_str(),
            },
            properties: RuleProperties {
                tags: ["nixos"],
                precision: "very-high",
                severity: github_severity(severity),
            },
        }
    }
}

/// `problem.severity`, as GitHub calls it.
fn github_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "recommendation",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The readable name of a rule, where it has one besides its id.
fn readable(id: &str) -> Option<String> {
    id.contains('-').then(|| pascal_case(id))
}

/// `duplicate-port` as `DuplicatePort`, the form of a rule's readable name.
fn pascal_case(name: &str) -> String {
    name.split('-').map(capitalized).collect()
}

fn sentence(text: &str) -> String {
    capitalized(text) + if text.ends_with(['.', '!', '?']) { "" } else { "." }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// Where the rule of `diagnostic` stands in the list of rules.
fn rule_index(rules: &[Rule<'_>], diagnostic: &Diagnostic) -> Option<usize> {
    rules.iter().position(|rule| rule.name == diagnostic.lint)
}

#[cfg(test)]
mod tests {
    use super::{pascal_case, sentence};

    #[test]
    fn names_and_sentences() {
        assert_eq!(pascal_case("duplicate-port"), "DuplicatePort");
        assert_eq!(sentence("two claim it"), "Two claim it.");
        assert_eq!(sentence("Why?"), "Why?");
        assert_eq!(sentence(""), ".");
    }
}
