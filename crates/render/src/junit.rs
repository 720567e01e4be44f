use std::io::{self, BufWriter, Write};

use nixpact_diagnostics::{Diagnostic, Severity};

use crate::Report;
use crate::place::Place;
use crate::text::with_places;
use crate::xml::{attribute, content};

/// Writes a JUnit report: a suite for each rule, in it a case for each finding, or one that passed.
///
/// Errors are failures. What does not fail a run is a case that passed, with its text as output.
pub(crate) fn render(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let suites: Vec<Suite<'_>> = names(report).map(|name| Suite::new(report, name)).collect();
    let mut out = BufWriter::new(out);
    let tests: usize = suites.iter().map(Suite::tests).sum();
    let failures: usize = suites.iter().map(Suite::failures).sum();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    write!(out, r#"<testsuites name="nixpact" tests="{tests}" failures="{failures}" "#)?;
    writeln!(out, r#"errors="0" time="0">"#)?;
    for suite in &suites {
        suite.write(&mut out, report)?;
    }
    writeln!(out, "</testsuites>")?;
    out.flush()
}

/// The rules, then those of findings that are not among them.
fn names<'a>(report: &Report<'a>) -> impl Iterator<Item = &'a str> {
    let mut names: Vec<&str> = report.rules.iter().map(|rule| rule.name).collect();
    for diagnostic in report.diagnostics {
        if !names.contains(&diagnostic.lint) {
            names.push(diagnostic.lint);
        }
    }
    names.into_iter()
}

struct Suite<'a> {
    rule: &'a str,
    findings: Vec<&'a Diagnostic>,
}

impl<'a> Suite<'a> {
    fn new(report: &Report<'a>, rule: &'a str) -> Suite<'a> {
        let findings = report.diagnostics.iter().filter(|it| it.lint == rule).collect();
        Suite { rule, findings }
    }

    fn tests(&self) -> usize {
        self.findings.len().max(1)
    }

    fn failures(&self) -> usize {
        self.findings.iter().filter(|it| it.severity == Severity::Error).count()
    }

    fn write(&self, out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
        let (tests, failures) = (self.tests(), self.failures());
        let rule = attribute(self.rule);
        write!(out, r#"  <testsuite name="{rule}" tests="{tests}" failures="{failures}" "#)?;
        writeln!(out, r#"errors="0" skipped="0" time="0">"#)?;
        if self.findings.is_empty() {
            writeln!(out, r#"    <testcase name="no findings" classname="{rule}" time="0"/>"#)?;
        }
        for diagnostic in &self.findings {
            case(out, report, diagnostic)?;
        }
        writeln!(out, "  </testsuite>")
    }
}

/// Its attributes are those that the strictest reader knows, Jenkins' `junit-10.xsd`.
fn case(out: &mut impl Write, report: &Report<'_>, diagnostic: &Diagnostic) -> io::Result<()> {
    let message = diagnostic.message.as_str();
    let name = match Place::primary(report.sources, diagnostic) {
        Some(place) => format!("{}: {message}", report.hosted(&place.file.path)),
        None => message.to_owned(),
    };
    let (name, rule) = (attribute(&name), attribute(diagnostic.lint));
    writeln!(out, r#"    <testcase name="{name}" classname="{rule}" time="0">"#)?;
    let text = with_places(report, diagnostic);
    let (message, text) = (attribute(message), content(&text));
    match diagnostic.severity {
        Severity::Error => {
            writeln!(out, r#"      <failure message="{message}" type="error">{text}</failure>"#)?;
        }
        severity => {
            let severity = severity.as_str();
            writeln!(out, "      <system-out>{severity}: {text}</system-out>")?;
        }
    }
    writeln!(out, "    </testcase>")
}
