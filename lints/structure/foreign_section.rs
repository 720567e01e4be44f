//! The module of a service reads or writes the contract of another.

use nixpact_contract::{ContractRead, Model, Role, ServiceModule, attribute_name};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("foreign_section.md")]
    pub static FOREIGN_SECTION = {
        name: "foreign-section",
        summary: "a service module writes another service's contract, or reads it without depending on it",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let Some(shared) = &model.structure.conventions.shared_fields else { return };
    let Some(contract) = model.contracts.first() else { return };
    let can_depend = contract.role(Role::DependsOn);
    for module in &model.structure.modules {
        let Some(own) = module.services.first() else { continue };
        for write in &module.writes {
            let (name, other) = (&own.name, &write.service);
            let message =
                format!("The module of service '{name}' defines the contract of '{other}'");
            let mut finding = sink
                .finding(None, message)
                .service(name)
                .service(other)
                .primary(write.span, "defined here");
            if let Some(span) = write.declared {
                finding = finding.secondary(span, format!("'{other}' is declared here"));
            }
            sink.push(finding.note(format!(
                "Fix: move it into the module of '{other}', or into the host's settings"
            )));
        }
        let Some(field) = can_depend else { continue };
        for read in module.reads.iter().filter(|read| !is_allowed(module, read, shared)) {
            let Some(other) = &read.service else { continue };
            let name = &own.name;
            let what = match &read.field {
                Some(field) => format!("'{field}' of service '{other}'"),
                None => format!("the contract of '{other}'"),
            };
            let message =
                format!("The module of service '{name}' reads {what}, on which it does not depend");
            let mut finding = sink
                .finding(None, message)
                .service(name)
                .service(other)
                .primary(read.span, "read here");
            if let Some(span) = read.declared {
                finding = finding.secondary(span, format!("'{other}' is declared here"));
            }
            let option = &contract.option;
            let (own, field) = (attribute_name(name), &field.name);
            sink.push(finding.note(format!("Fix: {option}.{own}.{field} = [ \"{other}\" ];")));
        }
    }
}

fn is_allowed(module: &ServiceModule, read: &ContractRead, shared: &[String]) -> bool {
    let Some(other) = &read.service else { return true };
    // A service that nothing declares is the matter of another lint.
    read.declared.is_none()
        || read.field.as_ref().is_some_and(|field| shared.contains(field))
        || module.services.iter().any(|service| match &service.depends_on {
            Some(names) => names.contains(other),
            None => true,
        })
}
