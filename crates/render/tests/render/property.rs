use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix, Severity};
use nixpact_render::{Format, Style};
use nixpact_source::{FileId, Sources, Span};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::{COLORED, PLAIN, rendered};

proptest! {
    #[test]
    fn any_span_renders(
        (sources, diagnostics) in (files(), prop::collection::vec(finding(), 0..4))
            .prop_map(|(sources, findings)| {
                let diagnostics = findings.into_iter().map(|it| it.in_files(&sources)).collect();
                (sources, diagnostics)
            })
    ) {
        let diagnostics: Vec<Diagnostic> = diagnostics;
        let shown = |format, color| rendered(format, color, &sources, &diagnostics);

        let human = shown(Format::Human, PLAIN);
        prop_assert!(!human.contains(|it: char| it.is_control() && it != '\n' && it != '\t'), "{human:?}");
        prop_assert!(!human.contains(" \n"), "{human:?}");
        prop_assert!(shown(Format::Human, COLORED).len() >= human.len());

        let short = shown(Format::Short, PLAIN);
        prop_assert_eq!(short.lines().count(), diagnostics.len());
        prop_assert!(!short.contains(|it: char| it.is_control() && it != '\n'), "{short:?}");

        let json: Value = serde_json::from_str(&shown(Format::Json, PLAIN)).unwrap();
        let findings = json["diagnostics"].as_array().unwrap();
        prop_assert_eq!(findings.len(), diagnostics.len());
        for (finding, diagnostic) in findings.iter().zip(&diagnostics) {
            prop_assert_eq!(&finding["message"], &diagnostic.message);
            prop_assert_eq!(finding["primary"].is_null(), diagnostic.primary.is_none());
            let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
            let shown = [&finding["primary"]].into_iter().filter(|it| !it.is_null());
            for (label, shown) in labels.zip(shown.chain(finding["secondary"].as_array().unwrap())) {
                let file = sources.file(label.span.file);
                prop_assert_eq!(&shown["file"], &file.path);
                prop_assert_eq!(byte(&file.text, &shown["start"]), label.span.start as usize);
                prop_assert_eq!(byte(&file.text, &shown["end"]), label.span.end as usize);
                prop_assert_eq!(&shown["start"]["byte"], label.span.start);
                prop_assert_eq!(&shown["end"]["byte"], label.span.end);
            }
        }

        let narrow = shown(Format::Human, Style { width: 1, ..PLAIN });
        for line in narrow.lines().filter(|line| line.chars().next().is_some_and(|it| it.is_ascii_digit())) {
            // The digits, the border, what a label of several lines draws, and a line cut to 40 columns
            // around at most two ends of 16 labels.
            prop_assert!(line.chars().count() < 8 + 40 + 32 * 18, "{line:?}");
        }

        let github = shown(Format::Github, PLAIN);
        prop_assert_eq!(github.lines().count(), diagnostics.len());
        prop_assert!(!github.contains(|it: char| it.is_control() && it != '\n' && it != '\t'));
        prop_assert_eq!(shown(Format::Jsonl, PLAIN).lines().count(), diagnostics.len());

        let sarif: Value = serde_json::from_str(&shown(Format::Sarif, PLAIN)).unwrap();
        for (result, diagnostic) in members(&sarif["runs"][0]["results"]).zip(&diagnostics) {
            let Some(label) = &diagnostic.primary else { continue };
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let text = &sources.file(label.span.file).text;
            let at = |line, column| json!({ "line": region[line], "column": region[column] });
            let (start, end) = (at("startLine", "startColumn"), at("endLine", "endColumn"));
            prop_assert_eq!(byte(text, &start), label.span.start as usize);
            prop_assert_eq!(byte(text, &end), label.span.end as usize);
        }
        let rdjson: Value = serde_json::from_str(&shown(Format::Rdjson, PLAIN)).unwrap();
        for (finding, diagnostic) in members(&rdjson["diagnostics"]).zip(&diagnostics) {
            let Some(label) = &diagnostic.primary else { continue };
            let start = &finding["location"]["range"]["start"];
            let before = &sources.file(label.span.file).text[..label.span.start as usize];
            let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
            prop_assert_eq!(&start["column"], column);
        }
        let gitlab: Value = serde_json::from_str(&shown(Format::Gitlab, PLAIN)).unwrap();
        prop_assert_eq!(members(&gitlab).count(), diagnostics.len());

        for (format, finding) in [(Format::Junit, "testcase"), (Format::Checkstyle, "error")] {
            let text = shown(format, PLAIN);
            let document = roxmltree::Document::parse(&text).unwrap();
            let findings = document.descendants().filter(|it| it.has_tag_name(finding));
            let findings = findings.filter(|it| it.attribute("name") != Some("no findings"));
            prop_assert_eq!(findings.count(), diagnostics.len());
        }
    }
}

