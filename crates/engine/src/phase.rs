//! Where a run is, for whoever watches it.

use std::sync::Arc;

/// A part of the work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Files are read.
    Read,
    /// Files are parsed, hosts and services evaluated.
    Evaluate,
    /// The lints look.
    Lint,
}

impl Phase {
    /// What is being done, in the words of a progress line.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Read => "reading",
            Phase::Evaluate => "parsing and evaluating",
            Phase::Lint => "linting",
        }
    }
}

/// Is told of each phase as it begins; fixes make the phases begin again.
#[derive(Clone, Default)]
pub struct Observer(Option<Arc<dyn Fn(Phase) + Send + Sync>>);

impl Observer {
    pub fn new(told: impl Fn(Phase) + Send + Sync + 'static) -> Observer {
        Observer(Some(Arc::new(told)))
    }

    pub(crate) fn begins(&self, phase: Phase) {
        if let Some(told) = &self.0 {
            told(phase);
        }
    }
}

impl std::fmt::Debug for Observer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(if self.0.is_some() { "Observer" } else { "nobody" })
    }
}
