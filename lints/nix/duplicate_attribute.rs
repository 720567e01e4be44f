//! One attribute is defined twice in a set where Nix refuses it.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("duplicate_attribute.md")]
    pub static DUPLICATE_ATTRIBUTE = {
        name: "duplicate-attribute",
        summary: "one attribute is defined twice in a set where Nix refuses it",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for duplicate in &model.duplicate_attributes {
        let path = &duplicate.path;
        let finding = sink
            .finding(None, format!("attribute '{path}' is already defined"))
            .primary(duplicate.second, "defined again here")
            .secondary(duplicate.first, "first defined here")
            .note("Nix merges two set literals only, and refuses the whole file otherwise")
            .note("Fix: write one definition, or join the values with lib.mkMerge or //");
        sink.push(finding);
    }
}
