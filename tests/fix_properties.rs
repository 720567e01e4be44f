//! Random mistakes in random layouts of the reference repository, and all of their fixes at once.
//!
//! `PROPTEST_CASES` sets how often.
#![allow(clippy::disallowed_methods, reason = "the helpers of tests run programs and make files")]

mod support;

use std::collections::BTreeMap;

use nixpact_diagnostics::{Applicability, Diagnostic};
use nixpact_engine::{Analysis, Config, Fixed, Options};
use nixpact_source::Sources;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use rnix::{Root, SyntaxKind};

use support::homelab;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(32),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn fixes_repair_and_harm_nothing(
        mistakes in vec((any::<Index>(), mistake()), 1..8),
        layouts in vec((any::<Index>(), layout()), 0..8),
        least in prop_oneof![Just(Applicability::Unsafe), Just(Applicability::Safe)],
    ) {
        let mut files = homelab().to_vec();
        for (at, mistake) in &mistakes {
            let at = at.index(files.len());
            files[at].1 = mistake.apply(&files[at].1);
        }
        for (at, layout) in &layouts {
            let at = at.index(files.len());
            files[at].1 = layout.apply(&files[at].1);
        }
        let before = analyse(files.clone());
        let fixed = fix(files, least);
        let after = &fixed.analysis;

        // What is left was there before; what was fixed is gone.
        let mut known = counted(&before.diagnostics);
        for finding in &after.diagnostics {
            let left = known.get_mut(&name(finding));
            prop_assert!(left.as_deref().is_some_and(|left| *left > 0), "new: {finding:?}");
            *left.unwrap() -= 1;
        }
        prop_assert!(after.diagnostics.len() + fixed.findings <= before.diagnostics.len());
        prop_assert_eq!(fixed.findings == 0, fixed.before.is_empty());

        for (file, old) in &fixed.before {
            let new = &after.sources.file(*file).text;
            harmless(old, new)?;
        }
        for (old, new) in before.sources.files().iter().zip(after.sources.files()) {
            let file = before.sources.id(&old.path).unwrap();
            prop_assert_eq!(old.text != new.text, fixed.before.contains_key(&file));
        }

        let texts = after.sources.files().iter().map(|it| (it.path.clone(), it.text.clone()));
        let again = fix(texts.collect(), least);
        prop_assert!(again.before.is_empty(), "the second run changed {:?}", again.before);
        prop_assert_eq!(&again.analysis.diagnostics, &after.diagnostics);
    }
}

/// The new text parses, all blanks and comments are where they were, and only literals and names differ.
fn harmless(old: &str, new: &str) -> Result<(), TestCaseError> {
    let (old, new) = (Root::parse(old), Root::parse(new));
    prop_assert!(old.errors().is_empty() && new.errors().is_empty(), "{:?}", new.errors());
    let tokens = |root: &rnix::Parse<Root>| {
        let elements = root.syntax().descendants_with_tokens();
        elements
            .filter_map(rnix::NodeOrToken::into_token)
            .filter(|token| {
                // Around one name or number: a string in quotes is three tokens, or two.
                !matches!(
                    token.kind(),
                    SyntaxKind::TOKEN_STRING_START | SyntaxKind::TOKEN_STRING_END
                )
            })
            .map(|token| (token.kind(), token.text().to_owned()))
            .collect::<Vec<_>>()
    };
    let (old, new) = (tokens(&old), tokens(&new));
    prop_assert_eq!(old.len(), new.len());
    for (old, new) in old.iter().zip(&new) {
        let may_differ = |kind| {
            matches!(
                kind,
                SyntaxKind::TOKEN_STRING_CONTENT
                    | SyntaxKind::TOKEN_IDENT
                    | SyntaxKind::TOKEN_INTEGER
            )
        };
        prop_assert!(old == new || (may_differ(old.0) && may_differ(new.0)), "{old:?} {new:?}");
    }
    Ok(())
}

/// A finding without its place.
fn name(finding: &Diagnostic) -> (&'static str, String) {
    (finding.lint, finding.message.clone())
}

fn counted(findings: &[Diagnostic]) -> BTreeMap<(&'static str, String), usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(name(finding)).or_default() += 1;
    }
    counts
}

fn analyse(files: Vec<(String, String)>) -> Analysis {
    let sources = Sources::from_memory(files);
    Analysis::of(sources, &Config::default(), &Options::default()).unwrap()
}

