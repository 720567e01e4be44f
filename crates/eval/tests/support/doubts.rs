//! Texts with a doubt in one place: an expression is written in a way that leaves its value as it is, and of which
//! nixpact does not know so.
//!
//! `NIXPACT_DOUBTS` says of how many texts one is tried: 1 tries all.
#![allow(dead_code, reason = "each test uses a part of it")]

use nixpact_source::FileId;
use nixpact_syntax::{Ast, Expr};

/// What nixpact does not know to be true: the clock decides, or another flake, whose modules and options are taken
/// for its own.
const YES: &[&str] =
    &["(builtins.currentTime > 0)", "((builtins.getFlake \"github:some/one\").yes)"];

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

/// A text with a doubt.
pub struct Doubted<'t> {
    /// The expression that is in doubt.
    pub expression: &'t str,
    way: &'static str,
    /// What `Y` stands for.
    yes: &'static str,
    pub text: String,
}

impl Doubted<'_> {
    /// Whether it is a text of Nix: some expressions may not stand in parentheses.
    pub fn parses(&self) -> bool {
        parse(&self.text).is_some()
    }

    /// Whether a function is called with the expression, which may be a property of a module.
    pub fn is_rebuilt(&self) -> bool {
        self.way.contains("doubted")
    }
}

impl std::fmt::Display for Doubted<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}\n    {}, Y: {}", self.expression.escape_debug(), self.way, self.yes)
    }
}

/// Of how many doubts one is tried, if nothing else is asked for.
pub fn every(usual: usize) -> usize {
    let every = std::env::var("NIXPACT_DOUBTS").ok().and_then(|every| every.parse().ok());
    every.unwrap_or(usual)
}

/// All doubts about a text, which parses.
pub fn doubts(text: &str) -> impl Iterator<Item = Doubted<'_>> {
    let places = parse(text).map(|ast| places(text, &ast)).unwrap_or_default();
    places.into_iter().flat_map(move |(start, end)| {
        let expression = &text[start..end];
        let doubted = move |(way, yes): (&'static str, &'static str)| {
            let doubted = way.replace('Y', yes).replace('E', expression);
            Doubted {
                expression,
                way,
                yes,
                text: [&text[..start], &doubted, &text[end..]].concat(),
            }
        };
        WAYS.iter().flat_map(|way| YES.iter().map(move |yes| (*way, *yes))).map(doubted)
    })
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
