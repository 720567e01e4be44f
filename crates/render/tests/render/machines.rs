//! The formats for other programs.

use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix, Severity, Suppression};
use nixpact_render::{Format, Report, Summary, render};
use nixpact_source::{Sources, Span};
use roxmltree::Document;
use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use crate::{PLAIN, no_contract, port_conflict, rendered, rules, sources, span, two_services};

fn shown(format: Format, sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let text = rendered(format, PLAIN, sources, diagnostics);
    assert!(text.is_empty() || text.ends_with('\n'));
    text
}

fn parsed(format: Format, sources: &Sources, diagnostics: &[Diagnostic]) -> Value {
    serde_json::from_str(&shown(format, sources, diagnostics)).unwrap()
}

/// A finding at a place whose path and text mean something else in every format.
fn awkward() -> (Sources, Diagnostic) {
    let path = "a b#1/50%/ü:,<&>\"'.nix";
    let sources = sources(&[("flake.nix", "{ }"), (path, "{\n\t🎬界 = \"x\";\n}\n")]);
    let diagnostic = Diagnostic::new("a-lint", Severity::Warning, "<b> & 50%: [x](1)\u{1b}\n\"é\"")
        .primary(span(&sources, path, "\"x\""), "a [label]")
        .secondary(span(&sources, path, "界"), "a \\ [link](2)")
        .note("two\r\nlines ]]>");
    (sources, diagnostic)
}

/// Two edits in one file and one in another.
fn two_files_to_repair(applicability: Applicability) -> (Sources, Diagnostic) {
    let sources = two_services();
    let edit = |path: &str, part, text: &str| Edit {
        span: span(&sources, path, part),
        text: text.to_owned(),
    };
    let edits = vec![
        edit(crate::SONARR, "sonarr", "s"),
        edit(crate::SONARR, "8080", "81"),
        edit(crate::JELLYFIN, "8080", ""),
    ];
    let diagnostic = port_conflict(&sources).fix(Fix { applicability, edits });
    (sources, diagnostic)
}

#[test]
fn a_line_of_json_is_a_member_of_the_json_report() {
    let sources = two_services();
    let diagnostics = [no_contract(), port_conflict(&sources)];
    let report = parsed(Format::Json, &sources, &diagnostics);
    let lines = shown(Format::Jsonl, &sources, &diagnostics);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(report["diagnostics"], json!(lines));
}

