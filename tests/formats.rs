//! The reports of `check` as a user asks for them: which, several at once, into files, in colour.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pretty_assertions::assert_eq;
use serde_json::Value;
use tempfile::TempDir;

const BROKEN: &str = "test-flakes/homelab-broken";
const RIGHT: &str = "test-flakes/homelab";

/// The findings in the broken homelab.
const FINDINGS: usize = 15;

/// The program in the workspace's directory, with nothing said of colours.
fn check(repository: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nixpact"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK"] {
        command.env_remove(variable);
    }
    command.args(["check", repository]).args(arguments);
    command
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("no signal ended it")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// What is printed in `format`, with the status for findings or for none.
fn printed(repository: &str, format: &str) -> String {
    let output = check(repository, &["--format", format]).output().unwrap();
    let expected = i32::from(repository == BROKEN);
    assert_eq!((status(&output), err(&output)), (expected, ""), "{format}");
    out(&output).to_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// A file of its own, its path for the command line, and the directory that it is in.
fn file(name: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    (directory, path)
}

fn into_file(format: &str, path: &Path) -> String {
    format!("{format}={}", path.display())
}

fn entries(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

// --- each format -----------------------------------------------------------------------------------

#[test]
fn every_format_has_every_finding_and_none_in_a_right_repository() {
    let counted = |format: &str, count: &dyn Fn(&str) -> usize| {
        assert_eq!(count(&printed(BROKEN, format)), FINDINGS, "{format}");
        assert_eq!(count(&printed(RIGHT, format)), 0, "{format}");
    };
    counted("human", &|text| text.matches("= help: nixpact explain").count());
    counted("short", &|text| text.lines().filter(|line| line.contains(": error[")).count());
    counted("json", &|text| list(&json(text)["diagnostics"]).len());
    counted("jsonl", &|text| text.lines().map(json).filter(|it| it["lint"].is_string()).count());
    counted("sarif", &|text| list(&json(text)["runs"][0]["results"]).len());
    counted("github", &|text| text.lines().filter(|line| line.starts_with("::error ")).count());
    counted("gitlab", &|text| list(&json(text)).len());
    counted("junit", &|text| elements(text, "failure"));
    counted("checkstyle", &|text| elements(text, "error"));
    counted("rdjson", &|text| list(&json(text)["diagnostics"]).len());
}

fn elements(xml: &str, name: &str) -> usize {
    let document = roxmltree::Document::parse(xml).unwrap();
    document.descendants().filter(|node| node.has_tag_name(name)).count()
}

#[test]
fn the_book_has_a_section_for_each_format() {
    let page = include_str!("../docs/src/formats.md");
    for format in nixpact_render::Format::ALL {
        let name = format.as_str();
        assert!(page.contains(&format!("\n## {name}\n")), "{name}");
        assert!(page.contains(&format!("| [`{name}`](#{name}) |")), "{name}");
    }
}

#[test]
fn only_reports_for_people_end_in_a_summary() {
    for format in ["human", "short"] {
        let text = printed(RIGHT, format);
        assert!(text.starts_with("no findings in 54 files"), "{text}");
    }
    assert_eq!(printed(RIGHT, "github"), "");
    assert_eq!(printed(RIGHT, "jsonl"), "");
    assert_eq!(printed(RIGHT, "gitlab"), "[]\n");
}

#[test]
fn sarif_explains_every_lint() {
    let log = json(&printed(BROKEN, "sarif"));
    let rules = list(&log["runs"][0]["tool"]["driver"]["rules"]);
    assert_eq!(rules.len(), nixpact_lints::CATALOGUE.len());
    for rule in rules {
        let name = rule["id"].as_str().unwrap();
        let lint = nixpact_lints::find(name).unwrap();
        assert_eq!(rule["help"]["markdown"], lint.explanation);
        // Where the address leads is in this repository.
        let url = rule["helpUri"].as_str().unwrap();
        let page = url.split_once("/blob/main/").unwrap().1;
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        assert_eq!(std::fs::read_to_string(page).unwrap(), lint.explanation);
    }
    for result in list(&log["runs"][0]["results"]) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn sarif_places_are_those_of_the_source() {
    let log = json(&printed(BROKEN, "sarif"));
    let result = list(&log["runs"][0]["results"])
        .iter()
        .find(|result| result["ruleId"] == "unknown-middleware")
        .unwrap();
    let place = &result["locations"][0]["physicalLocation"];
    let path = place["artifactLocation"]["uri"].as_str().unwrap();
    // Relative to the checkout, if there is one.
    let path = path.strip_prefix(&format!("{BROKEN}/")).unwrap_or(path);
    let text = std::fs::read_to_string(Path::new(BROKEN).join(path)).unwrap();
    let number = |name: &str| place["region"][name].as_u64().unwrap() as usize - 1;
    let line = text.lines().nth(number("startLine")).unwrap();
    assert_eq!(&line[number("startColumn")..number("endColumn")], "\"auth-sso\"");
}

#[test]
fn sarif_keeps_what_is_suppressed() {
    let (repository, path) = file("a.nix");
    let comment = "# nixpact: allow(duplicate-attribute) -- both are meant";
    std::fs::write(path, format!("{{\n  a = 1;\n  a = 2; {comment}\n}}\n")).unwrap();
    let arguments = ["--format", "sarif", "--allow", "no-contract"];
    let output = check(repository.path().to_str().unwrap(), &arguments).output().unwrap();
    assert_eq!((status(&output), err(&output)), (0, ""));
    let log = json(out(&output));
    let [result] = list(&log["runs"][0]["results"]) else { panic!("{log}") };
    let [suppression] = list(&result["suppressions"]) else { panic!("{log}") };
    assert_eq!(suppression["kind"], "inSource");
    assert_eq!(suppression["justification"], "both are meant");
    assert_eq!(suppression["location"]["physicalLocation"]["region"]["startLine"], 3);
}

#[test]
fn paths_for_code_hosts_begin_at_the_checkout() {
    let (checkout, repository) = file("ho sts");
    std::fs::create_dir_all(repository.join("a")).unwrap();
    std::fs::write(repository.join("a/b.nix"), "{ a = 1; a = 2; }\n").unwrap();
    let shown = |format| {
        let output = check(repository.to_str().unwrap(), &["--format", format]).output().unwrap();
        assert_eq!(status(&output), 1, "{}", err(&output));
        out(&output).to_owned()
    };
    assert!(shown("github").contains(",file=a/b.nix,"));
    std::fs::create_dir(checkout.path().join(".git")).unwrap();
    assert!(shown("github").contains(",file=ho sts/a/b.nix,"));
    assert!(shown("sarif").contains("\"uri\": \"ho%20sts/a/b.nix\""));
    assert!(shown("gitlab").contains("\"path\": \"ho sts/a/b.nix\""));
    assert!(shown("json").contains("\"file\": \"a/b.nix\""));
    assert!(shown("short").contains("\na/b.nix:1:10: error"));
}

// --- several at once -------------------------------------------------------------------------------

#[test]
fn several_reports_at_once() {
    let (directory, sarif) = file("out.sarif");
    let junit = directory.path().join("with space = é.xml");
    let sarif_argument = into_file("sarif", &sarif);
    let junit_argument = into_file("junit", &junit);
    let arguments = ["--format", &sarif_argument, "--format", "short", "--format", &junit_argument];
    let output = check(BROKEN, &arguments).output().unwrap();
    assert_eq!((status(&output), err(&output)), (1, ""));
    assert_eq!(out(&output), printed(BROKEN, "short"));
    assert_eq!(std::fs::read_to_string(&sarif).unwrap(), printed(BROKEN, "sarif"));
    assert_eq!(std::fs::read_to_string(&junit).unwrap(), printed(BROKEN, "junit"));
    assert_eq!(entries(directory.path()).len(), 2);
}

#[test]
fn a_report_in_a_file_leaves_nothing_to_print() {
    let (_directory, path) = file("report.txt");
    let output = check(RIGHT, &["--format", &into_file("human", &path)]).output().unwrap();
    assert_eq!((status(&output), out(&output), err(&output)), (0, "", ""));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), printed(RIGHT, "human"));
}

#[test]
fn a_dash_is_standard_output() {
    assert_eq!(printed(BROKEN, "json=-"), printed(BROKEN, "json"));
}

#[test]
fn an_older_report_is_replaced() {
    let (_directory, path) = file("report.json");
    std::fs::write(&path, "x".repeat(1 << 20)).unwrap();
    check(RIGHT, &["--format", &into_file("json", &path)]).output().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), printed(RIGHT, "json"));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_report_can_be_read_by_others() {
    use std::os::unix::fs::PermissionsExt;
    let (directory, path) = file("report.json");
    let link = directory.path().join("link.json");
    std::fs::write(&path, "").unwrap();
    std::os::unix::fs::symlink("report.json", &link).unwrap();
    check(RIGHT, &["--format", &into_file("json", &link)]).output().unwrap();
    assert!(link.is_symlink());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), printed(RIGHT, "json"));
    // As any file that the user makes.
    let made = directory.path().join("made");
    std::fs::write(&made, "").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&made));
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to() {
    let arguments = ["--format", "json=/dev/null", "--format", "short=/dev/stderr"];
    let output = check(BROKEN, &arguments).output().unwrap();
    assert_eq!((status(&output), out(&output)), (1, ""));
    assert_eq!(err(&output), printed(BROKEN, "short"));
}

