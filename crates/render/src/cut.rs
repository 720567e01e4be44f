use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// The parts of a line that are shown, as ascending ranges of its bytes: all of it if it takes at most
/// `max` columns, else what lies around the `points` (ascending bytes of the line; its beginning where
/// there are none) and about fits into `max` columns.
///
/// The work grows with `max` and the points, not with the line: a line made by a program may be the
/// whole file.
pub(crate) fn cut(line: &str, points: &[usize], max: usize) -> Vec<Range<usize>> {
    let head = forward(line, 0, max);
    if head == line.len() {
        return std::iter::once(0..head).collect();
    }
    if points.is_empty() {
        return std::iter::once(0..forward(line, 0, max.saturating_sub(1))).collect();
    }
    let mut margin = max / 2;
    loop {
        let parts = around(line, points, margin);
        // One more for each mark of what is left out.
        let columns: usize = parts.iter().map(|part| columns(&line[part.clone()]) + 1).sum();
        if columns < max || margin <= MIN_MARGIN {
            return parts;
        }
        margin = (margin * 7 / 8).max(MIN_MARGIN);
    }
}

/// Less around a point says nothing.
const MIN_MARGIN: usize = 8;

fn around(line: &str, points: &[usize], margin: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for point in points {
        let part = backward(line, *point, margin)..forward(line, *point, margin);
        match parts.last_mut() {
            // What is left out has to be longer than its mark.
            Some(last) if columns(line.get(last.end..part.start).unwrap_or_default()) <= 1 => {
                last.end = part.end;
            }
            _ => parts.push(part),
        }
    }
    parts
}

fn forward(line: &str, from: usize, columns: usize) -> usize {
    from + walked(line[from..].chars(), columns)
}

fn backward(line: &str, from: usize, columns: usize) -> usize {
    from - walked(line[..from].chars().rev(), columns)
}

/// The bytes of the first characters that take at most so many columns.
fn walked(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut left = columns;
    let fit = characters.take_while(|character| {
        let width = width(*character);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    });
    fit.map(char::len_utf8).sum()
}

fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// The columns of a character, never 0: a line of combining marks is long, too.
fn width(character: char) -> usize {
    match character {
        '\t' => TAB,
        _ => character.width().unwrap_or(1).max(1),
    }
}

/// How far a tab may reach, as codespan-reporting shows it.
const TAB: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, points: &[usize], max: usize) -> Vec<String> {
        cut(line, points, max).into_iter().map(|part| line[part].to_owned()).collect()
    }

    #[test]
    fn what_fits_is_shown() {
        assert_eq!(shown("port = 80;", &[7, 9], 10), ["port = 80;"]);
        assert_eq!(shown("", &[0], 10), [""]);
        assert_eq!(shown("界界", &[3], 4), ["界界"]);
    }

    #[test]
    fn what_lies_around_the_points_is_shown() {
        let line = format!("{}port = 80;{}", "a".repeat(100), "b".repeat(100));
        let parts = shown(&line, &[107, 109], 40);
        let [part] = &parts[..] else { panic!("{parts:?}") };
        assert!(part.contains("aport = 80;b") && part.len() < 40, "{part}");
    }

    #[test]
    fn points_far_apart_are_shown_both() {
        let line = format!("x{}y{}z", "a".repeat(1000), "b".repeat(1000));
        let parts = shown(&line, &[0, 1001, 2002], 60);
        assert_eq!(parts.len(), 3);
        assert!(parts[0].starts_with('x') && parts[1].contains('y') && parts[2].ends_with('z'));
        assert!(parts.iter().map(String::len).sum::<usize>() < 60);
    }

    #[test]
    fn without_points_the_beginning_is_shown() {
        assert_eq!(shown("abcdefgh", &[], 4), ["abc"]);
        assert_eq!(shown("界界界", &[], 4), ["界"]);
    }

    #[test]
    fn a_long_line_costs_no_more() {
        let line = "\u{301}".repeat(1 << 20);
        let parts = cut(&line, &[1 << 20], 100);
        assert!(parts.iter().map(Range::len).sum::<usize>() < 1000);
    }
}
