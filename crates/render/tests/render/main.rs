//! What findings look like. The snapshots are rewritten by `SNAPSHOTS=overwrite cargo test`.

mod human;
mod json;
mod machines;
mod property;
mod short;

use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix, Severity};
use nixpact_render::{Format, Report, Rule, Style, Summary, Values, render};
use nixpact_source::{FileId, Sources, Span};

const SONARR: &str = "modules/server/arrs/sonarr/default.nix";
const JELLYFIN: &str = "modules/server/media/jellyfin/default.nix";

fn sources(files: &[(&str, &str)]) -> Sources {
    Sources::from_memory(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
}

/// The first occurrence of `part` in the file at `path`.
fn span(sources: &Sources, path: &str, part: &str) -> Span {
    let id = sources.id(path).unwrap();
    let start = sources.file(id).text.find(part).unwrap() as u32;
    Span::new(id, start, start + part.len() as u32)
}

const PLAIN: Style = Style { color: false, hyperlinks: false, width: 140 };
const COLORED: Style = Style { color: true, ..PLAIN };

fn rules() -> [Rule<'static>; 2] {
    let rule = |name, level| Rule {
        name,
        summary: "something is wrong",
        page: "# A page\n",
        level: Some(level),
        url: format!("https://example.org/{name}"),
    };
    [rule("duplicate-port", Severity::Error), rule("no-contract", Severity::Note)]
}

fn rendered(format: Format, style: Style, sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let reasons = [("condition", 1), ("external", 2)].into();
    let values = Values { known: 204, unknown: 3, reasons };
    let summary =
        Summary { files: 31, services: 17, hosts: 1, values, ..Summary::counting(diagnostics) };
    let mut out = Vec::new();
    let rules = rules();
    let suppressed = &[];
    let report =
        Report { sources, prefix: "", diagnostics, suppressed, summary: &summary, rules: &rules };
    render(&mut out, format, &style, &report).unwrap();
    String::from_utf8(out).unwrap()
}

fn two_services() -> Sources {
    sources(&[
        (SONARR, "{ ... }:\n{\n  qgroget.serviceModules.sonarr = {\n    port = 8080;\n  };\n}\n"),
        (JELLYFIN, "{ ... }:\n{\n  qgroget.serviceModules.jellyfin.port = 8080;\n}\n"),
    ])
}

/// The example of the design: two services in two files, and a fix.
fn port_conflict(sources: &Sources) -> Diagnostic {
    let port = span(sources, SONARR, "8080");
    Diagnostic::new(
        "duplicate-port",
        Severity::Error,
        "Port 8080 conflict between 'jellyfin' and 'sonarr'",
    )
    .host(Some("Server"))
    .service("sonarr")
    .service("jellyfin")
    .primary(port, "'sonarr' claims it here")
    .secondary(span(sources, JELLYFIN, "8080"), "'jellyfin' already has it")
    .note("Fix: qgroget.serviceModules.sonarr.port = 8081;")
    .fix(Fix {
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: port, text: "8081".to_owned() }],
    })
}

/// A finding about the repository as a whole.
fn no_contract() -> Diagnostic {
    Diagnostic::new("no-contract", Severity::Note, "No option declares a service contract")
        .note("Only the lints about Nix itself were run")
}

/// A lint with such a defect must be found by its tests, and must not cost the run of a user.
#[test]
#[cfg_attr(debug_assertions, should_panic(expected = "is not a range of its file"))]
fn spans_outside_of_the_files() {
    let sources = sources(&[("a.nix", "ü")]);
    let past_the_end = Span { file: FileId::new(0), start: 7, end: 9 };
    let inverted = Span { file: FileId::new(0), start: 2, end: 1 };
    let no_such_file = Span { file: FileId::new(9), start: 0, end: 1 };
    for span in [past_the_end, inverted, no_such_file] {
        let fix = Fix {
            applicability: Applicability::Safe,
            edits: vec![Edit { span, text: String::new() }],
        };
        let diagnostic = no_contract().primary(span, "here").secondary(span, "there").fix(fix);
        for format in Format::ALL {
            let shown = rendered(format, PLAIN, &sources, std::slice::from_ref(&diagnostic));
            assert!(shown.contains("No option declares a service contract"));
            assert!(!shown.contains("edits"));
        }
    }
}
