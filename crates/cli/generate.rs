//! `nixpact completions` and `nixpact man`: what a package installs beside the program.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use nixpact_contract::nearest;

use crate::Outcome;
use crate::args::Args;

pub fn completions(shell: Shell) -> Outcome {
    let mut script = Vec::new();
    // Straight to standard output it would panic when nobody reads on.
    clap_complete::generate(shell, &mut Args::command(), "nixpact", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(0)
}

/// The page of nixpact, or of one of its commands.
pub fn man(name: Option<&str>) -> Outcome {
    let mut program = Args::command();
    // Gives the commands their full names, such as `nixpact check`.
    program.build();
    let command = match name {
        Some(name) => subcommand(&program, name)?,
        None => program,
    };
    // A page is named like a file: nixpact-check(1).
    let title = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let mut page = Vec::new();
    Man::new(command).title(title).render(&mut page)?;
    io::stdout().lock().write_all(&page)?;
    Ok(0)
}

fn subcommand(program: &Command, name: &str) -> Result<Command, String> {
    if let Some(command) = program.find_subcommand(name) {
        return Ok(command.clone());
    }
    let names = program.get_subcommands().map(Command::get_name);
    Err(match nearest(name, names) {
        Some(nearest) => format!("there is no command '{name}'; did you mean '{nearest}'?"),
        None => format!("there is no command '{name}'; 'nixpact --help' lists them"),
    })
}
