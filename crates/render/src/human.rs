use std::io::{self, BufWriter, Write};
use std::ops::Range;

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::term::{self, Config, termcolor::Ansi};
use nixpact_diagnostics::{Diagnostic, Label, Severity};
use nixpact_source::{FileId, Sources};

use crate::Report;
use crate::files::{ShownFile, ShownFiles};
use crate::place::Place;
use crate::visible::{one_line, visible};

/// What the reader's terminal can show.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Style {
    /// ANSI colours.
    pub color: bool,
}

/// Writes each finding with the source lines it is about, as rustc does, and an empty line after it.
pub(crate) fn render(out: &mut dyn Write, style: &Style, report: &Report<'_>) -> io::Result<()> {
    let config = Config::default();
    let sources = report.sources;
    let files = ShownFiles::new(sources);
    let mut out = BufWriter::new(out);
    for diagnostic in report.diagnostics {
        let shown = to_codespan(sources, &files, diagnostic);
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

/// A longer line (in bytes) fills the screen without showing anything: it comes from a program.
const MAX_LINE: usize = 2_000;

/// codespan-reporting keeps an entry for every line of a label, though it shows only the ends.
const MAX_LINES: usize = 1_000;

fn to_codespan(
    sources: &Sources,
    files: &ShownFiles<'_>,
    diagnostic: &Diagnostic,
) -> codespan::Diagnostic<FileId> {
    let mut labels = Vec::new();
    let mut notes = Vec::new();
    let primary = diagnostic.primary.iter().map(|label| (codespan::LabelStyle::Primary, label));
    let secondary =
        diagnostic.secondary.iter().map(|label| (codespan::LabelStyle::Secondary, label));
    for (style, label) in primary.chain(secondary).take(MAX_LABELS) {
        match to_snippet(sources, files, style, label) {
            Some(Snippet::Source(label)) => labels.push(label),
            Some(Snippet::Note(note)) => notes.push(note),
            None => {}
        }
    }
    let all = diagnostic.secondary.len() + usize::from(diagnostic.primary.is_some());
    match all.saturating_sub(MAX_LABELS) {
        0 => {}
        1 => notes.push("and 1 more place".to_owned()),
        more => notes.push(format!("and {more} more places")),
    }
    notes.extend(diagnostic.notes.iter().map(|note| visible(note).into_owned()));
    notes.push(format!("help: nixpact explain {}", diagnostic.lint));
    codespan::Diagnostic::new(to_severity(diagnostic.severity))
        .with_code(diagnostic.lint)
        .with_message(one_line(&diagnostic.message))
        .with_labels(labels)
        .with_notes(notes)
}

enum Snippet {
    Source(codespan::Label<FileId>),
    /// Instead of source lines that cannot be shown.
    Note(String),
}

fn to_snippet(
    sources: &Sources,
    files: &ShownFiles<'_>,
    style: codespan::LabelStyle,
    label: &Label,
) -> Option<Snippet> {
    let place = Place::of(sources, label.span)?;
    let file = files.get(place.id).ok()?;
    let message = one_line(&label.message);
    Some(match shown_range(file, &place) {
        Some(range) => {
            Snippet::Source(codespan::Label::new(style, place.id, range).with_message(message))
        }
        None => {
            let start = place.start();
            Snippet::Note(format!("{}:{}:{}: {message}", file.name(), start.line, start.column))
        }
    })
}

/// The bytes to underline, or `None` when their lines are too long to be shown.
fn shown_range(file: &ShownFile<'_>, place: &Place<'_>) -> Option<Range<usize>> {
    let start = place.start as usize;
    // A caret on the empty line after a line feed says nothing.
    let covered = file.text().get(start..place.end as usize)?;
    let mut end = start + covered.trim_end_matches(['\n', '\r']).len();
    let first = file.line(start);
    if file.line(end) - first > MAX_LINES {
        let line = file.line_range(first)?;
        end = start + file.text().get(start..line.end)?.trim_end_matches(['\n', '\r']).len();
    }
    let lengths =
        (first..=file.line(end)).map(|line| file.line_range(line).map_or(0, |it| it.len()));
    (lengths.max()? <= MAX_LINE).then_some(start..end)
}

fn to_severity(severity: Severity) -> codespan::Severity {
    match severity {
        Severity::Note => codespan::Severity::Note,
        Severity::Warning => codespan::Severity::Warning,
        Severity::Error => codespan::Severity::Error,
    }
}
