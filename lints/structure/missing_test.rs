//! A service has no test.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("missing_test.md")]
    pub static MISSING_TEST = {
        name: "missing-test",
        summary: "a service has no test where the convention puts it",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let conventions = &model.structure.conventions;
    let Some(template) = &conventions.test else { return };
    for service in model.structure.modules.iter().flat_map(|module| &module.services) {
        if service.has_test {
            continue;
        }
        let (name, path) = (&service.name, template.fill(&service.name));
        let mut finding = sink
            .finding(None, format!("Service '{name}' has no test in {path}"))
            .service(name)
            .primary(service.span, "declared here");
        finding = match &conventions.check {
            Some(check) => finding.note(format!(
                "Fix: write {path}, and add it to the flake: checks.<system>.{} = …;",
                check.fill(name)
            )),
            None => finding.note(format!("Fix: write {path}")),
        };
        sink.push(finding);
    }
}
