//! `--format`: which reports are written, and where they go.

use std::collections::BTreeSet;
use std::error::Error;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use nixpact_contract::nearest;
use nixpact_render::{Format, Report, Style};

use crate::args::When;
use crate::terminal;

/// One report.
#[derive(Clone, Debug)]
pub struct Output {
    pub format: Format,
    /// Standard output when absent.
    pub file: Option<PathBuf>,
}

/// Reads `NAME` or `NAME=FILE`; `-` is standard output.
#[derive(Clone)]
pub struct OutputParser;

impl TypedValueParser for OutputParser {
    type Value = Output;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Output, clap::Error> {
        let value = StringValueParser::new().parse_ref(command, argument, value)?;
        let (name, file) = match value.split_once('=') {
            Some((name, file)) => (name, Some(file)),
            None => (&*value, None),
        };
        let known = Format::ALL.into_iter().find(|format| format.as_str() == name);
        match (known, file) {
            (Some(format), Some(file)) if !file.is_empty() => {
                Ok(Output { format, file: (file != "-").then(|| PathBuf::from(file)) })
            }
            (Some(format), None) => Ok(Output { format, file: None }),
            _ => Err(invalid(command, argument, name, &value)),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |format: Format| PossibleValue::new(format.as_str()).help(format.summary());
        Some(Box::new(Format::ALL.into_iter().map(value)))
    }
}

/// The error that clap itself gives for a value that is none of those it knows.
fn invalid(command: &Command, argument: Option<&Arg>, name: &str, value: &str) -> clap::Error {
    let names = || Format::ALL.into_iter().map(Format::as_str);
    let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
    let argument = argument.map(ToString::to_string).unwrap_or_default();
    error.insert(ContextKind::InvalidArg, ContextValue::String(argument));
    error.insert(ContextKind::InvalidValue, ContextValue::String(value.to_owned()));
    let valid = names().map(str::to_owned).collect();
    error.insert(ContextKind::ValidValue, ContextValue::Strings(valid));
    if let Some(nearest) = nearest(name, names()) {
        error.insert(ContextKind::SuggestedValue, ContextValue::String(nearest.to_owned()));
    }
    error
}

/// Refuses reports that would overwrite or run into one another.
pub fn validate(outputs: &[Output]) -> Result<(), Box<dyn Error>> {
    let printed = outputs.iter().filter(|output| output.file.is_none());
    if let [first, second, ..] = &printed.collect::<Vec<_>>()[..] {
        let (first, second) = (first.format.as_str(), second.format.as_str());
        return Err(format!(
            "only one report can go to standard output: give '{first}' or '{second}' a file, \
             as in --format {second}=FILE"
        )
        .into());
    }
    let mut seen = BTreeSet::new();
    for file in outputs.iter().filter_map(|output| output.file.as_ref()) {
        if !seen.insert(file) {
            return Err(format!("two reports cannot go to {}", file.display()).into());
        }
    }
    Ok(())
}

/// Writes all reports: the files first, so that nothing is printed when one of them cannot be written.
///
/// `below` writes what people want to read below the findings.
pub fn write(
    outputs: &[Output],
    color: When,
    report: &Report<'_>,
    below: impl Fn(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let write = |out: &mut dyn Write, format: Format, style: &Style| {
        nixpact_render::render(out, format, style, report)?;
        if format.is_for_people() { below(out) } else { Ok(()) }
    };
    for Output { format, file } in outputs {
        if let Some(file) = file {
            let mut text = Vec::new();
            write(&mut text, *format, &terminal::style_of_file(color))?;
            nixpact_edit::create(file, &text)?;
        }
    }
    for output in outputs.iter().filter(|output| output.file.is_none()) {
        let style = terminal::style_of_standard_output(color);
        write(&mut io::stdout().lock(), output.format, &style)?;
    }
    Ok(())
}
