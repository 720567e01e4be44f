//! Whatever the files hold, nixpact answers, soon, and with places that exist.
//!
//! The reference repository is damaged at random. `PROPTEST_CASES` sets how often.
#![allow(clippy::disallowed_methods, reason = "the helpers of tests run programs and make files")]

mod support;

use std::time::{Duration, Instant};

use nixpact_engine::{Analysis, Config, Options};
use nixpact_source::{Sources, Span};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use support::homelab;

/// Far above what the whole repository takes in a debug build.
const LIMIT: Duration = Duration::from_secs(30);

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(48),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_damaged_repository_is_still_analysed(damages in vec(damage(), 1..6)) {
        let mut files = homelab().to_vec();
        for (file, damage) in &damages {
            let at = file.index(files.len());
            files[at].1 = damage.apply(&files[at].1);
        }
        let began = Instant::now();
        let analysis = analyse(files);
        prop_assert!(began.elapsed() < LIMIT, "{:?}", began.elapsed());
        places_exist(&analysis)?;
    }

    #[test]
    fn two_runs_say_the_same(damages in vec(damage(), 1..3)) {
        let mut files = homelab().to_vec();
        for (file, damage) in &damages {
            let at = file.index(files.len());
            files[at].1 = damage.apply(&files[at].1);
        }
        let mut reversed = files.clone();
        reversed.reverse();
        prop_assert_eq!(analyse(files).diagnostics, analyse(reversed).diagnostics);
    }

    #[test]
    fn any_text_is_analysed(text in "(\\PC|[{}\\[\\]();=.\"'$?
use support::homelab;
:/ \n]|let |in |if |rec |with ){0,200}") {
        let files = vec![
            ("modules/server/options.nix".to_owned(), options().to_owned()),
            ("modules/server/x/default.nix".to_owned(), text),
        ];
        places_exist(&analyse(files))?;
    }
}

/// One change of a file's text.
#[derive(Clone, Debug)]
enum Damage {
    Delete(Index, usize),
    Duplicate(Index, usize),
    Insert(Index, String),
    SwapLines(Index, Index),
    DeleteLine(Index),
    Truncate(Index),
}

fn damage() -> impl Strategy<Value = (Index, Damage)> {
    let piece = prop_oneof![
        "[{}\\[\\]();=.\"'$?
use support::homelab;
:,/ \\n]{1,3}",
        "\\PC{1,4}",
        Just("''".to_owned()),
        Just("${".to_owned()),
        Just("null".to_owned()),
        Just("config".to_owned()),
        Just("lib.mkForce ".to_owned()),
        Just("rec ".to_owned()),
        Just("import ./. ".to_owned()),
        Just("config.qgroget.serviceModules".to_owned()),
    ];
    let change = prop_oneof![
        (any::<Index>(), 1..80_usize).prop_map(|(at, n)| Damage::Delete(at, n)),
        (any::<Index>(), 1..400_usize).prop_map(|(at, n)| Damage::Duplicate(at, n)),
        (any::<Index>(), piece).prop_map(|(at, text)| Damage::Insert(at, text)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::SwapLines(a, b)),
        any::<Index>().prop_map(Damage::DeleteLine),
        any::<Index>().prop_map(Damage::Truncate),
    ];
    (any::<Index>(), change)
}

impl Damage {
    fn apply(&self, text: &str) -> String {
        // Files are UTF-8 when they get here, so whole characters are changed.
        let chars: Vec<char> = text.chars().collect();
        let position = |at: &Index| at.index(chars.len() + 1);
        let range = |at: &Index, length: usize| {
            let start = position(at);
            start..(start + length).min(chars.len())
        };
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        match self {
            Damage::Delete(at, length) => {
                let range = range(at, *length);
                chars[..range.start].iter().chain(&chars[range.end..]).collect()
            }
            Damage::Duplicate(at, length) => {
                let range = range(at, *length);
                chars[..range.end].iter().chain(&chars[range.start..]).collect()
            }
            Damage::Insert(at, piece) => {
                let (before, after) = chars.split_at(position(at));
                before.iter().copied().chain(piece.chars()).chain(after.iter().copied()).collect()
            }
            Damage::SwapLines(a, b) if !lines.is_empty() => {
                let mut lines = lines;
                let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                lines.swap(a, b);
                lines.concat()
            }
            Damage::DeleteLine(at) if !lines.is_empty() => {
                let mut lines = lines;
                lines.remove(at.index(lines.len()));
                lines.concat()
            }
            Damage::SwapLines(..) | Damage::DeleteLine(_) => String::new(),
            Damage::Truncate(at) => chars[..position(at)].iter().collect(),
        }
    }
}

fn analyse(files: Vec<(String, String)>) -> Analysis {
    let sources = Sources::from_memory(files);
    Analysis::of(sources, &Config::default(), &Options::default()).unwrap()
}

fn places_exist(analysis: &Analysis) -> Result<(), TestCaseError> {
    let exists = |span: Span| {
        let files = analysis.sources.files();
        let file = files.get(span.file.index());
        file.is_some_and(|file| file.text.get(span.range()).is_some())
    };
    for diagnostic in &analysis.diagnostics {
        let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
        for label in labels {
            prop_assert!(exists(label.span), "{label:?} of {diagnostic:?}");
        }
        for edit in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
            prop_assert!(exists(edit.span), "{edit:?} of {diagnostic:?}");
        }
    }
    Ok(())
}

fn options() -> &'static str {
    let schema = homelab().iter().find(|(path, _)| path == "modules/server/options.nix");
    &schema.unwrap().1
}
