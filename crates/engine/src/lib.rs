//! Runs nixpact on a repository: loads, parses, evaluates, asks the lints, sorts.
//!
//! Architecture Invariant: nothing here prints or knows an output format. A finding and a failure to
//! do the work are different types: [`Diagnostic`](nixpact_diagnostics::Diagnostic) and [`Failure`].

mod analysis;
mod config;
mod values;

pub use analysis::{Analysis, Failure, Options};
pub use config::{Config, ConfigError};
pub use values::{Values, unknown_values};
