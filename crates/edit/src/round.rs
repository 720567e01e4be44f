//! Which of many fixes go together, and the texts that they make.

use std::collections::BTreeMap;

use nixpact_diagnostics::{Edit, Fix};
use nixpact_source::{FileId, Sources, Span};

/// What became of some fixes. Each is named by its position among those given.
#[derive(Debug, Default)]
pub struct Round {
    /// The files that change, with their new texts.
    pub texts: BTreeMap<FileId, String>,
    pub applied: Vec<usize>,
    /// They meet an edit of one that was applied, and have to be found again.
    pub waiting: Vec<usize>,
    /// Their edits are none of these files, or make a text that is not accepted.
    pub refused: Vec<usize>,
    /// Of the fixes that were applied; disjoint.
    edits: Edits,
}

/// By file and start.
type Edits = BTreeMap<(FileId, u32), Edit>;

/// Applies fixes, each as a whole or not at all.
///
/// Where two overlap or touch, the first one is applied. All bytes outside of the edits stay.
/// `accepts` is asked about the new text of a file; a fix that makes one that is not accepted is left
/// out.
pub fn round(sources: &Sources, fixes: &[&Fix], accepts: impl Fn(FileId, &str) -> bool) -> Round {
    let mut sieve = Sieve { sources, fixes, accepts, judged: BTreeMap::new(), left: MAX_TRIALS };
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    let all: Vec<usize> = (0..fixes.len()).collect();
    sieve.sift(&all, &mut kept, &mut refused);
    let mut round = together(sources, fixes, &kept);
    round.refused.append(&mut refused);
    round.refused.sort_unstable();
    round
}

/// What is then not yet told apart is refused, so that any fixes take a bounded time.
const MAX_TRIALS: usize = 256;

/// Tells the fixes that are accepted from those that are not.
struct Sieve<'s, A> {
    sources: &'s Sources,
    fixes: &'s [&'s Fix],
    accepts: A,
    /// The last text of each file, and whether it was accepted.
    judged: BTreeMap<FileId, (String, bool)>,
    left: usize,
}

impl<A: Fn(FileId, &str) -> bool> Sieve<'_, A> {
    /// Keeps of `candidates`, in their order, each that is accepted beside those kept before.
    fn sift(&mut self, candidates: &[usize], kept: &mut Vec<usize>, refused: &mut Vec<usize>) {
        let before = kept.len();
        kept.extend(candidates);
        if self.left > 0 && self.is_accepted(kept) {
            return;
        }
        kept.truncate(before);
        if self.left == 0 || candidates.len() == 1 {
            refused.extend(candidates);
            return;
        }
        let (first, second) = candidates.split_at(candidates.len() / 2);
        self.sift(first, kept, refused);
        self.sift(second, kept, refused);
    }

    fn is_accepted(&mut self, candidates: &[usize]) -> bool {
        self.left -= 1;
        let mut all = true;
        for (file, text) in together(self.sources, self.fixes, candidates).texts {
            let accepted = match self.judged.get(&file) {
                Some((known, accepted)) if *known == text => *accepted,
                _ => {
                    let accepted = (self.accepts)(file, &text);
                    self.judged.insert(file, (text, accepted));
                    accepted
                }
            };
            all &= accepted;
        }
        all
    }
}

fn together(sources: &Sources, fixes: &[&Fix], candidates: &[usize]) -> Round {
    let mut round = Round::default();
    for &at in candidates {
        let fix = fixes[at];
        if !is_sound(sources, fix) {
            round.refused.push(at);
        } else if fix.edits.iter().any(|edit| meets(&round.edits, edit.span)) {
            round.waiting.push(at);
        } else {
            for edit in &fix.edits {
                round.edits.insert((edit.span.file, edit.span.start), edit.clone());
            }
            round.applied.push(at);
        }
    }
    round.texts = texts(sources, &round.edits);
    round
}

/// Whether the edits are disjoint, in order, and within the files.
fn is_sound(sources: &Sources, fix: &Fix) -> bool {
    let exists = |span: Span| {
        let file = sources.files().get(span.file.index());
        file.is_some_and(|file| file.text.get(span.range()).is_some())
    };
    let apart = |pair: &[Edit]| {
        let (first, second) = (pair[0].span, pair[1].span);
        (first.file, first.end) < (second.file, second.start)
    };
    !fix.edits.is_empty()
        && fix.edits.iter().all(|edit| exists(edit.span))
        && fix.edits.windows(2).all(apart)
}

/// Whether a span overlaps or touches one of the edits.
fn meets(edits: &Edits, span: Span) -> bool {
    let before = edits.range(..=(span.file, span.end)).next_back();
    before.is_some_and(|((file, _), edit)| *file == span.file && edit.span.end >= span.start)
}

fn texts(sources: &Sources, edits: &Edits) -> BTreeMap<FileId, String> {
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    let mut from = 0;
    let mut edits = edits.values().peekable();
    while let Some(edit) = edits.next() {
        let Span { file, start, end } = edit.span;
        let old = &sources.file(file).text;
        let new = texts.entry(file).or_default();
        new.push_str(&old[from..start as usize]);
        new.push_str(&edit.text);
        from = end as usize;
        if edits.peek().is_none_or(|next| next.span.file != file) {
            new.push_str(&old[from..]);
            from = 0;
        }
    }
    texts
}

impl Round {
    /// Where a byte of a file (0-based) is in its new text: for one within an edit, where the edit's
    /// text begins.
    pub fn moved(&self, file: FileId, offset: u32) -> u32 {
        let mut moved = i64::from(offset);
        for ((_, start), edit) in self.edits.range((file, 0)..=(file, offset)) {
            if edit.span.end > offset {
                return (moved - i64::from(offset - start)) as u32;
            }
            moved += edit.text.len() as i64 - i64::from(edit.span.end - start);
        }
        moved as u32
    }
}

