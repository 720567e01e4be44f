//! Random edits, and what is known after them against a fresh check of the same texts.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_engine::{Analysis, Options};

use super::Editor;

/// What happened.
#[derive(Debug, Default)]
pub struct Report {
    pub edits: usize,
    /// How often the result was compared, and how often a file did not parse then.
    pub compared: usize,
    pub broken: usize,
    /// Kilobytes that the process holds: after each tenth of the edits.
    pub memory: Vec<usize>,
}

/// Numbers that look random, the same in each run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    pub fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// What is typed.
const SNIPPETS: &[&str] = &[
    "{",
    "}",
    "\"",
    "''",
    "[",
    ";",
    "=",
    " ",
    "\n",
    "x",
    ".",
    "# c\n",
    "port = 8080;\n",
    "${",
    "ü",
    "enable = false;\n",
    "a = 1; a = 2;\n",
    "lib.mkIf ",
    "dependsOn = [\"none\"];\n",
    "🎬",
    "let in",
];

/// A finding as both sides know it: path, line, column, lint and first line.
type Finding = (String, u64, u64, String, String);

/// Makes `edits` random edits in the documents of `paths` and compares after each `every` of them.
pub fn soak(editor: &mut Editor, paths: &[&str], edits: usize, every: usize) -> Report {
    let mut random = Random::new(7);
    let mut report = Report { edits, ..Report::default() };
    let mut original = BTreeMap::new();
    for path in paths {
        editor.open(path);
        original.insert(*path, editor.text(path).to_owned());
    }
    // The last text of each document that was readable.
    let mut whole: BTreeMap<String, String> =
        original.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect();
    for number in 1..=edits {
        let path = *random.of(paths);
        edit(editor, &mut random, path, &original[path]);
        // Each text has to be seen: a readable one may be the last before a broken one.
        editor.settle();
        note_whole(editor, path, &mut whole);
        if number % every == 0 {
            compare(editor, paths, &whole, &mut report);
        }
        if number % (edits / 10).max(1) == 0 {
            report.memory.push(resident());
        }
    }
    report
}

/// One change of a document that may leave anything.
pub fn edit(editor: &mut Editor, random: &mut Random, path: &str, original: &str) {
    let text = editor.text(path).to_owned();
    let boundaries: Vec<usize> =
        text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    match random.below(8) {
        // People repair what they broke.
        0..=2 => editor.edit_range(path, 0..text.len(), original),
        3 => {
            let first = random.below(boundaries.len());
            let last = (first + random.below(6)).min(boundaries.len() - 1);
            editor.edit_range(path, boundaries[first]..boundaries[last], "");
        }
        4 if text.contains("port = ") => {
            let at = text.find("port = ").unwrap() + "port = ".len();
            let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
            let port = (10_000 + random.below(30)).to_string();
            editor.edit_range(path, at..at + digits, &port);
        }
        5 if text.contains("enable = true") => {
            let all: Vec<_> = text.match_indices("enable = true").map(|(at, _)| at).collect();
            let at = *random.of(&all);
            editor.edit_range(path, at..at + "enable = true".len(), "enable = false");
        }
        _ => {
            let at = *random.of(&boundaries);
            let snippet = *random.of(SNIPPETS);
            editor.edit_range(path, at..at, snippet);
        }
    }
}

/// Remembers a text that has no syntax error, as the server says.
fn note_whole(editor: &Editor, path: &str, whole: &mut BTreeMap<String, String>) {
    let findings = editor.published.get(path).map(|(_, findings)| findings);
    let is_broken = |finding: &serde_json::Value| finding["code"] == "syntax-error";
    if !findings.is_some_and(|findings| findings.iter().any(is_broken)) {
        whole.insert(path.to_owned(), editor.text(path).to_owned());
    }
}

fn compare(editor: &Editor, paths: &[&str], whole: &BTreeMap<String, String>, report: &mut Report) {
    let texts = paths.iter().map(|path| ((*path).to_owned(), editor.text(path).to_owned()));
    let now: BTreeMap<String, String> = texts.collect();
    let shown: BTreeSet<Finding> = shown(editor);
    let fresh = fresh(editor, now);
    let broken: BTreeSet<&String> = fresh
        .iter()
        .filter(|(_, _, _, lint, _)| lint == "syntax-error")
        .map(|(path, ..)| path)
        .collect();
    report.compared += 1;
    if broken.is_empty() {
        assert_eq!(shown, fresh);
        return;
    }
    report.broken += 1;
    // Each syntax error is shown where it is.
    let errors = |all: &BTreeSet<Finding>| -> BTreeSet<Finding> {
        all.iter().filter(|finding| finding.3 == "syntax-error").cloned().collect()
    };
    assert_eq!(errors(&shown), errors(&fresh));
    // All else is what it was with the last text that could be read, neither more nor, elsewhere, less.
    let known = self::fresh(editor, whole.clone());
    let without_place =
        |finding: &Finding| (finding.0.clone(), finding.3.clone(), finding.4.clone());
    let names: BTreeSet<_> = known.iter().map(without_place).collect();
    for finding in shown.iter().filter(|finding| finding.3 != "syntax-error") {
        assert!(names.contains(&without_place(finding)), "invented: {finding:?}");
    }
    for finding in known.iter().filter(|finding| !broken.contains(&finding.0)) {
        assert!(shown.contains(finding), "lost: {finding:?}");
    }
}

fn shown(editor: &Editor) -> BTreeSet<Finding> {
    let all = editor.published.iter().flat_map(|(path, (_, findings))| {
        findings.iter().map(move |finding| {
            let start = &finding["range"]["start"];
            let message = finding["message"].as_str().unwrap_or_default();
            (
                path.clone(),
                start["line"].as_u64().unwrap_or_default(),
                start["character"].as_u64().unwrap_or_default(),
                finding["code"].as_str().unwrap_or_default().to_owned(),
                message.lines().next().unwrap_or_default().to_owned(),
            )
        })
    });
    all.collect()
}

fn fresh(editor: &Editor, overlay: BTreeMap<String, String>) -> BTreeSet<Finding> {
    let options = Options { root: editor.root().to_owned(), overlay, ..Options::default() };
    let analysis = Analysis::run(&options).expect("the repository can be checked");
    let finding = |finding: &nixpact_diagnostics::Diagnostic| {
        let label = finding.primary.as_ref()?;
        let file = analysis.sources.file(label.span.file);
        let at = super::position(&file.text, label.span.start as usize);
        Some((
            file.path.clone(),
            at["line"].as_u64()?,
            at["character"].as_u64()?,
            finding.lint.to_owned(),
            first_line(finding),
        ))
    };
    let without_place = |it: &nixpact_diagnostics::Diagnostic| {
        ("flake.nix".to_owned(), 0, 0, it.lint.to_owned(), first_line(it))
    };
    analysis.diagnostics.iter().map(|it| finding(it).unwrap_or_else(|| without_place(it))).collect()
}

/// A message may quote what was typed.
fn first_line(finding: &nixpact_diagnostics::Diagnostic) -> String {
    finding.message.lines().next().unwrap_or_default().to_owned()
}

/// Kilobytes of memory that the process holds.
pub fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').nth(1).and_then(|it| it.parse::<usize>().ok());
    pages.unwrap_or_default() * 4
}
