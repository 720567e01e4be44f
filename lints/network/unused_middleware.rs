//! A middleware is defined that nothing uses.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("unused_middleware.md")]
    pub static UNUSED_MIDDLEWARE = {
        name: "unused-middleware",
        summary: "a middleware is defined that nothing uses",
        level: Level::Note,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        // A contract whose services say no middlewares uses them in some other way.
        let is_used_by_name = |service: &&nixpact_contract::Service| {
            let contract = &model.contracts[service.contract];
            contract.role(nixpact_contract::Role::Middlewares).is_some()
        };
        if !host.services.iter().any(|service| is_used_by_name(&service)) {
            continue;
        }
        for middleware in host.middlewares.unused.iter().map(|at| &host.middlewares.all[*at]) {
            let message = format!("Middleware '{}' is used by no service", middleware.name);
            let finding = sink.finding(Some(host), message);
            let finding = match middleware.span {
                Some(span) => finding.primary(span, "nothing in the repository names it"),
                None => finding,
            };
            sink.push(finding.note("Fix: remove it, or name it in the middlewares of a service"));
        }
    }
}
