//! The module of a service is imported by no host.

use nixpact_contract::{Imported, Model};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("unimported_module.md")]
    pub static UNIMPORTED_MODULE = {
        name: "unimported-module",
        summary: "no host imports a service module",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let Some(template) = &model.structure.conventions.module else { return };
    for module in &model.structure.modules {
        let is_meant = module.imported == Imported::No && template.service(&module.path).is_some();
        let Some(service) = module.services.first().filter(|_| is_meant) else { continue };
        let name = &service.name;
        let entry = format!("{}default.nix", template.directory());
        let inside = module.path.strip_prefix(template.directory()).unwrap_or(&module.path);
        let inside = inside.strip_suffix("/default.nix").unwrap_or(inside);
        let message = format!("Service '{name}' is declared in a module that no host imports");
        let finding = sink
            .finding(None, message)
            .service(name)
            .primary(service.span, "no host reads this")
            .note(format!("Fix: imports = [ ./{inside} ]; in {entry}, or what your hosts import"));
        sink.push(finding);
    }
}