#[cfg(test)]
mod tests {
    use nixpact_diagnostics::Applicability;

    use super::*;

    const ANY: fn(FileId, &str) -> bool = |_, _| true;

    fn sources(texts: &[&str]) -> Sources {
        let names = ["a.nix", "b.nix", "c.nix"];
        let files = names.iter().zip(texts);
        Sources::from_memory(files.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())))
    }

    fn fix(edits: &[(u32, u32, u32, &str)]) -> Fix {
        let edit = |(file, start, end, text): &(u32, u32, u32, &str)| Edit {
            span: Span { file: FileId::new(*file), start: *start, end: *end },
            text: (*text).to_owned(),
        };
        Fix { applicability: Applicability::Safe, edits: edits.iter().map(edit).collect() }
    }

    fn run(texts: &[&str], fixes: &[Fix], accepts: impl Fn(FileId, &str) -> bool) -> Round {
        round(&sources(texts), &fixes.iter().collect::<Vec<_>>(), accepts)
    }

    #[test]
    fn edits_of_several_fixes_and_files_are_joined() {
        let fixes = [
            fix(&[(0, 0, 2, "X"), (1, 0, 0, "new ")]),
            fix(&[(0, 4, 5, "YYY")]),
            fix(&[(0, 6, 6, "!")]),
        ];
        let round = run(&["abcdef", "tail"], &fixes, ANY);
        assert_eq!(round.applied, [0, 1, 2]);
        assert_eq!(round.texts[&FileId::new(0)], "XcdYYYf!");
        assert_eq!(round.texts[&FileId::new(1)], "new tail");
    }

    #[test]
    fn the_first_of_two_that_meet_is_applied_as_a_whole() {
        let overlapping = [fix(&[(0, 0, 3, "x")]), fix(&[(0, 2, 4, "y"), (1, 0, 1, "z")])];
        let round = run(&["abcdef", "b"], &overlapping, ANY);
        assert_eq!((round.applied, round.waiting), (vec![0], vec![1]));
        assert_eq!(round.texts.len(), 1);
        let touching = [fix(&[(0, 2, 4, "x")]), fix(&[(0, 4, 5, "y")]), fix(&[(0, 1, 2, "z")])];
        assert_eq!(run(&["abcdef"], &touching, ANY).waiting, [1, 2]);
        let around = [fix(&[(0, 2, 4, "x")]), fix(&[(0, 0, 6, "y")])];
        assert_eq!(run(&["abcdef"], &around, ANY).waiting, [1]);
    }

    #[test]
    fn what_is_not_accepted_is_left_out_with_all_of_its_edits() {
        let fixes = [fix(&[(0, 0, 1, "{"), (1, 0, 1, "x")]), fix(&[(0, 3, 4, "d")])];
        let round = run(&["abcde", "y"], &fixes, |_, text| !text.contains('{'));
        assert_eq!((round.applied, round.refused), (vec![1], vec![0]));
        assert_eq!(round.texts.len(), 1);
    }

    #[test]
    fn of_two_that_are_not_accepted_together_the_first_stays() {
        let fixes = [fix(&[(0, 0, 1, "x")]), fix(&[(0, 4, 5, "x")])];
        let round = run(&["abcde"], &fixes, |_, text| text.matches('x').count() < 2);
        assert_eq!((round.applied, round.refused), (vec![0], vec![1]));
    }

    #[test]
    fn many_that_are_not_accepted_are_told_apart() {
        let text = "-".repeat(1000);
        let fixes: Vec<Fix> = (0..500)
            .map(|at| fix(&[(0, 2 * at, 2 * at + 1, if at % 100 == 50 { "x" } else { "o" })]))
            .collect();
        let round = run(&[&text], &fixes, |_, text| !text.contains('x'));
        assert_eq!((round.applied.len(), round.refused), (495, vec![50, 150, 250, 350, 450]));
        // Too many to tell apart: what is left is refused, and the result is accepted all the same.
        let fixes: Vec<Fix> = (0..500).map(|at| fix(&[(0, 2 * at, 2 * at + 1, "x")])).collect();
        let round = run(&[&text], &fixes, |_, text| text.matches('x').count() < 2);
        assert_eq!((round.applied, round.refused.len()), (vec![0], 499));
    }

    #[test]
    fn edits_that_are_not_of_the_files_are_refused() {
        let fixes = [
            fix(&[(0, 0, 99, "x")]),
            fix(&[(9, 0, 1, "x")]),
            fix(&[(0, 1, 2, "x")]),
            fix(&[(0, 3, 4, "x"), (0, 0, 1, "y")]),
            fix(&[]),
        ];
        let round = run(&["äbcde"], &fixes, ANY);
        assert_eq!((round.applied.len(), round.refused), (0, vec![0, 1, 2, 3, 4]));
        assert!(round.texts.is_empty());
    }

    #[test]
    fn places_move_with_the_text_before_them() {
        let fixes = [fix(&[(0, 2, 4, "xyz")]), fix(&[(0, 5, 5, "++")])];
        let round = run(&["abcdef"], &fixes, ANY);
        assert_eq!(round.texts[&FileId::new(0)], "abxyze++f");
        let moved: Vec<u32> = (0..=6).map(|at| round.moved(FileId::new(0), at)).collect();
        assert_eq!(moved, [0, 1, 2, 2, 5, 8, 9]);
        assert_eq!(round.moved(FileId::new(1), 3), 3);
    }
}
