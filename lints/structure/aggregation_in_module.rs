//! The module of a service does what the collector is for.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("aggregation_in_module.md")]
    pub static AGGREGATION_IN_MODULE = {
        name: "aggregation-in-module",
        summary: "a service module goes over all services",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let collectors = &model.structure.conventions.collector;
    let Some(collector) = collectors.first() else { return };
    let Some(contract) = model.contracts.first() else { return };
    for module in &model.structure.modules {
        let Some(service) = module.services.first() else { continue };
        let whole = module.reads.iter().filter(|read| read.service.is_none());
        for read in whole.filter(|_| !collectors.contains(&module.path)) {
            let name = &service.name;
            let message = format!(
                "The module of service '{name}' goes over all of {}, as {collector} does",
                contract.option
            );
            let finding = sink
                .finding(None, message)
                .service(name)
                .primary(read.span, "all services are read here")
                .note(format!(
                    "Fix: let {collector} collect what '{name}' needs into an option, and read that"
                ));
            sink.push(finding);
        }
    }
}
