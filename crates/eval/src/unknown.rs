//! Why there is no value: it cannot be known without a Nix evaluator, or Nix would refuse it.

use nixpact_source::Span;

use crate::thunk::Thunk;
use crate::trace::Frame;

/// The result of an evaluation.
pub type Eval<'a, T = crate::Value<'a>> = Result<T, Stop<'a>>;

#[derive(Clone, Copy)]
pub enum Stop<'a> {
    Unknown(&'a Unknown<'a>),
    Error(&'a NixError<'a>),
}

/// A value that cannot be known, with the reason.
#[derive(Clone, Copy)]
pub struct Unknown<'a> {
    pub reason: Reason<'a>,
    pub span: Option<Span>,
    /// What made this one unknown, where that is another thing.
    pub cause: Option<&'a Unknown<'a>>,
    /// What an unknown function was called with: a hint at what was meant, never a fact.
    pub arguments: &'a [&'a Thunk<'a>],
    /// What functions were called with before this was selected from their result.
    pub behind: &'a [&'a Thunk<'a>],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason<'a> {
    /// Something that comes from outside of the repository, as written: `pkgs.jellyfin`.
    External(External, &'a str),
    /// `import` of a path that is no file of the repository.
    UnresolvedImport(&'a str),
    /// A file of the repository that a filter of git has encrypted.
    Encrypted(&'a str),
    /// A path in a submodule of git that is not checked out.
    Submodule(&'a str),
    /// A function of Nix or of nixpkgs' `lib` that nixpact does not have.
    Unsupported(&'a str),
    /// The store, the environment, the clock or the network decides.
    Impure(&'a str),
    /// A limit on the work was reached.
    Limit(Limit),
    /// The value depends on itself as far as nixpact can tell.
    Recursion,
    /// The configuration is asked for while the modules are being found that make it.
    Imports,
    /// The file has a syntax error, or the attribute is defined twice.
    Broken,
    /// A definition counts only under a condition that is unknown.
    Condition,
    /// An option of a module that is not in the repository.
    ForeignOption(&'a str),
    /// Newer and older versions of Nix disagree.
    VersionDependent(&'a str),
}

/// What kind of outside thing is meant, as far as its attributes matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum External {
    /// A package set: it has `lib`, and the rest are packages.
    Packages,
    /// The flake input nixpkgs: it has `lib`, and evaluating it gives a package set.
    Nixpkgs,
    /// Another flake input.
    Input,
    /// The flake itself: its outputs are known where they can be evaluated.
    Itself,
    /// The set of built-in functions: which ones there are depends on the version of Nix.
    Builtins,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Steps,
    Depth,
    Memory,
}

impl<'a> Unknown<'a> {
    /// This one and what made it unknown, the first cause last.
    pub fn chain<'s>(&'s self) -> impl Iterator<Item = &'s Unknown<'a>> {
        std::iter::successors(Some(self), |unknown: &&'s Unknown<'a>| unknown.cause)
    }

    /// Whether something that depends on itself is behind it.
    pub fn is_recursion(&self) -> bool {
        self.chain().any(|unknown| unknown.reason == Reason::Recursion)
    }

    /// Whether Nix may well refuse the value, and not only what stands outside of the repository.
    pub(crate) fn may_fail(&self) -> bool {
        let fails = |reason| {
            matches!(reason, Reason::Recursion | Reason::Limit(_) | Reason::VersionDependent(_))
        };
        self.chain().any(|unknown| fails(unknown.reason))
    }
}

impl std::fmt::Display for Unknown<'_> {
    /// The reason and those behind it, the nearest first.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.reason.fmt(out)?;
        match self.cause {
            Some(cause) => write!(out, ": {cause}"),
            None => Ok(()),
        }
    }
}

impl std::fmt::Display for Reason<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::External(_, text) => write!(out, "{text} comes from outside of the repository"),
            Reason::UnresolvedImport(path) => write!(out, "{path} is no file of the repository"),
            Reason::Encrypted(path) => write!(out, "{path} is encrypted"),
            Reason::Submodule(path) => {
                write!(out, "{path} is in a submodule of git that is not checked out")
            }
            Reason::Unsupported(what) => write!(out, "{what} is not supported"),
            Reason::Impure(what) => write!(out, "{what} is not known before the build"),
            Reason::Limit(Limit::Steps) => write!(out, "the limit on evaluation steps was reached"),
            Reason::Limit(Limit::Depth) => write!(out, "the limit on evaluation depth was reached"),
            Reason::Limit(Limit::Memory) => write!(out, "the limit on memory was reached"),
            Reason::Recursion => write!(out, "the value depends on itself"),
            Reason::Imports => write!(out, "which modules there are depends on what they define"),
            Reason::Broken => write!(out, "there is an error in the source nearby"),
            Reason::Condition => write!(out, "a condition on it is unknown"),
            Reason::ForeignOption(option) => {
                write!(out, "the option {option} is declared outside of the repository")
            }
            Reason::VersionDependent(what) => write!(out, "{what} depends on the version of Nix"),
        }
    }
}

/// An error that Nix itself would report.
#[derive(Clone, Copy, Debug)]
pub struct NixError<'a> {
    pub kind: ErrorKind,
    pub message: &'a str,
    pub span: Option<Span>,
    /// What was being evaluated, the outermost.
    pub(crate) frame: Option<&'a Frame<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    Throw,
    Abort,
    Assert,
    Type,
    /// A function is given an argument that it does not name.
    UnexpectedArgument,
    MissingAttribute,
    UndefinedVariable,
    /// A value that is needed to compute itself.
    InfiniteRecursion,
    /// Division by zero, an index out of bounds, a wrong regular expression …
    Other,
}

impl Stop<'_> {
    pub fn span(&self) -> Option<Span> {
        match self {
            Stop::Unknown(unknown) => unknown.span,
            Stop::Error(error) => error.span,
        }
    }
}

impl std::fmt::Display for Stop<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stop::Unknown(unknown) => unknown.reason.fmt(out),
            Stop::Error(error) => out.write_str(error.message),
        }
    }
}

impl std::fmt::Debug for Stop<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stop::Unknown(unknown) => write!(out, "unknown: {}", unknown.reason),
            Stop::Error(error) => write!(out, "error: {}", error.message),
        }
    }
}
