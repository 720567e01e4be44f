//! What an error passed on its way out.

mod support;

use nixpact_eval::{Evaluator, Limits, Stop, Thunk};
use nixpact_source::Span;

fn ask(text: &str, ask: for<'a> fn(&Evaluator<'a>, &'a Thunk<'a>) -> Vec<String>) -> Vec<String> {
    let files = vec![
        ("default.nix".to_owned(), text.to_owned()),
        ("other.nix".to_owned(), "{ a = builtins.currentTime; }".to_owned()),
    ];
    support::with_value(files, Limits::default(), ask)
}

fn shown(ev: &Evaluator<'_>, span: Option<Span>) -> String {
    span.map_or_else(String::new, |span| format!(" `{}`", ev.sources.text(span)))
}

/// The frames of the error and its message, each with the text that it stands at.
fn trace(text: &str) -> Vec<String> {
    ask(text, |ev, thunk| match ev.force(thunk) {
        Err(Stop::Error(error)) => error
            .trace()
            .map(|frame| format!("{}{}", frame.what, shown(ev, Some(frame.span))))
            .chain([format!("{}{}", error.message, shown(ev, error.span))])
            .collect(),
        other => vec![format!("no error: {}", other.is_ok())],
    })
}

#[test]
fn an_error_tells_where_it_came_from() {
    assert_eq!(
        trace("let f = x: throw \"no\"; s = { a = f 1; }; in s.a"),
        [
            "while evaluating the attribute 'a' `s.a`",
            "while calling a function `f 1`",
            "while calling the 'throw' builtin `throw \"no\"`",
            "no `throw \"no\"`",
        ]
    );
    assert_eq!(
        trace("builtins.head (map (x: x.y) [ { } ])"),
        [
            "while calling the 'head' builtin `builtins.head (map (x: x.y) [ { } ])`",
            "attribute 'y' missing `x.y`",
        ]
    );
    assert_eq!(trace("1 + \"a\"").len(), 1);
    let caught = "(builtins.tryEval (throw \"no\")).success";
    let files = vec![("default.nix".to_owned(), caught.to_owned())];
    assert_eq!(support::printed(files, Limits::default()), "false");
}

#[test]
fn long_traces_keep_the_inner_part() {
    let frames = trace("let f = n: if n == 0 then throw \"no\" else 1 + f (n - 1); in f 500");
    assert_eq!(frames.len(), 33);
    assert!(frames[31].contains("throw"));
}
