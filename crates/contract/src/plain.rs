//! What can be written anew: plain names, and literals.

use nixpact_eval::{Evaluator, Origin, Thunk, Value, string_literal};
use nixpact_source::{FileId, Span};
use nixpact_syntax::{Ast, Expr, ExprId, Operator};

use crate::model::Written;

/// Every place where the attribute whose name begins at `span` is written in its set, provided that
/// each is the plain name before a value; else none. A name in an `inherit` stands for a variable too,
/// and one that is computed may be written for several attributes.
pub(crate) fn name_places(ev: &Evaluator<'_>, span: Option<Span>, name: &str) -> Vec<Span> {
    let Some((span, ast)) = span.and_then(|span| Some((span, ev.ast(span.file)?))) else {
        return Vec::new();
    };
    let written = ast.written((span.start, span.end));
    let places: Vec<Span> =
        written.into_iter().map(|(start, end)| Span::new(span.file, start, end)).collect();
    let plain = places.iter().all(|place| is_plain_name(ev, *place, name));
    if plain { places } else { Vec::new() }
}

fn is_plain_name(ev: &Evaluator<'_>, span: Span, name: &str) -> bool {
    let written = ev.sources.text(span);
    let after = ev.sources.file(span.file).text.get(span.end as usize..).unwrap_or_default();
    (written == name || written == string_literal(name))
        && without_trivia(after).starts_with(['=', '.'])
}

/// A text without the white space and the comments with which it begins.
fn without_trivia(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        let rest = match (text.strip_prefix('#'), text.strip_prefix("/*")) {
            (Some(line), _) => line.split_once('\n'),
            (_, Some(block)) => block.split_once("*/"),
            _ => return text,
        };
        text = rest.map_or("", |(_, after)| after);
    }
}

/// Whether the text of a span is a value's literal: a whole number, or a string in double quotes without
/// escapes and interpolation.
pub(crate) fn is_literal(ev: &Evaluator<'_>, span: Option<Span>, value: Value<'_>) -> bool {
    let Some(span) = span else { return false };
    let written = ev.sources.text(span);
    match value {
        Value::Int(number) => written.parse() == Ok(number),
        Value::Str(text) => {
            let inner = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            inner == Some(text)
        }
        _ => false,
    }
}

/// How a value of a definition in `module` is written.
pub(crate) fn written<'a>(
    ev: &Evaluator<'a>,
    value: &'a Thunk<'a>,
    module: Option<FileId>,
    origin: &Origin,
) -> Written {
    let is_literal = ev.force(value).is_ok_and(|value| is_literal(ev, origin.span, value));
    let Some(span) = origin.span.filter(|_| is_literal && origin.through.is_empty()) else {
        return Written::Computed;
    };
    match ev.ast(span.file).filter(|_| module == Some(span.file)) {
        Some(ast) if is_only_in_value(ast, span) => Written::OwnLiteral,
        _ => Written::Literal,
    }
}

/// Whether an expression of a file is part of the file's value, and nothing in the file could use it in
/// another way: on the way to it are functions' bodies, sets, lists, branches, and properties such as
/// `mkIf` only.
fn is_only_in_value(ast: &Ast, wanted: Span) -> bool {
    let mut ways = vec![ast.root];
    while let Some(at) = ways.pop() {
        match ast.expr(at) {
            Expr::Int(_) | Expr::Str(_) if ast.span(at) == wanted => return true,
            Expr::Lambda(lambda) => ways.push(ast.lambdas[lambda as usize].body),
            Expr::Let(_, body) | Expr::With { body, .. } | Expr::Assert { body, .. } => {
                ways.push(body);
            }
            // What stands in a recursive set may be used by its neighbours.
            Expr::Set(set) if !ast.set(set).recursive => {
                ways.extend(ast.attributes(ast.set(set)).iter().map(|it| it.value));
            }
            Expr::List(items) => ways.extend(&ast.ids[items.indices()]),
            Expr::If { then, otherwise, .. } => ways.extend([then, otherwise]),
            Expr::Binary { operator: Operator::Update | Operator::Concat, left, right } => {
                ways.extend([left, right]);
            }
            Expr::Apply { function, argument } if passes_on(ast, function) => ways.push(argument),
            _ => {}
        }
    }
    false
}

/// Whether a function, with all of its arguments but the last, gives that back.
fn passes_on(ast: &Ast, mut function: ExprId) -> bool {
    while let Expr::Apply { function: inner, .. } = ast.expr(function) {
        function = inner;
    }
    ast.last_name(function).is_some_and(|name| nixpact_syntax::passes_on(name.as_str()))
}
