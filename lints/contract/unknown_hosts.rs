//! A contract is there, and no host is known to have its services.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("unknown_hosts.md")]
    pub static UNKNOWN_HOSTS = {
        name: "unknown-hosts",
        summary: "no host of the flake is known, so that no service is looked at on one",
        level: Level::Note,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    // Without a contract, or where Nix itself gets to no host, another finding says it.
    if model.contracts.is_empty() || !model.hosts.is_empty() || !model.failures.is_empty() {
        return;
    }
    let Some(unknown) = &model.hosts_unknown else { return };
    let mut finding = sink
        .finding(None, "no host is known: no service is looked at on one")
        .note(format!("They are not known: {}", unknown.why.reason))
        .note(match unknown.is_in_input {
            true => "Fix: read the inputs of the flake, with --input lock, or name the hosts' modules in \
                     nixpact.toml, under [hosts.NAME]",
            false => "Fix: name their modules in nixpact.toml, under [hosts.NAME]",
        });
    if let Some(span) = unknown.why.span {
        finding = finding.primary(span, "the hosts depend on this");
    }
    sink.push(finding);
}
