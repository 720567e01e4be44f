//! A test stands in its place, and is none of the flake's checks.

use nixpact_contract::{Model, attribute_name};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("unexposed_test.md")]
    pub static UNEXPOSED_TEST = {
        name: "unexposed-test",
        summary: "a service's test is not among the flake's checks",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let Some(template) = &model.structure.conventions.check else { return };
    let Some(checks) = &model.structure.checks else { return };
    for test in &model.structure.tests {
        let wanted = template.fill(&test.service);
        if checks.names.contains(&wanted) {
            continue;
        }
        let message = format!(
            "The test of service '{}' is not among the flake's checks as '{wanted}'",
            test.service
        );
        let mut finding = sink
            .finding(None, message)
            .service(&test.service)
            .primary(test.span, "nothing runs this test under that name");
        if let Some(span) = checks.span {
            finding = finding.secondary(span, format!("the checks for {}", checks.system));
        }
        sink.push(finding.note(format!(
            "Fix: checks.{}.{} = … ./{};",
            checks.system,
            attribute_name(&wanted),
            test.path
        )));
    }
}