// --- what cannot be done ---------------------------------------------------------------------------

/// Status 2, nothing on standard output, and this in the message.
fn refused(arguments: &[&str], expected: &str) {
    let output = check(BROKEN, arguments).output().unwrap();
    assert_eq!((status(&output), out(&output)), (2, ""), "{arguments:?}");
    let message = err(&output);
    assert!(message.contains(expected) && !message.contains("panicked"), "{message}");
}

#[test]
fn an_unknown_format_is_refused_with_the_nearest() {
    refused(&["--format", "sarf=x"], "a similar value exists: 'sarif'");
    refused(&["--format", "sarf"], "--format <NAME[=FILE]>");
    refused(&["--format", "xml"], "possible values: human, short, json");
    refused(&["--format", "json="], "invalid value 'json='");
}

#[test]
fn two_reports_do_not_share_a_place() {
    let expected = "only one report can go to standard output: give 'json' or 'human' a file";
    refused(&["--format", "json", "--format", "human"], expected);
    refused(&["--format", "json=-", "--format", "human"], expected);
    refused(&["--format", "json=a/b", "--format", "sarif=a/b"], "two reports cannot go to a/b");
}

#[test]
fn a_file_that_cannot_be_written() {
    let (directory, path) = file("no-such/report.json");
    refused(&["--format", "short", "--format", &into_file("json", &path)], "cannot be written: ");
    refused(&["--format", &into_file("json", directory.path())], "cannot be written: ");
    assert_eq!(entries(directory.path()), Vec::<String>::new());
}