#[test]
fn workflow_commands() {
    let sources = two_services();
    let lines_of = |from: &str, to: &str| {
        let (from, to) = (span(&sources, crate::SONARR, from), span(&sources, crate::SONARR, to));
        Span::new(from.file, from.start, to.end)
    };
    let several_lines = Diagnostic::new("a-lint", Severity::Warning, "Several lines")
        .primary(lines_of("qgroget", "8080"), "");
    let (awkward_sources, awkward) = awkward();
    // snapbox compares a backslash as a slash.
    assert_data_eq!(
        shown(Format::Github, &sources, &[port_conflict(&sources), no_contract(), several_lines])
            + &shown(Format::Github, &awkward_sources, &[awkward]),
        str![[r#"
::error title=duplicate-port,file=modules/server/arrs/sonarr/default.nix,line=4,endLine=4,col=12,endColumn=16::Port 8080 conflict between 'jellyfin' and 'sonarr'%0Amodules/server/arrs/sonarr/default.nix:4:12: 'sonarr' claims it here%0Amodules/server/media/jellyfin/default.nix:3:42: 'jellyfin' already has it%0AFix: qgroget.serviceModules.sonarr.port = 8081;
::notice title=no-contract::No option declares a service contract%0AOnly the lints about Nix itself were run
::warning title=a-lint,file=modules/server/arrs/sonarr/default.nix,line=3,endLine=4::Several lines%0Amodules/server/arrs/sonarr/default.nix:3:3
::warning title=a-lint,file=a b#1/50%25/ü%3A%2C<&>"'.nix,line=2,endLine=2,col=7,endColumn=10::<b> & 50%25: [x](1)?%0A"é"%0Aa b#1/50%25/ü:,<&>"'.nix:2:7: a [label]%0Aa b#1/50%25/ü:,<&>"'.nix:2:3: a / [link](2)%0Atwo%0D%0Alines ]]>

"#]]
    );
}

#[test]
fn code_quality() {
    let sources = two_services();
    let mut known = port_conflict(&sources);
    known.fingerprint = "0123456789abcdef0123456789abcdef".to_owned();
    let diagnostics = [known.clone(), known, no_contract(), no_contract()];
    let issues = parsed(Format::Gitlab, &sources, &diagnostics);
    assert_eq!(
        issues[0],
        json!({
            "description": "Port 8080 conflict between 'jellyfin' and 'sonarr'\n\
                            Fix: qgroget.serviceModules.sonarr.port = 8081;",
            "check_name": "duplicate-port",
            "fingerprint": "0123456789abcdef0123456789abcdef",
            "severity": "major",
            "location": { "path": crate::SONARR, "lines": { "begin": 4, "end": 4 } },
        })
    );
    assert_eq!(issues[1]["fingerprint"], "0123456789abcdef0123456789abcdef-2");
    // No flake.nix: the first file stands for the repository.
    assert_eq!(
        issues[2]["location"],
        json!({ "path": crate::SONARR, "lines": { "begin": 1, "end": 1 } })
    );
    let prints: Vec<&Value> = (0..4).map(|at| &issues[at]["fingerprint"]).collect();
    assert!((1..4).all(|at| !prints[..at].contains(&prints[at])), "{prints:?}");
}

#[test]
fn a_test_report() {
    let sources = two_services();
    let warning = Diagnostic::new("a-lint", Severity::Warning, "Something");
    let text = shown(Format::Junit, &sources, &[warning, port_conflict(&sources)]);
    assert_data_eq!(
        text,
        str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nixpact" tests="3" failures="1" errors="0" time="0">
  <testsuite name="duplicate-port" tests="1" failures="1" errors="0" skipped="0" time="0">
    <testcase name="modules/server/arrs/sonarr/default.nix: Port 8080 conflict between 'jellyfin' and 'sonarr'" classname="duplicate-port" time="0">
      <failure message="Port 8080 conflict between 'jellyfin' and 'sonarr'" type="error">Port 8080 conflict between 'jellyfin' and 'sonarr'
modules/server/arrs/sonarr/default.nix:4:12: 'sonarr' claims it here
modules/server/media/jellyfin/default.nix:3:42: 'jellyfin' already has it
Fix: qgroget.serviceModules.sonarr.port = 8081;</failure>
    </testcase>
  </testsuite>
  <testsuite name="no-contract" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase name="no findings" classname="no-contract" time="0"/>
  </testsuite>
  <testsuite name="a-lint" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase name="Something" classname="a-lint" time="0">
      <system-out>warning: Something</system-out>
    </testcase>
  </testsuite>
</testsuites>

"#]]
    );
}

#[test]
fn checkstyle() {
    let sources = two_services();
    let text = shown(Format::Checkstyle, &sources, &[no_contract(), port_conflict(&sources)]);
    assert_data_eq!(
        text,
        str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="modules/server/arrs/sonarr/default.nix">
    <error line="1" column="1" severity="info" message="No option declares a service contract&#10;Only the lints about Nix itself were run" source="nixpact.no-contract"/>
    <error line="4" column="12" severity="error" message="Port 8080 conflict between 'jellyfin' and 'sonarr'&#10;Fix: qgroget.serviceModules.sonarr.port = 8081;" source="nixpact.duplicate-port"/>
  </file>
</checkstyle>

"#]]
    );
}

#[test]
fn xml_keeps_every_character_it_can() {
    let (sources, diagnostic) = awkward();
    let all = std::slice::from_ref(&diagnostic);
    let message = diagnostic.message.replace('\u{1b}', "\u{fffd}");
    let text = shown(Format::Checkstyle, &sources, all);
    let report = Document::parse(&text).unwrap();
    let error = report.descendants().find(|node| node.has_tag_name("error")).unwrap();
    let expected = format!("{message}\n{}", diagnostic.notes[0]);
    assert_eq!(error.attribute("message"), Some(&*expected));
    let file = error.parent().unwrap();
    assert_eq!(file.attribute("name"), Some("a b#1/50%/ü:,<&>\"'.nix"));
    let text = shown(Format::Junit, &sources, all);
    let report = Document::parse(&text).unwrap();
    let output = report.descendants().find(|node| node.has_tag_name("system-out")).unwrap();
    let output = output.text().unwrap();
    assert!(output.starts_with(&format!("warning: {message}\n")), "{output:?}");
    assert!(output.ends_with("\ntwo\r\nlines ]]>"), "{output:?}");
}

#[test]
fn reviewdog() {
    let (sources, diagnostic) = awkward();
    let report = parsed(Format::Rdjson, &sources, &[diagnostic, no_contract()]);
    let [first, second] = &report["diagnostics"].as_array().unwrap()[..] else { panic!() };
    // Columns count bytes: a tab of 1, 🎬 of 4, 界 of 3, ` = ` of 3.
    let range = |start, end| json!({ "start": { "line": 2, "column": start }, "end": { "line": 2, "column": end } });
    assert_eq!(first["location"]["range"], range(12, 15));
    assert_eq!(first["related_locations"][0]["location"]["range"], range(6, 9));
    assert_eq!(first["severity"], "WARNING");
    assert_eq!(first["suggestions"], Value::Null);
    assert_eq!(second["location"], json!({ "path": "flake.nix" }));
    assert_eq!(
        second["code"],
        json!({ "value": "no-contract", "url": "https://example.org/no-contract" })
    );
}

#[test]
fn reviewdog_is_told_fixes_that_it_can_apply() {
    let sources = two_services();
    let report = parsed(Format::Rdjson, &sources, &[port_conflict(&sources)]);
    assert_eq!(
        report["diagnostics"][0]["suggestions"],
        json!([{
            "range": { "start": { "line": 4, "column": 12 }, "end": { "line": 4, "column": 16 } },
            "text": "8081",
        }])
    );
    let (sources, several) = two_files_to_repair(Applicability::Safe);
    let report = parsed(Format::Rdjson, &sources, &[several]);
    assert_eq!(report["diagnostics"][0]["suggestions"], Value::Null);
}

fn results(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<Value> {
    let log = parsed(Format::Sarif, sources, diagnostics);
    log["runs"][0]["results"].as_array().unwrap().clone()
}

#[test]
fn sarif_says_what_it_is() {
    let log = parsed(Format::Sarif, &sources(&[]), &[]);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"], json!([{ "executionSuccessful": true }]));
    assert!(run["originalUriBaseIds"]["SRCROOT"]["uri"].is_null());
    assert_eq!(run["results"], json!([]));
    let driver = &run["tool"]["driver"];
    assert_eq!((&driver["name"], &driver["version"]), (&json!("nixpact"), &json!("0.1.0")));
    assert_eq!(
        driver["rules"][1],
        json!({
            "id": "no-contract",
            "name": "NoContract",
            "shortDescription": { "text": "Something is wrong." },
            "fullDescription": { "text": "Something is wrong." },
            "helpUri": "https://example.org/no-contract",
            "help": { "text": "# A page\n", "markdown": "# A page\n" },
            "defaultConfiguration": { "enabled": true, "level": "note" },
            "properties": {
                "tags": ["nixos"],
                "precision": "very-high",
                "problem.severity": "recommendation",
            },
        })
    );
}

#[test]
fn sarif_places() {
    let (sources, diagnostic) = awkward();
    let results = results(&sources, &[diagnostic, no_contract()]);
    let artifact = json!({
        "uri": "a%20b%231/50%25/%C3%BC%3A%2C%3C%26%3E%22%27.nix", "uriBaseId": "SRCROOT",
    });
    let place = |start, end| {
        json!({
            "artifactLocation": artifact,
            "region": { "startLine": 2, "startColumn": start, "endLine": 2, "endColumn": end },
        })
    };
    assert_eq!(results[0]["locations"], json!([{ "physicalLocation": place(7, 10) }]));
    assert_eq!(
        results[0]["relatedLocations"],
        json!([{
            "id": 1,
            "physicalLocation": place(3, 4),
            "message": { "text": "a \\ [link](2)" },
        }])
    );
    let message = results[0]["message"]["text"].as_str().unwrap();
    let expected = "<b> & 50%: [x] (1)\u{1b}\n\"é\". A [label].\n\
                    [a \\\\ \\[link\\](2)](1)\ntwo\r\nlines ]]>";
    assert_eq!(message, expected);
    let nowhere = &results[1]["locations"][0]["physicalLocation"];
    assert_eq!(nowhere["artifactLocation"]["uri"], "flake.nix");
    assert_eq!(nowhere["region"]["startLine"], 1);
    assert_eq!(results[1]["ruleIndex"], 1);
    assert_eq!(results[0]["ruleIndex"], Value::Null);
}

#[test]
fn sarif_fixes() {
    let (sources, diagnostic) = two_files_to_repair(Applicability::Unsafe);
    let only_to_show =
        Fix { applicability: Applicability::DisplayOnly, ..diagnostic.fix.clone().unwrap() };
    let results = results(&sources, &[diagnostic.clone(), diagnostic.fix(only_to_show)]);
    let replaced = |line: u32, start: u32, end: u32, text: &str| {
        json!({
            "deletedRegion":
                { "startLine": line, "startColumn": start, "endLine": line, "endColumn": end },
            "insertedContent": { "text": text },
        })
    };
    let [fix] = &results[0]["fixes"].as_array().unwrap()[..] else { panic!() };
    assert_eq!(
        fix["artifactChanges"],
        json!([
            {
                "artifactLocation": { "uri": crate::SONARR, "uriBaseId": "SRCROOT" },
                "replacements": [replaced(3, 26, 32, "s"), replaced(4, 12, 16, "81")],
            },
            {
                "artifactLocation": { "uri": crate::JELLYFIN, "uriBaseId": "SRCROOT" },
                "replacements": [replaced(3, 42, 46, "")],
            },
        ])
    );
    assert_eq!(results[1]["fixes"], Value::Null);
}

#[test]
fn sarif_keeps_what_is_suppressed() {
    let sources = two_services();
    let span = span(&sources, crate::SONARR, "{ ... }:");
    let reason = "one socket".to_owned();
    let suppressed = |suppression| {
        let mut diagnostic = port_conflict(&sources);
        diagnostic.suppression = Some(suppression);
        diagnostic
    };
    let suppressed =
        [suppressed(Suppression::Comment { span, reason }), suppressed(Suppression::Baseline)];
    let diagnostics = [no_contract()];
    let summary = Summary::counting(&diagnostics);
    let report = Report {
        sources: &sources,
        prefix: "",
        diagnostics: &diagnostics,
        suppressed: &suppressed,
        summary: &summary,
        rules: &rules(),
    };
    let mut out = Vec::new();
    render(&mut out, Format::Sarif, &PLAIN, &report).unwrap();
    let log: Value = serde_json::from_slice(&out).unwrap();
    let results = &log["runs"][0]["results"];
    assert_eq!(results[0]["suppressions"], json!([]));
    assert_eq!(results[1]["suppressions"][0]["kind"], "inSource");
    assert_eq!(results[1]["suppressions"][0]["justification"], "one socket");
    let comment = &results[1]["suppressions"][0]["location"]["physicalLocation"]["region"];
    assert_eq!(comment["endColumn"], 9);
    assert_eq!(results[2]["suppressions"], json!([{ "kind": "external" }]));
    // No other format has a place for them.
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Sarif) {
        let mut out = Vec::new();
        render(&mut out, format, &PLAIN, &report).unwrap();
        assert!(!String::from_utf8(out).unwrap().contains("8080"), "{format:?}");
    }
}

#[test]
fn code_hosts_know_files_by_their_place_in_the_checkout() {
    let sources = two_services();
    let mut diagnostics = [port_conflict(&sources), no_contract()];
    for diagnostic in &mut diagnostics {
        diagnostic.fingerprint = "0123456789abcdef0123456789abcdef".to_owned();
    }
    let summary = Summary::counting(&diagnostics);
    let report = Report {
        sources: &sources,
        prefix: "a dir/",
        diagnostics: &diagnostics,
        suppressed: &[],
        summary: &summary,
        rules: &rules(),
    };
    for format in Format::ALL {
        let mut out = Vec::new();
        render(&mut out, format, &PLAIN, &report).unwrap();
        let out = String::from_utf8(out).unwrap();
        let prefix = match format {
            Format::Human | Format::Short | Format::Json | Format::Jsonl => "",
            Format::Sarif => "a%20dir/",
            _ => "a dir/",
        };
        let paths = out.matches("modules/server/").count();
        assert!(paths > 0);
        assert_eq!(out.matches(&format!("{prefix}modules/server/")).count(), paths, "{format:?}");
        assert!(!prefix.is_empty() || !out.contains("dir/"), "{format:?}");
    }
}
