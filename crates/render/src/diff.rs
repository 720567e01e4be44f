use std::borrow::Cow;
use std::io::{self, Write};

use similar::udiff::UnifiedHunkHeader;
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use crate::Style;
use crate::visible::{one_line, visible};

/// Lines that are shown around a change.
const CONTEXT: usize = 3;

/// Writes what differs between two texts of a file as a unified diff, for `git apply` and `patch -p1`;
/// nothing where they are the same.
///
/// `path` is relative to the root. `shown` says that a person looks at it on a terminal: then no control
/// character of the texts is passed on, and it is a patch no longer where there are such.
///
/// # Errors
///
/// When `out` fails.
pub fn diff(
    out: &mut dyn Write,
    style: &Style,
    shown: bool,
    path: &str,
    [before, after]: [&str; 2],
) -> io::Result<()> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let hunks = group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), CONTEXT);
    let mut lines = Lines { out, color: style.color, shown };
    for (at, hunk) in hunks.iter().filter(|hunk| !hunk.is_empty()).enumerate() {
        if at == 0 {
            lines.header("--- a/", path)?;
            lines.header("+++ b/", path)?;
        }
        lines.write(CYAN, "", &UnifiedHunkHeader::new(hunk).to_string())?;
        for op in hunk {
            lines.op(op, &old, &new)?;
        }
    }
    Ok(())
}

const BOLD: &str = "\u{1b}[1m";
const CYAN: &str = "\u{1b}[36m";
const GREEN: &str = "\u{1b}[32m";
const RED: &str = "\u{1b}[31m";
const PLAIN: &str = "\u{1b}[0m";

struct Lines<'o> {
    out: &'o mut dyn Write,
    color: bool,
    shown: bool,
}

impl Lines<'_> {
    fn header(&mut self, side: &str, path: &str) -> io::Result<()> {
        // A path with a blank ends at a tab, as git writes it.
        let end = if path.contains(' ') { "\t" } else { "" };
        self.write(BOLD, side, &format!("{}{end}", one_line(path)))
    }

    fn op(&mut self, op: &DiffOp, old: &[&str], new: &[&str]) -> io::Result<()> {
        let is_same = matches!(op, DiffOp::Equal { .. });
        for line in &old[op.old_range()] {
            if is_same {
                self.line("", " ", line)?;
            } else {
                self.line(RED, "-", line)?;
            }
        }
        let added = if is_same { &[][..] } else { &new[op.new_range()] };
        added.iter().try_for_each(|line| self.line(GREEN, "+", line))
    }

    fn line(&mut self, style: &str, mark: &str, line: &str) -> io::Result<()> {
        match line.strip_suffix('\n') {
            Some(text) => self.write(style, mark, text),
            None => {
                self.write(style, mark, line)?;
                self.write("", "\\", " No newline at end of file")
            }
        }
    }

    fn write(&mut self, style: &str, mark: &str, text: &str) -> io::Result<()> {
        let text = if self.shown { visible(text) } else { Cow::Borrowed(text) };
        if self.color && !style.is_empty() {
            writeln!(self.out, "{style}{mark}{text}{PLAIN}")
        } else {
            writeln!(self.out, "{mark}{text}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(color: bool, shown: bool, before: &str, after: &str) -> String {
        let mut out = Vec::new();
        diff(&mut out, &Style { color, ..Style::default() }, shown, "a/b.nix", [before, after])
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn three_lines_are_shown_around_a_change() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = before.replace('5', "five");
        assert_eq!(
            of(false, false, before, &after),
            "--- a/a/b.nix\n+++ b/a/b.nix\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
        );
        assert_eq!(of(false, false, before, before), "");
    }

    #[test]
    fn line_ends_stay_as_they_are() {
        assert_eq!(
            of(false, false, "a\r\nb\rc\r\nd", "a\r\nb\rC\r\nd"),
            "--- a/a/b.nix\n+++ b/a/b.nix\n@@ -1,3 +1,3 @@\n a\r\n-b\rc\r\n+b\rC\r\n d\n\
             \\ No newline at end of file\n"
        );
    }

    #[test]
    fn a_terminal_gets_colours_and_no_control_characters() {
        let shown = of(true, true, "a\u{1b}[2J\n", "b\n");
        assert!(shown.contains("\u{1b}[31m-a?[2J\u{1b}[0m\n\u{1b}[32m+b\u{1b}[0m\n"), "{shown:?}");
    }
}
