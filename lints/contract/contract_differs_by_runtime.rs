//! What a service promises depends on whether it runs as a container.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("contract_differs_by_runtime.md")]
    pub static CONTRACT_DIFFERS_BY_RUNTIME = {
        name: "contract-differs-by-runtime",
        summary: "a contract field depends on whether the service runs as a container",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for switch in model.structure.modules.iter().flat_map(|module| &module.switches) {
        let service = &switch.service;
        let what = match &switch.field {
            Some(field) => format!("Field '{field}' of service '{service}'"),
            None => format!("The contract of service '{service}'"),
        };
        let finding = sink
            .finding(None, format!("{what} depends on how it runs: on {}", switch.option))
            .service(service)
            .primary(switch.span, "this differs")
            .secondary(switch.condition, "by this condition")
            .note(
                "Fix: give it one value, and let the implementation use that in both cases"
                    .to_owned(),
            );
        sink.push(finding);
    }
}
