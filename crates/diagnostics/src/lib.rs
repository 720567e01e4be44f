//! What nixpact has to say, as plain data.
//!
//! Architecture Invariant: this crate knows neither syntax nor evaluation nor any output format, so
//! that a lint and a renderer share nothing but these types.

use nixpact_source::Span;

/// How bad a finding is, ordered from the mildest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    /// The word that every output format begins with.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place and what is to be said of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    pub span: Span,
    pub message: String,
}

impl Label {
    pub fn new(span: Span, message: impl Into<String>) -> Label {
        Label { span, message: message.into() }
    }
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// The name of the lint, such as `duplicate-port`.
    pub lint: &'static str,
    pub severity: Severity,
    /// One line that stands alone.
    pub message: String,
    /// The host on which it happens, where it depends on one.
    pub host: Option<String>,
    /// The services concerned, the culprit first.
    pub services: Vec<String>,
    /// The offending text; absent only where the repository as a whole is meant.
    pub primary: Option<Label>,
    /// The other party and the law, in this order.
    pub secondary: Vec<Label>,
    /// Further lines, such as `Fix: …`.
    pub notes: Vec<String>,
    pub fix: Option<Fix>,
    /// What stays the same while lines move: of the lint, the file, the services and the text; 32
    /// hexadecimal digits. Empty before the engine has computed it.
    pub fingerprint: String,
    /// Why it is known and not to be reported.
    pub suppression: Option<Suppression>,
}

/// Somebody's decision that a finding is to stay.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Suppression {
    /// A comment in the source, with its reason.
    Comment { span: Span, reason: String },
    /// An entry of the baseline.
    Baseline,
}

impl Diagnostic {
    pub fn new(lint: &'static str, severity: Severity, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            lint,
            severity,
            message: message.into(),
            host: None,
            services: Vec::new(),
            primary: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            fix: None,
            fingerprint: String::new(),
            suppression: None,
        }
    }

    #[must_use]
    pub fn primary(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.primary = Some(Label::new(span, message));
        self
    }

    #[must_use]
    pub fn secondary(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label::new(span, message));
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    #[must_use]
    pub fn service(mut self, service: impl Into<String>) -> Diagnostic {
        self.services.push(service.into());
        self
    }

    #[must_use]
    pub fn host(mut self, host: Option<&str>) -> Diagnostic {
        self.host = host.map(str::to_owned);
        self
    }

    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fix = Some(fix);
        self
    }
}

/// How far a fix can be trusted, ordered from the least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Applicability {
    /// Only to be shown: it is incomplete, or one of several ways.
    DisplayOnly,
    /// It repairs the finding, but may not be what the author meant.
    Unsafe,
    /// It repairs the finding and nothing else changes its meaning.
    Safe,
}

impl Applicability {
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::DisplayOnly => "display-only",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// A repair: edits that only make sense together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    pub applicability: Applicability,
    /// Disjoint, and sorted by place.
    pub edits: Vec<Edit>,
}

/// Replaces the text of `span` by `text`; an empty span inserts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}
