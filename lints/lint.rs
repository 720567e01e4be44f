use nixpact_contract::{Host, Model, Test};
use nixpact_diagnostics::{Diagnostic, Severity};

use crate::decisions::Decisions;
use crate::options::{LintOption, OptionValues};

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
    /// From the mildest.
    pub const ALL: [Level; 4] = [Level::Allow, Level::Note, Level::Warn, Level::Deny];

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
    /// What can be set in its table in `nixpact.toml`, besides the level.
    pub options: &'static [LintOption],
    /// The path of its module.
    pub module: &'static str,
    pub check: Check,
}

/// What a lint looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The repository.
    Model(fn(&Model, &mut Sink<'_>)),
    /// What people decided about findings; it is asked after all others.
    Decisions(fn(&Decisions, &mut Sink<'_>)),
}

impl Lint {
    /// The group, which is the directory that its file is in.
    pub fn group(&self) -> &'static str {
        self.module.rsplit("::").nth(1).unwrap_or_default()
    }

    /// The file of its page, relative to the root of nixpact's own repository.
    pub fn page_file(&self) -> String {
        let inside = self.module.split_once("::").map_or(self.module, |(_, inside)| inside);
        format!("lints/{}.md", inside.replace("::", "/"))
    }
}

/// Declares a lint; the page is its documentation. `check: Decisions` is for one that looks at these.
macro_rules! declare_lint {
    (@check) => { $crate::Check::Model(check) };
    (@check $reads:ident) => { $crate::Check::$reads(check) };
    (@options) => { &[] };
    (@options $options:expr) => { $options };
    (
        #[doc = include_str!($page:literal)]
        pub static $constant:ident = {
            name: $name:literal,
            summary: $summary:literal,
            level: $level:expr,
            $(options: $options:expr,)?
            check $(: $reads:ident)? $(,)?
        }
    ) => {
        #[doc = include_str!($page)]
        pub static $constant: $crate::Lint = $crate::Lint {
            name: $name,
            summary: $summary,
            explanation: include_str!($page),
            level: $level,
            options: $crate::lint::declare_lint!(@options $($options)?),
            module: module_path!(),
            check: $crate::lint::declare_lint!(@check $($reads)?),
        };
    };
}
pub(crate) use declare_lint;

/// Takes the findings of one lint.
pub struct Sink<'s> {
    lint: &'static Lint,
    options: &'s OptionValues,
    findings: &'s mut Vec<Diagnostic>,
}

impl<'s> Sink<'s> {
    pub fn new(
        lint: &'static Lint,
        options: &'s OptionValues,
        findings: &'s mut Vec<Diagnostic>,
    ) -> Sink<'s> {
        Sink { lint, options, findings }
    }

    /// What the configuration says of this lint.
    pub fn options(&self) -> &'s OptionValues {
        self.options
    }

    /// Begins a finding that is certain; [`push`](Sink::push) takes it. Its level may make it milder.
    pub fn finding(&self, host: Option<&Host>, message: impl Into<String>) -> Diagnostic {
        let name = host.and_then(|host| host.name.as_deref());
        let finding = Diagnostic::new(self.lint.name, Severity::Error, message).host(name);
        match host.and_then(|host| host.test.as_ref()) {
            Some(Test { node: Some(node), path }) => {
                finding.note(format!("On the node '{node}' of the test in {path}"))
            }
            Some(Test { node: None, path }) => {
                finding.note(format!("In the evaluation of modules by the test in {path}"))
            }
            None => finding,
        }
    }

    /// Begins a finding that holds only under a condition, which its notes have to say: it is no error.
    pub fn possible(&self, host: Option<&Host>, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..self.finding(host, message) }
    }

    pub fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }
}
