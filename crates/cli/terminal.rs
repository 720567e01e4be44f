//! What the reader's terminal can show.

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, StdoutLock};

use nixpact_render::Style;
use supports_hyperlinks::Stream;
use terminal_size::Width;

use crate::args::When;

/// Standard output for much text: the standard library's hands on every line by itself. Flush it at the
/// end, where an error can still be told.
pub fn buffered_output() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// How [`Format::Human`](nixpact_render::Format::Human) looks on standard output.
pub fn style_of_standard_output(when: When) -> Style {
    let is_terminal = io::stdout().is_terminal();
    let color = match when {
        When::Always => true,
        When::Never => false,
        When::Auto => wants_color(is_terminal, |name| std::env::var_os(name)),
    };
    // Whoever wants plain text wants no escape sequence at all.
    let hyperlinks = color && knows_files() && supports_hyperlinks::on(Stream::Stdout);
    let width = terminal_size::terminal_size().filter(|_| is_terminal);
    let width = width.map_or(Style::default().width, |(Width(columns), _)| columns.into());
    Style { color, hyperlinks, width }
}

/// How it looks in a file: plain, unless colour is asked for.
pub fn style_of_file(when: When) -> Style {
    Style { color: when == When::Always, ..Style::default() }
}

/// Whether the terminal sees the files of this machine: it does not from the other end of SSH.
fn knows_files() -> bool {
    std::env::var_os("SSH_CONNECTION").is_none()
}

/// Follows <https://no-color.org> and <https://bixense.com/clicolors>; `NO_COLOR` comes first.
fn wants_color(is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    if set("CLICOLOR").is_some_and(|value| value == "0") {
        return false;
    }
    is_terminal && moves(variable)
}

/// Whether a line on standard error can be written over.
pub fn is_lively_error() -> bool {
    io::stderr().is_terminal() && moves(|name| std::env::var_os(name))
}

/// Whether a terminal follows escape sequences.
fn moves(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    variable("TERM").map_or(cfg!(windows), |value| value != "dumb")
}

#[cfg(test)]
mod tests {
    use super::wants_color;

    fn colored(is_terminal: bool, variables: &[(&str, &str)]) -> bool {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name);
        wants_color(is_terminal, |name| value(name).map(|(_, value)| value.into()))
    }

    #[test]
    fn the_terminal_decides() {
        assert!(colored(true, &[("TERM", "xterm-256color")]));
        assert!(!colored(true, &[("TERM", "dumb")]));
        assert!(!colored(false, &[("TERM", "xterm-256color")]));
        assert_eq!(colored(true, &[]), cfg!(windows));
    }

    #[test]
    fn the_environment_has_its_say() {
        let term = ("TERM", "xterm");
        assert!(!colored(true, &[term, ("NO_COLOR", "1")]));
        assert!(colored(true, &[term, ("NO_COLOR", "")]));
        assert!(!colored(true, &[term, ("CLICOLOR", "0")]));
        assert!(colored(true, &[term, ("CLICOLOR", "1")]));
        assert!(!colored(false, &[term, ("CLICOLOR", "1")]));
        assert!(colored(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!colored(false, &[term, ("CLICOLOR_FORCE", "0")]));
        assert!(colored(false, &[("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")]));
        assert!(!colored(true, &[term, ("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    }
}
