//! Functions of nixpkgs' `lib` whose last argument is what they give.

const PASSING_ON: &[&str] = &[
    "mkAfter",
    "mkBefore",
    "mkDefault",
    "mkForce",
    "mkIf",
    "mkMerge",
    "mkOrder",
    "mkOverride",
    "optional",
    "optionalAttrs",
    "optionals",
];

/// Whether a function of nixpkgs' `lib` only passes on its last argument, or marks it.
pub fn passes_on(name: &str) -> bool {
    PASSING_ON.contains(&name)
}
