//! Runs nixpact on a repository: loads, parses, evaluates, asks the lints, sorts.
//!
//! Architecture Invariant: nothing here prints or knows an output format. A finding and a failure to
//! do the work are different types: [`Diagnostic`](nixpact_diagnostics::Diagnostic) and [`Failure`].

mod analysis;
mod baseline;
mod config;
mod decisions;
mod draft;
mod evaluate;
mod fingerprint;
mod fix;
mod formatter;
mod init;
mod levels;
mod load;
mod outside;
mod patterns;
mod phase;
mod query;
mod selection;
mod session;
mod suppress;
mod trial;
mod values;

pub use analysis::Analysis;
pub use baseline::{Baseline, BaselineError, DEFAULT_BASELINE};
pub use config::{Config, ConfigError, schema};
pub use fix::{Fixed, Wanted};
pub use formatter::Formatter;
pub use init::{Wish, init};
pub use levels::{Levels, command_line};
pub use load::{Failure, Options};
pub use outside::{InputChoice, Place};
pub use patterns::Pattern;
pub use phase::{Observer, Phase};
pub use query::{
    Answer, Asked, Form, Found, Printed, Problem, Rank, Shown, Subject, Traced, config, configs,
    expression,
};
pub use session::{Session, Snapshot};
pub use suppress::suppressions;
pub use trial::Trial;
pub use values::{UnknownField, Values, unknown_values};
