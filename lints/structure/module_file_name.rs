//! A service is declared in a file that is not where the modules of services belong.

use nixpact_contract::{Model, ServiceModule, Template};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::quoted_list;

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
    let [first, others @ ..] = &module.services[..] else { return };
    let names = quoted_list(module.services.iter().map(|service| service.name.as_str()));
    let (what, are) = if others.is_empty() { ("Service", "is") } else { ("Services", "are") };
    let message = format!("{what} {names} {are} declared in {}, not in {template}", module.path);
    let place = template.fill(&first.name);
    let fix = match others.is_empty() {
        true => format!("Fix: git mv {} {place}", module.path),
        false => format!("Fix: a file for each of them, such as {place}"),
    };
    let mut finding = sink.finding(None, message).primary(first.span, "declared here");
    for service in &module.services {
        finding = finding.service(&service.name);
    }
    for service in others {
        finding = finding.secondary(service.span, format!("so is '{}'", service.name));
    }
    sink.push(finding.note(fix));
}
