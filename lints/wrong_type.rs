//! What is said of a value that is not of its type, be it of a service's field or of another option.

use nixpact_contract::{Finding, FindingKind, Written};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use nixpact_source::Span;

/// Adds where the value stands, or else where `around` it does, what is expected, and a fix. `user` uses it.
pub(crate) fn placed(
    mut diagnostic: Diagnostic,
    finding: &Finding,
    around: Option<Span>,
    user: &str,
) -> Diagnostic {
    let FindingKind::WrongType { expected, found: _, members, suggestion, written } = &finding.kind
    else {
        return diagnostic;
    };
    let label = match suggestion {
        Some(suggestion) => format!("did you mean {suggestion}?"),
        None => format!("expected {expected}"),
    };
    if let Some(span) = finding.site.span.or(around) {
        diagnostic = diagnostic.primary(span, label);
    }
    if let Some(used) = finding.site.through.first() {
        diagnostic = diagnostic.secondary(*used, format!("'{user}' uses it here"));
    }
    if let Some(law) = finding.law {
        diagnostic = diagnostic.secondary(law, "the type is declared here");
    }
    if !members.is_empty() {
        diagnostic = diagnostic.note(format!("Valid values: {}", members.join(", ")));
    }
    if let (Some(suggestion), Some(span)) = (suggestion, finding.site.span)
        && *written != Written::Computed
    {
        // A number without its quotes is the only value that can be meant; a member is one of several.
        let is_meant = members.is_empty() && *written == Written::OwnLiteral;
        let applicability = if is_meant { Applicability::Safe } else { Applicability::Unsafe };
        let edits = vec![Edit { span, text: suggestion.clone() }];
        diagnostic = diagnostic.fix(Fix { applicability, edits });
    }
    diagnostic
}
