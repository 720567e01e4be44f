use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::visible::one_line;

/// Writes `headers` and `rows` as columns aligned by display width, two spaces between them.
///
/// A row may be shorter than the headers, or longer. No cell is truncated, no line ends in spaces,
/// and a line break or control character in a cell is replaced. Empty `headers` give no header line.
///
/// # Errors
///
/// When `out` fails.
pub fn table(out: &mut dyn Write, headers: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let header: Vec<_> = headers.iter().map(|cell| one_line(cell)).collect();
    let body = rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect());
    let lines: Vec<Vec<_>> =
        (!header.is_empty()).then_some(header).into_iter().chain(body).collect();
    let mut widths: Vec<usize> = Vec::new();
    for line in &lines {
        widths.resize(widths.len().max(line.len()), 0);
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.width());
        }
    }
    for line in &lines {
        let mut text = String::new();
        for (width, cell) in widths.iter().zip(line) {
            text += cell;
            // Not `{cell:width$}`: the formatter pads by characters.
            text.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::table;

    fn shown(headers: &[&str], rows: &[&[&str]]) -> String {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        let mut out = Vec::new();
        table(&mut out, headers, &rows).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_aligned_by_display_width() {
        let rows: &[&[&str]] = &[
            &["8080", "sonarr", "modules/server/arrs/sonarr/default.nix:12"],
            &["80", "界界", "b.nix:1"],
            &["9", "e\u{301}te\u{301}", "c.nix:1"],
        ];
        let expected = "\
PORT  SERVICE  PLACE
8080  sonarr   modules/server/arrs/sonarr/default.nix:12
80    界界     b.nix:1
9     e\u{301}te\u{301}      c.nix:1
";
        assert_eq!(shown(&["PORT", "SERVICE", "PLACE"], rows), expected);
    }

    #[test]
    fn no_line_ends_in_spaces() {
        let rows: &[&[&str]] = &[&["a", ""], &["", ""], &[], &["a very long cell", "b", "more"]];
        let expected = "\
A                 B
a


a very long cell  b  more
";
        assert_eq!(shown(&["A", "B"], rows), expected);
    }

    #[test]
    fn without_headers_or_rows() {
        assert_eq!(shown(&[], &[]), "");
        assert_eq!(shown(&["A", "B"], &[]), "A  B\n");
        assert_eq!(shown(&[], &[&["a", "b"]]), "a  b\n");
    }

    #[test]
    fn a_cell_stays_on_its_line() {
        assert_eq!(shown(&["A", "B"], &[&["x\ny\u{1b}", "z"]]), "A     B\nx y?  z\n");
    }
}
