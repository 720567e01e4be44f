//! The address of a database is written down although its parts are there.

use nixpact_contract::{Model, attribute_name};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("hand_built_connection_string.md")]
    pub static HAND_BUILT_CONNECTION_STRING = {
        name: "hand-built-connection-string",
        summary: "a service module writes a database's address by hand",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let Some(option) = &model.structure.conventions.connections else { return };
    let option = option.join(".");
    for module in &model.structure.modules {
        let Some(service) = module.services.first() else { continue };
        for address in &module.addresses {
            let name = &service.name;
            let message = format!(
                "The module of service '{name}' writes the {} address of a database by hand",
                address.scheme
            );
            let finding = sink
                .finding(None, message)
                .service(name)
                .primary(address.span, format!("nothing of it comes from {option}"))
                .note(format!(
                    "Fix: take host, port, name and user from config.{option}.{}",
                    attribute_name(name)
                ));
            sink.push(finding);
        }
    }
}
