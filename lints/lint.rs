use nixpact_contract::{Host, Model};
use nixpact_diagnostics::{Diagnostic, Severity};

/// How much a finding of a lint weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// It is not looked for.
    Allow,
    Note,
    Warn,
    /// It is an error.
    Deny,
}

impl Level {
    /// The word in `nixpact.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Note => "note",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }

    /// `None` for a level that looks for nothing.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Allow => None,
            Level::Note => Some(Severity::Note),
            Level::Warn => Some(Severity::Warning),
            Level::Deny => Some(Severity::Error),
        }
    }
}

/// A rule: its name, what it says of itself, and the function that looks.
#[derive(Debug)]
pub struct Lint {
    /// Named for the bad pattern, so that "allow duplicate-port" reads as it is meant.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// The page that `nixpact explain` prints; its examples are its tests.
    pub explanation: &'static str,
    /// The level without configuration.
    pub level: Level,
    pub check: fn(&Model, &mut Sink<'_>),
}

/// Declares a lint; the page is its documentation.
macro_rules! declare_lint {
    (
        #[doc = include_str!($page:literal)]
        pub static $constant:ident = {
            name: $name:literal,
            summary: $summary:literal,
            level: $level:expr,
            check $(,)?
        }
    ) => {
        #[doc = include_str!($page)]
        pub static $constant: $crate::Lint = $crate::Lint {
            name: $name,
            summary: $summary,
            explanation: include_str!($page),
            level: $level,
            check,
        };
    };
}
pub(crate) use declare_lint;

/// Takes the findings of one lint.
pub struct Sink<'s> {
    lint: &'static Lint,
    severity: Severity,
    findings: &'s mut Vec<Diagnostic>,
}

impl<'s> Sink<'s> {
    pub fn new(
        lint: &'static Lint,
        severity: Severity,
        findings: &'s mut Vec<Diagnostic>,
    ) -> Sink<'s> {
        Sink { lint, severity, findings }
    }

    /// Begins a finding; [`push`](Sink::push) takes it.
    pub fn finding(&self, host: Option<&Host>, message: impl Into<String>) -> Diagnostic {
        let host = host.and_then(|host| host.name.as_deref());
        Diagnostic::new(self.lint.name, self.severity, message).host(host)
    }

    /// Begins a finding that holds only under a condition, which its notes have to say: it is no error.
    pub fn possible(&self, host: Option<&Host>, message: impl Into<String>) -> Diagnostic {
        let finding = self.finding(host, message);
        Diagnostic { severity: self.severity.min(Severity::Warning), ..finding }
    }

    pub fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }
}
