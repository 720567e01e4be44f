//! What can be folded: sets, lists, `let … in`, and comments of several lines.

use gen_lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};
use nixpact_syntax::outline;

use crate::symbols::last_name;
use crate::view::Document;

pub(crate) fn folding(document: Document<'_>, _: FoldingRangeParams) -> Option<Vec<FoldingRange>> {
    let outline = outline::outline(&document.file.text);
    let mut ranges: Vec<FoldingRange> = Vec::new();
    for bracket in &outline.brackets {
        let is_imports = last_name(&bracket.way.steps) == Some("imports");
        let kind = (is_imports && !bracket.is_set).then_some(FoldingRangeKind::Imports);
        ranges.extend(folded(&document, bracket.span, kind));
    }
    ranges.extend(comments(&document));
    ranges.sort_by_key(|range| (range.start_line, range.end_line));
    ranges.dedup_by_key(|range| range.start_line);
    Some(ranges)
}

/// All lines but the last, on which the closing bracket stands.
fn folded(
    document: &Document<'_>,
    span: outline::Bytes,
    kind: Option<FoldingRangeKind>,
) -> Option<FoldingRange> {
    let (first, last) =
        (document.file.editor_line_of(span.0), document.file.editor_line_of(span.1));
    let (start_line, end_line) = (first.saturating_sub(1), last.saturating_sub(2));
    (end_line > start_line).then(|| FoldingRange {
        start_line,
        end_line,
        kind,
        ..Default::default()
    })
}

/// Runs of lines that are comments.
fn comments(document: &Document<'_>) -> Vec<FoldingRange> {
    let mut ranges = Vec::new();
    let mut run: Option<(u32, u32)> = None;
    let lines = (1..).map_while(|line| document.file.editor_line(line));
    let lines = lines.map(|line| document.file.text.get(line).unwrap_or_default());
    let lines = lines.map(|line| line.trim_start().starts_with('#'));
    for (line, is_comment) in (0_u32..).zip(lines.chain([false])) {
        run = match (run, is_comment) {
            (None, true) => Some((line, line)),
            (Some((first, _)), true) => Some((first, line)),
            (Some((start_line, end_line)), false) => {
                if end_line > start_line {
                    let kind = Some(FoldingRangeKind::Comment);
                    ranges.push(FoldingRange { start_line, end_line, kind, ..Default::default() });
                }
                None
            }
            (None, false) => None,
        };
    }
    ranges
}
