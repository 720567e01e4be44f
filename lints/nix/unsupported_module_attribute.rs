//! A module has an attribute beside `config` or `options` that nixpkgs refuses.

use nixpact_contract::{Host, Model, UnsupportedAttribute, attribute_name};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use nixpact_source::Span;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::rewrite;

declare_lint! {
    #[doc = include_str!("unsupported_module_attribute.md")]
    pub static UNSUPPORTED_MODULE_ATTRIBUTE = {
        name: "unsupported-module-attribute",
        summary: "a module has an attribute beside 'config' or 'options' that nixpkgs refuses",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.all() {
        for attribute in &host.stops.unsupported {
            sink.push(finding(host, attribute, sink));
        }
    }
}

fn finding(host: &Host, attribute: &UnsupportedAttribute, sink: &Sink<'_>) -> Diagnostic {
    let (name, (explicit, place)) = (&attribute.name, &attribute.explicit);
    let message = format!("Module has an unsupported attribute '{name}' beside '{explicit}'");
    let label = match attribute.meant {
        Some(meant) => format!("did you mean '{meant}'?"),
        None => "it is no part of a module".to_owned(),
    };
    let mut finding = sink.finding(Some(host), message).primary(attribute.span, label);
    if let Some(place) = place {
        let label = format!("because of '{explicit}', options are defined below 'config' only");
        finding = finding.secondary(*place, label);
    }
    if let Some(meant) = attribute.meant {
        return rewrite(finding, &attribute.names, meant).note(format!("Fix: {meant} = …;"));
    }
    let finding = finding.note(format!("Fix: config.{} = …;", attribute_name(name)));
    if !attribute.may_move || attribute.names.is_empty() {
        return finding;
    }
    let edit = |span: &Span| Edit {
        span: Span::new(span.file, span.start, span.start),
        text: "config.".to_owned(),
    };
    let edits = attribute.names.iter().map(edit).collect();
    finding.fix(Fix { applicability: Applicability::Unsafe, edits })
}
