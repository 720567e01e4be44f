//! No service contract is found, so that nothing about services is checked.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("no_contract.md")]
    pub static NO_CONTRACT = {
        name: "no-contract",
        summary: "no service contract is found, so that no service is checked",
        level: Level::Note,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    if !model.contracts.is_empty() {
        return;
    }
    let message = "no service contract found: only the lints about Nix itself were asked";
    let mut finding = sink.finding(None, message).note(
        "a contract is an option of type attrsOf (submodule …) with fields such as enable, port and \
         dataDir; nixpact.toml can name it: [contract] option = \"…\"",
    );
    if let Some(unknown) = &model.hosts_unknown {
        let which = if model.hosts.is_empty() { "the hosts" } else { "some hosts" };
        finding = finding.note(format!("{which} are not known: {}", unknown.why.reason));
        if unknown.is_in_input {
            finding = finding
                .note("--input lock reads the inputs of the flake from the store, which may tell");
        }
    }
    if !model.flakes_below.is_empty() {
        let directories = model.flakes_below.join(", and in ");
        finding = finding.note(format!(
            "the root has no flake.nix, and a flake with hosts is in {directories}: check that directory"
        ));
    }
    sink.push(finding);
}
