//! A password stands in the source.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("plaintext_secret.md")]
    pub static PLAINTEXT_SECRET = {
        name: "plaintext-secret",
        summary: "a service module gives a password as a plain string",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for secret in &model.plain_secrets {
        let message = format!("'{}' is given as a plain string", secret.name);
        let finding = sink
            .finding(None, message)
            .primary(secret.span, "everyone can read this, in the repository and in the Nix store")
            .note(
                "Fix: keep it in an encrypted file, and name the file: \
                 config.sops.secrets.\"…\".path, or config.age.secrets.\"…\".path"
                    .to_owned(),
            );
        sink.push(finding);
    }
}