#[test]
fn a_run_that_fails_writes_no_report() {
    let (directory, path) = file("report.json");
    let output = check("no-such", &["--format", &into_file("json", &path)]).output().unwrap();
    assert_eq!(status(&output), 2);
    assert_eq!(entries(directory.path()), Vec::<String>::new());
}

// --- colour ----------------------------------------------------------------------------------------

#[test]
fn a_pipe_and_a_file_get_plain_text_unless_colour_is_asked_for() {
    let plain = printed(BROKEN, "human");
    assert!(!plain.contains('\u{1b}'));
    let colored = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = check(BROKEN, arguments);
        let text = command.envs(variables.iter().copied()).output().unwrap();
        let text = out(&text).to_owned();
        assert!(text.contains('\u{1b}') || text == plain);
        text.contains('\u{1b}')
    };
    assert!(colored(&[], &["--color", "always"]));
    assert!(colored(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "0"), ("CLICOLOR", "1")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(colored(&[("NO_COLOR", "1")], &["--color", "always"]));
    let (_directory, path) = file("report.txt");
    let argument = into_file("human", &path);
    let mut command = check(BROKEN, &["--format", &argument]);
    command.env("CLICOLOR_FORCE", "1").output().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), plain);
}

#[test]
fn reports_for_programs_have_no_colour() {
    for format in ["short", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson"] {
        let output = check(BROKEN, &["--format", format, "--color", "always"]).output().unwrap();
        assert_eq!(out(&output), printed(BROKEN, format), "{format}");
    }
}

/// What a terminal of so many columns gets; `None` without the program that plays one.
#[cfg(target_os = "linux")]
fn on_a_terminal(columns: usize, variables: &[(&str, &str)], repository: &Path) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_nixpact");
    let line = format!("stty rows 40 cols {columns}; {program} check {}", repository.display());
    let mut command = Command::new("script");
    command.args(["--quiet", "--command", &line, "/dev/null"]).env_clear();
    command.env("PATH", std::env::var_os("PATH")?).env("TERM", "xterm");
    let output = command.envs(variables.iter().copied()).output().ok()?;
    Some(String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colour_and_lines_of_its_width() {
    let (directory, path) = file("a.nix");
    let words = "lorem ipsum ".repeat(100);
    std::fs::write(path, format!("{{ a = 1; b = \"{words}\"; a = 2; }}\n")).unwrap();
    let longest = |text: &str| {
        let lines = text.lines().filter(|line| line.starts_with("1 │"));
        lines.map(|line| line.chars().count()).max().unwrap()
    };
    let shown = |columns, variables: &[_]| on_a_terminal(columns, variables, directory.path());
    let Some(narrow) = shown(60, &[("NO_COLOR", "1")]) else { return };
    assert!(!narrow.contains('\u{1b}'), "{narrow:?}");
    assert!((45..=60).contains(&longest(&narrow)), "{narrow}");
    let wide = shown(200, &[("CLICOLOR", "0")]).unwrap();
    assert!((150..=200).contains(&longest(&wide)), "{wide}");
    let colored = shown(80, &[]).unwrap();
    assert!(colored.contains("\u{1b}[") && !colored.contains("\u{1b}]8;;"), "{colored:?}");
    let links = shown(80, &[("TERM_PROGRAM", "ghostty")]).unwrap();
    assert!(
        links.contains("\u{1b}]8;;file:///") && links.contains("/a.nix\u{1b}\\a.nix"),
        "{links:?}"
    );
    let remote = shown(80, &[("TERM_PROGRAM", "ghostty"), ("SSH_CONNECTION", "x")]).unwrap();
    assert_eq!(remote, colored);
    assert!(!shown(80, &[("TERM", "dumb")]).unwrap().contains('\u{1b}'));
}
