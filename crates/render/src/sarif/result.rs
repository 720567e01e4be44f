use std::collections::BTreeMap;

use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix, Label, Suppression};
use nixpact_source::Span;
use serde::Serialize;

use super::{ROOT, rule_index, sentence};
use crate::Report;
use crate::fingerprint::Fingerprints;
use crate::place::{Place, fits, whole_repository};
use crate::uri::encoded;

/// A `result` object (SARIF 2.1.0, section 3.27).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'a str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedLocation>,
    partial_fingerprints: BTreeMap<&'a str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Repair<'a>>,
    /// Present for all results of a run or for none (section 3.27.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Decision<'a>>>,
    #[serde(skip_serializing_if = "Properties::is_empty")]
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RelatedLocation {
    id: usize,
    physical_location: PhysicalLocation,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

/// Lines and columns from 1, in characters; the end is exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Repair<'a> {
    description: Message,
    artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: InsertedContent<'a>,
}

#[derive(Serialize)]
struct InsertedContent<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Decision<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

#[derive(Serialize)]
struct Properties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    services: &'a [String],
}

impl Properties<'_> {
    fn is_empty(&self) -> bool {
        self.host.is_none() && self.services.is_empty()
    }
}

impl<'a> Finding<'a> {
    pub fn new(
        report: &Report<'a>,
        diagnostic: &'a Diagnostic,
        fingerprints: &mut Fingerprints,
    ) -> Finding<'a> {
        let related = related(report, diagnostic);
        let suppressions = || diagnostic.suppression.iter().map(|it| Decision::new(report, it));
        let fingerprint = fingerprints.distinct(report.sources, diagnostic);
        let fix = diagnostic.fix.as_ref();
        Finding {
            rule_id: diagnostic.lint,
            rule_index: rule_index(report.rules, diagnostic),
            level: diagnostic.severity.as_str(),
            message: Message { text: message(diagnostic, &related) },
            locations: [Location::of(report, diagnostic)],
            related_locations: related,
            partial_fingerprints: BTreeMap::from([("nixpact/v1", fingerprint)]),
            fixes: fix.and_then(|fix| Repair::new(report, diagnostic, fix)).into_iter().collect(),
            suppressions: (!report.suppressed.is_empty()).then(|| suppressions().collect()),
            properties: Properties {
                host: diagnostic.host.as_deref(),
                services: &diagnostic.services,
            },
        }
    }
}

/// The message, a line for each related location with a link to it (section 3.11.6; GitHub shows
/// those only that are linked), and the notes.
fn message(diagnostic: &Diagnostic, related: &[RelatedLocation]) -> String {
    let mut text = plain(&sentence(&diagnostic.message));
    let primary = diagnostic.primary.iter().map(|label| label.message.as_str());
    for label in primary.filter(|label| !label.is_empty()) {
        text += &format!(" {}", plain(&sentence(label)));
    }
    for location in related {
        text += &format!("\n[{}]({})", link(&location.message.text), location.id);
    }
    for note in &diagnostic.notes {
        text += &format!("\n{}", plain(note));
    }
    text
}

/// A text in which nothing reads as a link.
fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

fn link(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn related(report: &Report<'_>, diagnostic: &Diagnostic) -> Vec<RelatedLocation> {
    let places = diagnostic.secondary.iter().filter_map(|label| {
        let physical_location = PhysicalLocation::of(report, label.span)?;
        Some((physical_location, said_of(label)))
    });
    let numbered = places.enumerate().map(|(at, (physical_location, text))| RelatedLocation {
        id: at + 1,
        physical_location,
        message: Message { text },
    });
    numbered.collect()
}

fn said_of(label: &Label) -> String {
    if label.message.is_empty() { "see also".to_owned() } else { label.message.clone() }
}

impl Location {
    /// GitHub refuses a result without a location: the first line of a file stands for the repository.
    fn of(report: &Report<'_>, diagnostic: &Diagnostic) -> Location {
        let primary = diagnostic.primary.as_ref();
        let place = primary.and_then(|label| PhysicalLocation::of(report, label.span));
        let physical_location = place.unwrap_or_else(|| PhysicalLocation {
            artifact_location: ArtifactLocation::new(report, whole_repository(report.sources)),
            region: Region { start_line: 1, start_column: 1, end_line: 1, end_column: 1 },
        });
        Location { physical_location }
    }
}

impl PhysicalLocation {
    fn of(report: &Report<'_>, span: Span) -> Option<PhysicalLocation> {
        let place = Place::of(report.sources, span)?;
        let artifact_location = ArtifactLocation::new(report, &place.file.path);
        Some(PhysicalLocation { artifact_location, region: Region::of(&place) })
    }
}

impl ArtifactLocation {
    fn new(report: &Report<'_>, path: &str) -> ArtifactLocation {
        ArtifactLocation { uri: encoded(&report.hosted(path)), uri_base_id: ROOT }
    }
}

impl Region {
    fn of(place: &Place<'_>) -> Region {
        let (start, end) = (place.start(), place.end());
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl<'a> Repair<'a> {
    /// `None` for a fix that is only to be shown, since a viewer would apply it.
    fn new(report: &Report<'_>, diagnostic: &Diagnostic, fix: &'a Fix) -> Option<Repair<'a>> {
        let applies = fix.applicability > Applicability::DisplayOnly && !fix.edits.is_empty();
        if !applies || !fix.edits.iter().all(|edit| fits(report.sources, edit.span)) {
            return None;
        }
        let change = |edits: &'a [Edit]| ArtifactChange::new(report, edits);
        let by_file = fix.edits.chunk_by(|a, b| a.span.file == b.span.file);
        let artifact_changes = by_file.map(change).collect::<Option<_>>()?;
        let text = format!("{} ({} fix).", diagnostic.message, fix.applicability.as_str());
        Some(Repair { description: Message { text }, artifact_changes })
    }
}

impl<'a> ArtifactChange<'a> {
    /// The edits of one file.
    fn new(report: &Report<'_>, edits: &'a [Edit]) -> Option<ArtifactChange<'a>> {
        let file = Place::of(report.sources, edits.first()?.span)?.file;
        let replacement = |edit: &'a Edit| {
            let deleted_region = Region::of(&Place::of(report.sources, edit.span)?);
            let inserted_content = InsertedContent { text: &edit.text };
            Some(Replacement { deleted_region, inserted_content })
        };
        let replacements = edits.iter().map(replacement).collect::<Option<_>>()?;
        Some(ArtifactChange {
            artifact_location: ArtifactLocation::new(report, &file.path),
            replacements,
        })
    }
}

impl<'a> Decision<'a> {
    fn new(report: &Report<'_>, suppression: &'a Suppression) -> Decision<'a> {
        match suppression {
            Suppression::Comment { span, reason } => Decision {
                kind: "inSource",
                justification: Some(reason),
                location: PhysicalLocation::of(report, *span)
                    .map(|physical_location| Location { physical_location }),
            },
            Suppression::Baseline => {
                Decision { kind: "external", justification: None, location: None }
            }
        }
    }
}
