//! The command line.
//!
//! Architecture Invariant: this is the only crate that prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this crate is for")]

mod args;
mod check;
mod checkout;
mod commit_msg;
mod decisions;
mod explain;
mod fix;
mod formatter;
mod generate;
mod git;
mod init;
mod output;
mod progress;
mod query;
mod select;
mod services;
mod statistics;
mod terminal;
mod unknown;
mod value;
mod watch;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Baseline, Command};

// Parsing and lowering allocate many small things on several threads.
#[global_allocator]
static ALLOCATOR: nixpact_allocator::Allocator = nixpact_allocator::Allocator;

/// Findings that are errors.
const FOUND: u8 = 1;
/// nixpact could not do its work.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match args.command {
        Some(Command::Check(check)) => check::run(&check),
        Some(Command::Services(services)) => services::run(&services),
        Some(Command::Init(init)) => init::run(&init),
        Some(Command::Config(config)) => query::config(&config),
        Some(Command::Eval(eval)) => query::eval(&eval),
        Some(Command::Explain { lint }) => explain::run(&lint),
        Some(Command::Lsp { .. }) => nixpact_lsp::run().map(|()| 0).map_err(Into::into),
        Some(Command::Baseline(Baseline::Write(write))) => decisions::write_baseline(&write),
        Some(Command::CommitMsg(message)) => commit_msg::run(&message),
        Some(Command::Schema) => explain::schema(),
        Some(Command::Lints { format }) => explain::list(format),
        Some(Command::Completions { shell }) => generate::completions(shell),
        Some(Command::Man { command }) => generate::man(command.as_deref()),
        None => check::run(&args.check),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Whoever reads the output has seen enough.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nixpact: {error}");
            ExitCode::from(FAILED)
        }
    }
}

type Outcome = Result<u8, Box<dyn std::error::Error>>;

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
