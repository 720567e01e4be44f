use std::io::{self, BufWriter, Write};
use std::ops::Range;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::term::{self, Config, termcolor::Ansi};
use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_source::{FileId, SourceFile, Sources};

use crate::Report;
use crate::excerpt::Excerpts;
use crate::link::linked;
use crate::place::Place;
use crate::visible::{one_line, visible};

/// What the reader's terminal can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// ANSI colours.
    pub color: bool,
    /// Links to files (OSC 8).
    pub hyperlinks: bool,
    /// The columns of the screen. Source lines are cut to fit; what can be copied is not.
    pub width: usize,
}

impl Default for Style {
    /// For a file or a pipe.
    fn default() -> Style {
        Style { color: false, hyperlinks: false, width: 140 }
    }
}

/// Writes each finding with the source lines it is about, as rustc does, and an empty line after it.
pub(crate) fn render(out: &mut dyn Write, style: &Style, report: &Report<'_>) -> io::Result<()> {
    let config = Config::default();
    let mut out = BufWriter::new(out);
    for diagnostic in report.diagnostics {
        let parties = parties(report.sources, diagnostic);
        let files = excerpts(report.sources, style, &parties);
        let shown = to_codespan(&files, diagnostic, &parties);
        let mut text = Vec::new();
        if style.color {
            term::emit_to_write_style(&mut Ansi::new(&mut text), &config, &files, &shown)
        } else {
            term::emit_to_io_write(&mut text, &config, &files, &shown)
        }
        .map_err(io::Error::other)?;
        write_trimmed(&mut out, &text)?;
    }
    out.flush()
}

/// codespan-reporting pads its lines; in golden files and in mails such spaces are a nuisance.
fn write_trimmed(out: &mut impl Write, text: &[u8]) -> io::Result<()> {
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let mut line = line.strip_suffix(b"\n").unwrap_or(line);
        while let Some(shorter) = line.strip_suffix(b" ") {
            line = shorter;
        }
        out.write_all(line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The work of codespan-reporting on one line grows with the square of its labels, and nobody reads
/// more of them.
const MAX_LABELS: usize = 16;

/// codespan-reporting keeps an entry for every line of a label, though it shows only the ends.
const MAX_LINES: u32 = 1_000;

/// What stands left of a source line, without the digits of its number.
const BORDER: usize = 8;

/// A narrower screen is better left to wrap the lines.
const MIN_COLUMNS: usize = 40;

/// A place with what is said of it.
struct Party<'a> {
    style: codespan::LabelStyle,
    id: FileId,
    file: &'a SourceFile,
    range: Range<usize>,
    message: &'a str,
}

fn parties<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Party<'a>> {
    let primary = diagnostic.primary.iter().map(|label| (codespan::LabelStyle::Primary, label));
    let secondary =
        diagnostic.secondary.iter().map(|label| (codespan::LabelStyle::Secondary, label));
    let parties = primary.chain(secondary).take(MAX_LABELS).filter_map(|(style, label)| {
        let place = Place::of(sources, label.span)?;
        let range = shown_range(&place);
        Some(Party { style, id: place.id, file: place.file, range, message: &label.message })
    });
    parties.collect()
}

/// The bytes to underline.
fn shown_range(place: &Place<'_>) -> Range<usize> {
    let start = place.start as usize;
    let text = &place.file.text;
    let first = place.file.line_of(place.start);
    let mut end = place.end as usize;
    if place.file.line_of(place.end) - first > MAX_LINES {
        end = place.file.line(first).map_or(end, |line| line.end);
    }
    // A caret on the empty line after a line feed says nothing.
    start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
}

/// The lines to show of each file, the files in the order of their first label.
fn excerpts<'a>(sources: &'a Sources, style: &Style, parties: &[Party<'a>]) -> Excerpts<'a> {
    let last = parties.iter().map(|party| party.file.line_of(party.range.end as u32));
    let digits = last.max().unwrap_or(1).ilog10() as usize + 1;
    let columns = style.width.saturating_sub(BORDER + digits).max(MIN_COLUMNS);
    let mut excerpts = Excerpts::new();
    let mut seen: Vec<FileId> = Vec::new();
    for Party { id, file, .. } in parties {
        if seen.contains(id) {
            continue;
        }
        seen.push(*id);
        let here = parties.iter().filter(|party| party.id == *id);
        let ranges: Vec<Range<usize>> = here.map(|party| party.range.clone()).collect();
        let name = one_line(&file.path);
        let name = match style.hyperlinks {
            true => linked(sources, &file.path, &name),
            false => name.into_owned(),
        };
        excerpts.add(*id, file, name, &ranges, columns);
    }
    excerpts
}

fn to_codespan(
    files: &Excerpts<'_>,
    diagnostic: &Diagnostic,
    parties: &[Party<'_>],
) -> codespan::Diagnostic<usize> {
    let labels = parties.iter().filter_map(|party| {
        let (file, range) = files.shown(party.id, &party.range)?;
        let label = codespan::Label::new(party.style, file, range);
        Some(label.with_message(one_line(party.message)))
    });
    codespan::Diagnostic::new(to_severity(diagnostic.severity))
        .with_code(diagnostic.lint)
        .with_message(one_line(&diagnostic.message))
        .with_labels(labels.collect())
        .with_notes(notes(diagnostic))
}

fn notes(diagnostic: &Diagnostic) -> Vec<String> {
    let all = diagnostic.secondary.len() + usize::from(diagnostic.primary.is_some());
    let more = match all.saturating_sub(MAX_LABELS) {
        0 => None,
        1 => Some("and 1 more place".to_owned()),
        more => Some(format!("and {more} more places")),
    };
    let notes = diagnostic.notes.iter().map(|note| visible(note).into_owned());
    let help = format!("help: nixpact explain {}", diagnostic.lint);
    more.into_iter().chain(notes).chain([help]).collect()
}

fn to_severity(severity: Severity) -> codespan::Severity {
    match severity {
        Severity::Note => codespan::Severity::Note,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Error => codespan::Severity::Error,
    }
}
