//! The [cases](support::cases) with a doubt in one place: an expression is written in a way that leaves its value as
//! it is, and of which nixpact does not know so. What is known all the same must be what Nix computes, as far as
//! what is not known does not fail, and is none of what [is taken for known](is_taken_for_known).
//!
//! `NIXPACT_DOUBTS` says of how many texts one is tried: 1 tries all.

mod support;

use nixpact_source::FileId;
use nixpact_syntax::{Ast, Expr};
use support::cases::Cases;

/// What nixpact does not know to be true.
const YES: &str = "(builtins.currentTime > 0)";

/// Ways to write an expression, `E`, which are it: `Y` is true.
const WAYS: &[&str] = &[
    "(if Y then E else throw \"never\")",
    "(if Y then E else { })",
    "(if Y then E else [ ])",
    "(if Y then E else null)",
    // A part of it is there only perhaps.
    "((doubted: if builtins.isAttrs doubted && !(doubted ? _type)
       then builtins.listToAttrs (map (name: { inherit name; value = doubted.${name}; })
         (builtins.filter (name: Y) (builtins.attrNames doubted)))
       else if builtins.isList doubted then builtins.filter (item: Y) doubted
       else if builtins.isString doubted then doubted + (if Y then \"\" else \"x\")
       else doubted) (E))",
    // Nothing is known of its parts.
    "((doubted: if builtins.isAttrs doubted && !(doubted ? _type)
       then builtins.listToAttrs (map
         (name: { name = name + (if Y then \"\" else \"x\"); value = doubted.${name}; })
         (builtins.attrNames doubted))
       else if builtins.isList doubted
       then builtins.genList (builtins.elemAt doubted) (if Y then builtins.length doubted else 0)
       else if builtins.isInt doubted then doubted + (if Y then 0 else 1)
       else doubted) (E))",
];

/// Cases about what Nix refuses, and what it makes of that.
const ABOUT_ERRORS: &[&str] = &["coerced", "errors-caught", "misplaced", "submodule-unchecked"];

/// Cases about which modules are the same, and which are disabled.
const ABOUT_MODULES: &[&str] = &["disabled", "disabled-kept", "keys", "module-keys"];

/// Cases in which an option is declared by several modules.
const ABOUT_DECLARATIONS: &[&str] =
    &["class-and-prefix", "options-parts", "submodule-merge", "submodule-with", "type-merge"];

/// What nixpact does not doubt, as nearly everything else would be in doubt with it: which modules are the same or
/// disabled, that what declares options in ways that are not known declares no option that another one declares,
/// that a value is no property, and that there are Nix's own functions.
fn is_taken_for_known(case: &str, expression: &str, way: &str) -> bool {
    let has = |cases: &[&str]| cases.contains(&case);
    has(ABOUT_ERRORS)
        || has(ABOUT_MODULES)
        || has(ABOUT_DECLARATIONS) && (expression.contains("options") || expression.contains('\n'))
        || way.contains("doubted") && expression.starts_with("if ")
        || expression == "builtins"
}

fn parse(text: &str) -> Option<Ast> {
    let ast = nixpact_syntax::parse(FileId::new(0), text);
    (ast.errors.is_empty() && ast.duplicates.is_empty()).then_some(ast)
}

/// The expressions of a text, as ranges of bytes, that may stand in parentheses.
fn places(text: &str, ast: &Ast) -> Vec<(usize, usize)> {
    let is_whole = |(start, end): &(usize, usize)| {
        let Some(expression) = text.get(*start..*end) else { return false };
        let before = &text[..*start];
        // The names that are inherited are none.
        let inherited = before.rfind("inherit").is_some_and(|at| !before[at..].contains(';'));
        let is_path = expression.starts_with(['.', '/', '<']);
        !inherited && !is_path && parse(expression).is_some()
    };
    // Which function is called is hardly ever in doubt.
    let called = |expr: &Expr| match expr {
        Expr::Apply { function, .. } => Some(ast.spans[function.0 as usize]),
        _ => None,
    };
    let called: Vec<_> = ast.exprs.iter().filter_map(called).collect();
    let spans = ast.spans.iter().filter(|span| !called.contains(span));
    let places = spans.map(|(start, end)| (*start as usize, *end as usize));
    let mut places: Vec<_> = places.filter(is_whole).collect();
    places.sort_unstable();
    places.dedup();
    places
}

#[test]
fn what_is_known_in_doubt_is_what_nix_computes() {
    let cases = Cases::read();
    let every = std::env::var("NIXPACT_DOUBTS").ok().and_then(|every| every.parse().ok());
    let every: usize = every.unwrap_or(97);
    let (mut number, mut known, mut unknown, mut wrong) = (0, 0, 0, Vec::new());
    for case in &cases.all {
        let ast = parse(&case.text).unwrap_or_else(|| panic!("{} does not parse", case.name));
        for (start, end) in places(&case.text, &ast) {
            for way in WAYS {
                let expression = &case.text[start..end];
                if is_taken_for_known(&case.name, expression, way) {
                    continue;
                }
                number += 1;
                if number % every != 0 {
                    continue;
                }
                let doubted = way.replace('Y', YES).replace('E', expression);
                let text = [&case.text[..start], &doubted, &case.text[end..]].concat();
                if parse(&text).is_none() {
                    continue;
                }
                let tally = cases.check(case, text);
                known += tally.known;
                unknown += tally.unknown;
                let place = format!("{} {}", case.name, expression.escape_debug());
                let is_wrong = |wrong: &&String| {
                    !["expected \"«error»\"", "expected an error"]
                        .iter()
                        .any(|it| wrong.ends_with(it))
                };
                let found = tally.wrong.iter().filter(is_wrong);
                wrong.extend(found.map(|wrong| format!("{place}\n    {way}\n  {wrong}")));
            }
        }
    }
    let tried = format!("{number} texts, one of {every} tried: {known} known, {unknown} unknown");
    assert!(wrong.is_empty(), "{tried}, {} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(known > 5 * unknown, "{tried}");
}
