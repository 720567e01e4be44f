//! How much an evaluation may do.

/// Bounds on the work of one evaluation. What would exceed one is unknown, with that reason.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Calls and forced thunks.
    pub steps: u64,
    /// Evaluations inside of each other. Each takes at most a few kilobytes of the stack: run the
    /// evaluator on a thread with [`STACK_BYTES`].
    pub depth: u32,
    /// Bytes of the arena.
    pub memory: usize,
    /// Bytes of a string that is put together.
    pub string: usize,
    /// Members of a list that is put together.
    pub list: usize,
}

/// The stack that the default [`Limits::depth`] may need, in bytes, unoptimised builds included.
pub const STACK_BYTES: usize = 1 << 30;

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            steps: 20_000_000,
            depth: 10_000,
            memory: 2 << 30,
            string: 16 << 20,
            list: 4 << 20,
        }
    }
}
