//! A secret is declared, and nothing reads it.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("unused_secret.md")]
    pub static UNUSED_SECRET = {
        name: "unused-secret",
        summary: "nothing in the repository reads a secret",
        level: Level::Note,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for secret in &model.secrets.unread {
        let (name, option) = (&secret.name, secret.store.option());
        let finding = sink
            .possible(None, format!("Secret '{name}' is declared, and nothing reads it"))
            .primary(secret.span, "its name stands nowhere else")
            .note(format!(
                "Unless something outside of the repository reads it, or all of config.{option}"
            ))
            .note(format!("Fix: read config.{option}.\"{name}\".path, or remove the secret"));
        sink.push(finding);
    }
}
