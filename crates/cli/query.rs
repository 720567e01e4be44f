//! `nixpact config` and `nixpact eval`

use std::io::{self, Write};

use nixpact_engine::{
    Answer, Asked, Form, Options, Printed, Problem, Rank, Shown, Subject, Traced,
};
use nixpact_source::Sources;
use serde_json::{Map, Value, json};

use crate::args::{Config, Eval, ValueFormat};
use crate::terminal;
use crate::unknown::{self, place};
use crate::{FOUND, Outcome, select};

pub fn config(args: &Config) -> Outcome {
    let options = Options {
        root: args.root.clone(),
        config: args.config.clone(),
        host: args.host.clone(),
        ..Options::default()
    };
    let options = select::outside(&args.outside, options);
    let form = form(args.format);
    let asked = Asked { form, definitions: args.trace, causes: args.explain_unknown };
    let mut found = nixpact_engine::config(&options, &args.option, asked)?;
    let mut answers = std::mem::take(&mut found.answer);
    let sources = found.sources();
    let out = &mut terminal::buffered_output();
    match args.format {
        ValueFormat::Nix => {
            for answer in &answers {
                if answers.len() > 1 {
                    writeln!(out, "# {}", answer.host.as_deref().unwrap_or("-"))?;
                }
                if let Ok(Shown { printed: Printed::Nix(text), .. }) = &answer.value {
                    writeln!(out, "{text}")?;
                }
                for traced in &answer.definitions {
                    writeln!(out, "{}", line(sources, traced))?;
                }
            }
        }
        ValueFormat::Json => {
            let answers = answers.iter_mut();
            let values: Vec<Value> =
                answers.map(|answer| answer_json(sources, answer, args.trace)).collect();
            let document = json!({ "version": 1, "option": args.option, "hosts": values });
            serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    let mut code = 0;
    for answer in &answers {
        if args.explain_unknown {
            explain(sources, &args.option, answer);
        }
        if let Err(problem) = &answer.value {
            report(sources, answer.host.as_deref(), problem);
            code = FOUND;
        }
    }
    // The process ends: the system takes all of it back at once.
    std::mem::forget(found);
    Ok(code)
}

pub fn eval(args: &Eval) -> Outcome {
    let options = Options { root: args.root.clone(), ..Options::default() };
    let options = select::outside(&args.outside, options);
    let subject = match (&args.file, &args.expr) {
        (_, Some(text)) => Subject::Text(text.clone()),
        (Some(file), None) => Subject::File(file.clone()),
        (None, None) => Subject::File("default.nix".to_owned()),
    };
    let arguments: Vec<(String, String)> =
        args.arg.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
    let form = form(args.format);
    let asked = Asked { form, definitions: false, causes: args.explain_unknown };
    let attr = args.attr.as_deref();
    let found = nixpact_engine::expression(&options, &subject, &arguments, attr, asked)?;
    let sources = found.sources();
    let out = &mut terminal::buffered_output();
    let answer = &found.answer;
    match &answer.value {
        Ok(Shown { printed: Printed::Nix(text), .. }) => writeln!(out, "{text}")?,
        Ok(Shown { printed: Printed::Json(value), .. }) => {
            serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Err(problem) => {
            report(sources, None, problem);
            return Ok(FOUND);
        }
    }
    out.flush()?;
    if args.explain_unknown {
        explain(sources, "the value", answer);
    }
    std::mem::forget(found);
    Ok(0)
}

fn form(format: ValueFormat) -> Form {
    match format {
        ValueFormat::Nix => Form::Nix,
        ValueFormat::Json => Form::Json,
    }
}

/// Says on standard error why a value is not known: standard output holds the value alone.
fn explain(sources: &Sources, what: &str, answer: &Answer) {
    if let Ok(Shown { located: Some(value), .. }) = &answer.value {
        eprint!("{}", unknown::explained(sources, what, answer.host.as_deref(), value));
    }
}

/// An error that Nix would report goes to standard error, with what it occurred in, from within.
fn report(sources: &Sources, host: Option<&str>, problem: &Problem) {
    let host = host.map(|host| format!(" on {host}")).unwrap_or_default();
    eprintln!("error{host}: {}", problem.message);
    if let Some(span) = problem.span {
        eprintln!("  at {}", place(sources, span));
    }
    for (what, span) in &problem.trace {
        eprintln!("  {what}\n  at {}", place(sources, *span));
    }
}

/// A definition on one line: where, with which priority, what becomes of it, the value.
fn line(sources: &Sources, traced: &Traced) -> String {
    let place = match (traced.span, &traced.module) {
        (Some(span), _) => place(sources, span),
        (None, Some(module)) => module.clone(),
        (None, None) => "(computed)".to_owned(),
    };
    let rank = match &traced.rank {
        Rank::Counts => "counts".to_owned(),
        Rank::Overridden => "overridden".to_owned(),
        Rank::Possible(reason) => format!("may count ({reason})"),
    };
    format!("{place}: priority {}, {rank}: {}", traced.priority, traced.value)
}

/// Takes the value out of the answer.
fn answer_json(sources: &Sources, answer: &mut Answer, trace: bool) -> Value {
    let mut object = Map::new();
    object.insert("host".to_owned(), json!(answer.host));
    match &mut answer.value {
        Ok(Shown { printed: Printed::Json(value), .. }) => {
            object.insert("value".to_owned(), value.take());
        }
        Ok(_) => {}
        Err(problem) => {
            object.insert("error".to_owned(), json!(problem.message));
        }
    }
    if trace {
        let definitions = answer.definitions.iter().map(|traced| traced_json(sources, traced));
        object.insert("definitions".to_owned(), definitions.collect());
    }
    Value::Object(object)
}

fn traced_json(sources: &Sources, traced: &Traced) -> Value {
    let place = traced.span.map(|span| {
        let file = sources.file(span.file);
        let at = file.line_column(span.start);
        json!({ "file": file.path, "line": at.line, "column": at.column })
    });
    let (rank, reason) = match &traced.rank {
        Rank::Counts => ("counts", None),
        Rank::Overridden => ("overridden", None),
        Rank::Possible(reason) => ("possible", Some(reason)),
    };
    json!({
        "place": place,
        "module": traced.module,
        "priority": traced.priority,
        "rank": rank,
        "condition": reason,
        "value": traced.value,
    })
}
