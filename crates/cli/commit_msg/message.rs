//! A commit message as git keeps it.

/// The line that `git commit --verbose` puts before what is no part of the message, after the comment
/// character.
const SCISSORS: &str = " ------------------------ >8 ------------------------";

/// The lines of a message that are not comments.
pub struct Message<'t> {
    lines: Vec<Line<'t>>,
}

#[derive(Clone, Copy)]
pub struct Line<'t> {
    /// In the file, from 1.
    pub number: usize,
    /// Without the blanks at its end.
    pub text: &'t str,
}

impl<'t> Message<'t> {
    /// Reads what git hands to its hook `commit-msg`: the message with comments, and perhaps with the
    /// whole change below a line of scissors.
    pub fn read(text: &'t str) -> Message<'t> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_cut = |line: &&str| line.strip_prefix(comment).is_some_and(|l| l == SCISSORS);
        // Who sets another comment character still has it before the scissors.
        let cut = text.lines().find(is_cut).and_then(|line| line.chars().next());
        let comment = cut.unwrap_or('#');
        let lines = text
            .lines()
            .take_while(|line| !is_cut(line))
            .enumerate()
            .filter(|(_, line)| !line.starts_with(comment))
            .map(|(at, line)| Line { number: at + 1, text: line.trim_end() })
            .skip_while(|line| line.text.is_empty());
        Message { lines: lines.collect() }
    }

    /// The first line that is not empty; none of a message for which git makes no commit.
    pub fn subject(&self) -> Option<Line<'t>> {
        self.lines.first().copied()
    }

    /// What follows the subject, with the empty line between them.
    pub fn rest(&self) -> &[Line<'t>] {
        self.lines.get(1..).unwrap_or_default()
    }
}

/// Characters that git takes for a comment's beginning, by itself (`core.commentChar = auto`) or when
/// told to.
fn comment(char: char) -> bool {
    char.is_ascii_punctuation()
}

#[cfg(test)]
mod tests {
    use super::Message;

    fn lines(text: &str) -> Vec<(usize, &str)> {
        let message = Message::read(text);
        message.lines.iter().map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn comments_and_what_follows_the_scissors_are_no_part_of_it() {
        let text = "\n# please\nSubject \n\n  body\n# ------------------------ >8 ------------------------\n+ code\n";
        assert_eq!(lines(text), [(3, "Subject"), (4, ""), (5, "  body")]);
    }

    #[test]
    fn the_scissors_tell_the_comment_character() {
        let text =
            "; note\n#1 is fixed\n; ------------------------ >8 ------------------------\ncode";
        assert_eq!(lines(text), [(2, "#1 is fixed")]);
    }

    #[test]
    fn a_message_of_comments_has_no_subject() {
        assert!(Message::read("\n# nothing\n\n").subject().is_none());
    }
}
