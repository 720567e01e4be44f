//! Whatever fixes are given, what is outside of the applied edits stays, byte for byte.

use nixpact_diagnostics::{Applicability, Edit, Fix};
use nixpact_edit::round;
use nixpact_source::{FileId, Sources, Span};
use proptest::collection::vec;
use proptest::prelude::*;

const TEXTS: [&str; 2] = ["{ port = 8080; # größe\r\n\tname = \"ä\"; }", "rec { }\n"];

fn edit() -> impl Strategy<Value = Edit> {
    (0..3_u32, 0..40_u32, 0..6_u32, "[a-z{ ]{0,4}").prop_map(|(file, start, length, text)| Edit {
        span: Span { file: FileId::new(file), start, end: start + length },
        text,
    })
}

fn fix() -> impl Strategy<Value = Fix> {
    vec(edit(), 0..3).prop_map(|mut edits| {
        edits.sort_by_key(|edit| edit.span);
        Fix { applicability: Applicability::Unsafe, edits }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_the_applied_edits_gives_the_old_texts(fixes in vec(fix(), 0..12)) {
        let texts = TEXTS.iter().enumerate();
        let files = texts.map(|(at, text)| (format!("{at}.nix"), (*text).to_owned()));
        let sources = Sources::from_memory(files);
        let accepts = |_: FileId, text: &str| !text.contains("{{");
        let made = round(&sources, &fixes.iter().collect::<Vec<_>>(), accepts);

        let mut all = [&made.applied[..], &made.waiting, &made.refused].concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..fixes.len()).collect::<Vec<_>>());
        for (file, old) in TEXTS.iter().enumerate() {
            let file = FileId::new(file as u32);
            let applied = made.applied.iter().flat_map(|at| &fixes[*at].edits);
            let mut edits: Vec<&Edit> = applied.filter(|edit| edit.span.file == file).collect();
            edits.sort_by_key(|edit| edit.span);
            let Some(new) = made.texts.get(&file) else {
                prop_assert!(edits.is_empty());
                continue;
            };
            prop_assert!(accepts(file, new));
            let mut undone = new.clone();
            for edit in edits.iter().rev() {
                // A place before an edit that inserts is behind what was inserted.
                let inserted = if edit.span.start == edit.span.end { edit.text.len() } else { 0 };
                let at = made.moved(file, edit.span.start) as usize - inserted;
                prop_assert_eq!(&undone[at..at + edit.text.len()], edit.text.as_str());
                undone.replace_range(at..at + edit.text.len(), &old[edit.span.range()]);
            }
            prop_assert_eq!(&undone, old);
        }
    }
}
