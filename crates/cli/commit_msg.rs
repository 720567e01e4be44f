//! `nixpact commit-msg`: the message of a commit that migrates a service.

mod convention;
mod message;

use std::io::{self, Write};

use crate::args::CommitMsg;
use crate::{FOUND, Outcome};
use message::Message;

pub fn run(args: &CommitMsg) -> Outcome {
    let shown = args.file.display();
    let bytes = std::fs::read(&args.file).map_err(|error| format!("{shown}: {error}"))?;
    // Whatever encoding a message has, the convention is ASCII.
    let text = String::from_utf8_lossy(&bytes);
    let problems = convention::problems(&Message::read(&text), &args.scope);
    if problems.is_empty() {
        return Ok(0);
    }
    let out = &mut io::stdout().lock();
    for problem in &problems {
        let what = visible(&problem.what);
        writeln!(out, "{shown}:{}: error: {what}", problem.line)?;
        for line in problem.fix.lines() {
            writeln!(out, "  Fix: {}", visible(line))?;
        }
    }
    Ok(FOUND)
}

/// Without what a terminal would act upon.
fn visible(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).collect()
}
