//! The encrypted file does not have the key of a secret.

use nixpact_contract::{AbsentKey, Model};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("secret_not_in_file.md")]
    pub static SECRET_NOT_IN_FILE = {
        name: "secret-not-in-file",
        summary: "the encrypted file does not have the key of a secret",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for absent in &model.secrets.absent_keys {
        let AbsentKey { name, span, key, file, nearest, is_validated, .. } = absent;
        let host = model.hosts.get(absent.host);
        let message = match key == name {
            true => format!("Secret '{name}' is not in {file}"),
            false => format!("The key '{key}' of secret '{name}' is not in {file}"),
        };
        let mut finding = match is_validated {
            true => sink.finding(host, message),
            false => sink
                .possible(host, message)
                .note("The host stops at it when it starts: validateSopsFiles is off".to_owned()),
        };
        if let Some(span) = span {
            finding = finding.primary(*span, "declared here");
        }
        if let Some(nearest) = nearest {
            finding = finding.note(format!("Did you mean '{nearest}'?"));
        }
        sink.push(finding.note(format!("Fix: sops {file}, and add {}", nested(key))));
    }
}

/// `a: { b: … }`
fn nested(key: &str) -> String {
    let parts: Vec<&str> = key.split('/').collect();
    match parts.split_last() {
        Some((last, outer)) => {
            let open: String = outer.iter().map(|part| format!("{part}: {{ ")).collect();
            format!("{open}{last}: …{}", " }".repeat(outer.len()))
        }
        None => key.to_owned(),
    }
}
