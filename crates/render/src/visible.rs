use std::borrow::Cow;

/// `text` with every character that commands a terminal replaced by a visible one of the same length
/// in bytes, so that spans still hold: an escape sequence in a repository must not repaint the
/// screen, nor a bidirectional override hide what the code says.
///
/// Line feeds, tabs, and carriage returns before a line feed stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let mut characters = text.char_indices();
    if !characters.any(|(at, character)| stand_in(text, at, character).is_some()) {
        return Cow::Borrowed(text);
    }
    let shown = |(at, character)| stand_in(text, at, character).unwrap_or(character);
    Cow::Owned(text.char_indices().map(shown).collect())
}

/// [`visible`], and on one line.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    let text = visible(text);
    if text.contains(['\n', '\t']) {
        return Cow::Owned(text.replace("\r\n", " ").replace(['\n', '\t'], " "));
    }
    text
}

/// What is shown for the character at byte `at` of `text`; `None` for itself.
fn stand_in(text: &str, at: usize, character: char) -> Option<char> {
    match character {
        '\n' | '\t' => None,
        '\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => None,
        '\0'..='\u{1f}' | '\u{7f}' => Some('?'),
        '\u{80}'..='\u{9f}' => Some('¿'),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_to_a_terminal_are_shown_at_the_same_length() {
        let text = "a\u{1b}[2J\r\u{9b}\u{202e}\u{2066}\u{7f}\t\r\n界";
        let shown = visible(text);
        assert_eq!(shown, "a?[2J?¿\u{fffd}\u{fffd}?\t\r\n界");
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(visible("größe = \"界\";\r\n"), Cow::Borrowed(_)));
        assert!(matches!(one_line("größe"), Cow::Borrowed(_)));
    }

    #[test]
    fn one_line_has_no_line_breaks() {
        assert_eq!(one_line("a\r\nb\nc\td\r"), "a b c d?");
    }
}
