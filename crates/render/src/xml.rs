use std::fmt::{self, Display, Formatter, Write};

/// Shows `text` as the value of an attribute, whose line breaks a reader would otherwise turn into spaces.
pub(crate) fn attribute(text: &str) -> impl Display {
    Escaped { text, keeps_lines: false }
}

/// Shows `text` between tags, line by line.
pub(crate) fn content(text: &str) -> impl Display {
    Escaped { text, keeps_lines: true }
}

struct Escaped<'a> {
    text: &'a str,
    keeps_lines: bool,
}

impl Display for Escaped<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for character in self.text.chars() {
            match character {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                '\n' | '\t' if self.keeps_lines => out.write_char(character)?,
                '\n' | '\t' | '\r' => write!(out, "&#{};", u32::from(character))?,
                // XML 1.0 has no way to write these, not even as a reference (production 2, `Char`).
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.write_char('\u{fffd}')?,
                _ => out.write_char(character)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{attribute, content};

    #[test]
    fn what_xml_means_otherwise_is_escaped() {
        let text = "a<b> & \"c\"\n\t\r\0\u{1b}\u{ffff}\u{7f}界";
        let shown = "a&lt;b&gt; &amp; &quot;c&quot;&#10;&#9;&#13;\u{fffd}\u{fffd}\u{fffd}\u{7f}界";
        assert_eq!(attribute(text).to_string(), shown);
        assert_eq!(content("]]>\n\ta").to_string(), "]]&gt;\n\ta");
    }
}
