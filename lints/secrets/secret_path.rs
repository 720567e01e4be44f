//! A secret is not called what secrets of its service are called.

use nixpact_contract::{Model, SecretPlace, ServiceModule, Template};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("secret_path.md")]
    pub static SECRET_PATH = {
        name: "secret-path",
        summary: "a secret in a service module is not called as the convention says",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let Some(template) = &model.structure.conventions.secret else { return };
    for module in &model.structure.modules {
        let here = |secret: &&SecretPlace| {
            module.services.first().is_some_and(|service| service.span.file == secret.span.file)
        };
        let secrets = model.secrets.declared.iter().filter(here);
        for secret in secrets.filter(|secret| !is_right(template, module, secret)) {
            report(template, module, secret, sink);
        }
    }
}

fn is_right(template: &Template, module: &ServiceModule, secret: &SecretPlace) -> bool {
    module.services.iter().any(|service| template.is_for(&service.name, &secret.name))
}

fn report(template: &Template, module: &ServiceModule, secret: &SecretPlace, sink: &mut Sink<'_>) {
    let Some(service) = module.services.first() else { return };
    let (name, option) = (&service.name, secret.store.option());
    let message = format!(
        "Secret '{}' of service '{name}' is not called {}",
        secret.name,
        template.fill(name)
    );
    let wanted = match template.service(&secret.name) {
        Some(_) => template.fill_like(name, &secret.name),
        None => template.fill(name),
    };
    let finding = sink
        .finding(None, message)
        .service(name)
        .primary(secret.span, "declared here")
        .note(format!("Fix: {option}.\"{wanted}\" = …, in the encrypted file as well"));
    sink.push(finding);
}