fn members(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().unwrap().iter()
}

/// The byte that a line and a column of the report stand for.
fn byte(text: &str, position: &Value) -> usize {
    let number = |name: &str| position[name].as_u64().unwrap() as usize - 1;
    let start: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
    start + text[start..].chars().take(number("column")).map(char::len_utf8).sum::<usize>()
}

/// Whatever is hard to align, or to keep from a terminal.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "\n", "\n", "\r\n", "\r", "\t", " ", "a", "port = 80;", "界", "🎬", "👩\u{200d}👧", "e\u{301}",
    "\u{301}", "\u{1b}[31m", "\u{9b}", "\u{202e}", "\u{feff}", "\0", "\u{2028}", "\"", "%s",
];

fn text() -> impl Strategy<Value = String> {
    let piece = (select(PIECES), prop_oneof![9 => Just(1), 1 => 1..200usize]);
    prop::collection::vec(piece, 0..24)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, times)| piece.repeat(times)).collect())
}

fn files() -> impl Strategy<Value = Sources> {
    prop::collection::vec(text(), 1..4).prop_map(|texts| {
        let paths = ["a.nix", "b/c.nix", "界\u{1b}\n.nix"].map(str::to_owned);
        Sources::from_memory(paths.into_iter().zip(texts))
    })
}

/// A finding that does not know its files yet.
#[derive(Clone, Debug)]
struct Finding {
    severity: Severity,
    texts: Vec<String>,
    primary: Option<Place>,
    secondary: Vec<Place>,
    edits: Option<Vec<Place>>,
}

/// A file and two of its character boundaries.
type Place = (Index, Index, Index);

fn finding() -> impl Strategy<Value = Finding> {
    let place = || any::<Place>();
    (
        select(&[Severity::Note, Severity::Warning, Severity::Error][..]),
        prop::collection::vec(text(), 4),
        prop::option::of(place()),
        prop::collection::vec(place(), 0..20),
        prop::option::of(prop::collection::vec(place(), 0..3)),
    )
        .prop_map(|(severity, texts, primary, secondary, edits)| Finding {
            severity,
            texts,
            primary,
            secondary,
            edits,
        })
}

impl Finding {
    fn in_files(self, sources: &Sources) -> Diagnostic {
        let [message, label, note, text] = &self.texts[..] else { unreachable!() };
        let mut diagnostic = Diagnostic::new("a-lint", self.severity, message).note(note);
        if let Some(place) = self.primary {
            diagnostic = diagnostic.primary(in_file(sources, place), label);
        }
        for place in self.secondary {
            diagnostic = diagnostic.secondary(in_file(sources, place), label);
        }
        diagnostic.fix = self.edits.map(|edits| Fix {
            applicability: Applicability::DisplayOnly,
            edits: edits
                .into_iter()
                .map(|place| Edit { span: in_file(sources, place), text: text.clone() })
                .collect(),
        });
        diagnostic
    }
}

fn in_file(sources: &Sources, (file, one, other): Place) -> Span {
    let file = file.index(sources.files().len());
    let text = &sources.files()[file].text;
    let boundaries: Vec<u32> =
        (0..=text.len()).filter(|at| text.is_char_boundary(*at)).map(|at| at as u32).collect();
    let (one, other) = (*one.get(&boundaries), *other.get(&boundaries));
    Span::new(FileId::new(file as u32), one.min(other), one.max(other))
}
