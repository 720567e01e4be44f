//! The module of a service lacks one of its sections.

use nixpact_contract::{Model, ServiceModule, is_heading};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::quoted_list;

declare_lint! {
    #[doc = include_str!("missing_section.md")]
    pub static MISSING_SECTION = {
        name: "missing-section",
        summary: "a service module lacks the heading of a section",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let sections = &model.structure.conventions.sections;
    for module in &model.structure.modules {
        let missing: Vec<&str> = sections
            .iter()
            .map(String::as_str)
            .filter(|section| is_missing(module, section))
            .collect();
        let (Some(service), Some(first)) = (module.services.first(), missing.first()) else {
            continue;
        };
        let name = &service.name;
        let what = if missing.len() == 1 { "section" } else { "sections" };
        let message = format!(
            "The module of service '{name}' has no {what} {}",
            quoted_list(missing.iter().copied())
        );
        let finding = sink
            .finding(None, message)
            .service(name)
            .primary(service.span, "declared in this module")
            .note(format!("Fix: # --- {} ---", capitalised(first)));
        sink.push(finding);
    }
}

/// A module that has nothing to do with secrets needs no section for them.
fn is_missing(module: &ServiceModule, section: &str) -> bool {
    let is_there = module.headings.iter().any(|heading| is_heading(heading, section));
    !is_there && (module.has_secrets || !matches!(section, "secret" | "secrets"))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}
