//! A service is not called what its directory is called.

use nixpact_contract::{Model, attribute_name};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("service_name_mismatch.md")]
    pub static SERVICE_NAME_MISMATCH = {
        name: "service-name-mismatch",
        summary: "a service is called otherwise than the path of its module says",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let Some(template) = &model.structure.conventions.module else { return };
    let Some(contract) = model.contracts.first() else { return };
    for module in &model.structure.modules {
        let Some(wanted) = template.service(&module.path) else { continue };
        let is_meant = |name: &str| template.is_for(name, &module.path);
        // Beside the service of that name there may be others.
        if module.services.iter().any(|service| is_meant(&service.name)) {
            continue;
        }
        let Some(service) = module.services.first() else { continue };
        let name = &service.name;
        let moved = template.fill_like(name, &module.path);
        let message =
            format!("Service '{name}' is declared in {}, the place of '{wanted}'", module.path);
        let finding = sink
            .finding(None, message)
            .service(name)
            .primary(service.span, format!("not '{wanted}'"))
            .note(format!(
                "Fix: {}.{} = …, or git mv {} {moved}",
                contract.option,
                attribute_name(wanted),
                module.path
            ));
        sink.push(finding);
    }
}