fn fix(files: Vec<(String, String)>, least: Applicability) -> Fixed {
    let sources = Sources::from_memory(files);
    Fixed::of(sources, &Config::default(), &Options::default(), least, &|_, _| true).unwrap()
}

// --- mistakes --------------------------------------------------------------------------------------

/// One mistake in a file; most files have a place for each.
#[derive(Clone, Debug)]
enum Mistake {
    /// A service takes a port that another one may have.
    Port(Index, u16),
    QuotePort(Index),
    /// A letter of a field's name is missing, wherever the name is written on its line.
    Field(Index, Index),
    /// A letter of a string is missing: of a middleware, a type, a dependency.
    Word(Index, Index),
}

const PORTS: &[u16] = &[8080, 8096, 9091, 4533, 2283];

fn mistake() -> impl Strategy<Value = Mistake> {
    prop_oneof![
        (any::<Index>(), prop::sample::select(PORTS))
            .prop_map(|(at, port)| Mistake::Port(at, port)),
        any::<Index>().prop_map(Mistake::QuotePort),
        (any::<Index>(), any::<Index>()).prop_map(|(at, letter)| Mistake::Field(at, letter)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, letter)| Mistake::Word(at, letter)),
    ]
}

impl Mistake {
    fn apply(&self, text: &str) -> String {
        match self {
            Mistake::Port(at, port) => replace(text, &ports(text), at, |_| port.to_string()),
            Mistake::QuotePort(at) => replace(text, &ports(text), at, |port| format!("\"{port}\"")),
            Mistake::Field(at, letter) => {
                replace(text, &fields(text), at, |name| without(name, letter))
            }
            Mistake::Word(at, letter) => {
                replace(text, &words(text), at, |word| without(word, letter))
            }
        }
    }
}

type Range = std::ops::Range<usize>;

fn replace(text: &str, places: &[Range], at: &Index, by: impl Fn(&str) -> String) -> String {
    if places.is_empty() {
        return text.to_owned();
    }
    let place = places[at.index(places.len())].clone();
    let new = by(&text[place.clone()]);
    [&text[..place.start], &new, &text[place.end..]].concat()
}

fn without(word: &str, letter: &Index) -> String {
    let at = letter.index(word.len());
    [&word[..at], &word[at + 1..]].concat()
}

/// What stands between `before` and the next `end`.
fn between(text: &str, before: &str, end: char, is_meant: impl Fn(&str) -> bool) -> Vec<Range> {
    let places = text.match_indices(before).filter_map(|(at, _)| {
        let start = at + before.len();
        let length = text[start..].find(end)?;
        is_meant(&text[start..start + length]).then(|| start..start + length)
    });
    places.collect()
}

fn ports(text: &str) -> Vec<Range> {
    between(text, "port = ", ';', |port| port.parse::<u16>().is_ok())
}

fn fields(text: &str) -> Vec<Range> {
    let is_name = |name: &str| name.len() > 3 && name.bytes().all(|b| b.is_ascii_alphabetic());
    between(text, "        ", ' ', is_name)
}

fn words(text: &str) -> Vec<Range> {
    let is_word =
        |word: &str| word.len() > 3 && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    between(text, "\"", '"', is_word)
}

// --- layouts ---------------------------------------------------------------------------------------

/// Another way of writing the same.
#[derive(Clone, Copy, Debug)]
enum Layout {
    CarriageReturns,
    Tabs,
    /// A comment at the end of each line that ends a binding.
    Comments,
    /// A comment around each `=`.
    InnerComments,
    NoLastLineEnd,
    Umlauts,
}

fn layout() -> impl Strategy<Value = Layout> {
    use Layout::*;
    prop::sample::select(vec![
        CarriageReturns,
        Tabs,
        Comments,
        InnerComments,
        NoLastLineEnd,
        Umlauts,
    ])
}

impl Layout {
    fn apply(self, text: &str) -> String {
        match self {
            Layout::CarriageReturns => text.replace("\r\n", "\n").replace('\n', "\r\n"),
            Layout::Tabs => text.replace("    ", "\t"),
            Layout::Comments => text.replace(";\n", "; # why\n"),
            Layout::InnerComments => text.replace(" = ", " /* größe */ = /* 界 */ "),
            Layout::NoLastLineEnd => text.trim_end().to_owned(),
            Layout::Umlauts => format!("# äöü 🦊\n{text}"),
        }
    }
}
