//! A service is declared in a file that is not where the modules of services belong.

use nixpact_contract::{Model, ServiceModule, Template};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("module_file_name.md")]
    pub static MODULE_FILE_NAME = {
        name: "module-file-name",
        summary: "a service module is not where the convention puts it",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let Some(template) = &model.structure.conventions.module else { return };
    for module in &model.structure.modules {
        if template.service(&module.path).is_none() {
            report(template, module, sink);
        }
    }
}

fn report(template: &Template, module: &ServiceModule, sink: &mut Sink<'_>) {
    let Some(service) = module.services.first() else { return };
    let name = &service.name;
    let message = format!("Service '{name}' is declared in {}, not in {template}", module.path);
    let finding = sink
        .finding(None, message)
        .service(name)
        .primary(service.span, "declared here")
        .note(format!("Fix: git mv {} {}", module.path, template.fill(name)));
    sink.push(finding);
}
