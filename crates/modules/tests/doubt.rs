//! The [cases](support::cases) with a [doubt](doubts) in one place: what is known all the same must be what Nix
//! computes, as far as what is not known does not fail, and is none of what [is taken for known](is_taken_for_known).

#[path = "../../eval/tests/support/doubts.rs"]
mod doubts;
mod support;

use doubts::Doubted;
use support::cases::Cases;

/// Cases about what Nix refuses, and what it makes of that: they are compared with what nixpact knows of them without
/// a doubt.
const ABOUT_ERRORS: &[&str] = &["coerced", "errors-caught", "misplaced", "submodule-unchecked"];

/// Cases about which modules are the same, and which are disabled.
const ABOUT_MODULES: &[&str] = &["disabled", "disabled-kept", "keys", "module-keys"];

/// Cases in which an option is declared by several modules.
const ABOUT_DECLARATIONS: &[&str] =
    &["class-and-prefix", "options-parts", "submodule-merge", "submodule-with", "type-merge"];

/// What nixpact does not doubt, as nearly everything else would be in doubt with it: which modules are the same or
/// disabled, that what declares options in ways that are not known declares no option that another one declares,
/// that a value is no property, and that there are Nix's own functions.
fn is_taken_for_known(case: &str, doubted: &Doubted<'_>) -> bool {
    let expression = doubted.expression;
    let has = |cases: &[&str]| cases.contains(&case);
    has(ABOUT_MODULES)
        || has(ABOUT_DECLARATIONS) && (expression.contains("options") || expression.contains('\n'))
        || doubted.is_rebuilt() && expression.starts_with("if ")
        || expression == "builtins"
}

#[test]
fn what_is_known_in_doubt_is_what_nix_computes() {
    let (cases, every) = (Cases::read(), doubts::every(97));
    let (mut number, mut known, mut unknown, mut wrong) = (0, 0, 0, Vec::new());
    for case in &cases.all {
        for doubted in doubts::doubts(&case.text) {
            if is_taken_for_known(&case.name, &doubted) {
                continue;
            }
            number += 1;
            if number % every != 0 || !doubted.parses() {
                continue;
            }
            if ABOUT_ERRORS.contains(&&*case.name) {
                let difference = cases.difference(case, doubted.text.clone());
                wrong.extend(
                    difference.map(|wrong| format!("{} {doubted}\n  lab{wrong}", case.name)),
                );
                continue;
            }
            let tally = cases.check(case, doubted.text.clone());
            known += tally.known;
            unknown += tally.unknown;
            let is_wrong = |wrong: &&String| {
                !["expected \"«error»\"", "expected an error"].iter().any(|it| wrong.ends_with(it))
            };
            let found = tally.wrong.iter().filter(is_wrong);
            wrong.extend(found.map(|wrong| format!("{} {doubted}\n  {wrong}", case.name)));
        }
    }
    let tried = format!("{number} texts, one of {every} tried: {known} known, {unknown} unknown");
    assert!(wrong.is_empty(), "{tried}, {} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(known > 5 * unknown, "{tried}");
}
