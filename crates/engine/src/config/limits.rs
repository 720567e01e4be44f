//! The table `[limits]`.

use std::ops::Range;

use nixpact_eval::{Limits, STACK_BYTES};
use toml::Spanned;

use super::file;

/// Deeper evaluations would need more stack than machines give.
pub(super) const MAX_DEPTH: u32 = 40_000;

/// The usual limits with those of the table.
///
/// # Errors
///
/// When one is 0, or larger than what can be granted, with the bytes of the file where it stands.
pub(super) fn limits(table: &file::Limits) -> Result<Limits, (Range<usize>, String)> {
    let usual = Limits::default();
    let value = |given: &Option<Spanned<u64>>, usual: u64, most: u64| match given {
        None => Ok(usual),
        Some(value) if (1..=most).contains(value.get_ref()) => Ok(*value.get_ref()),
        Some(value) => Err((value.span(), format!("a limit is at least 1 and at most {most}"))),
    };
    let size = |given: &Option<Spanned<u64>>, usual: usize| {
        value(given, usual as u64, isize::MAX as u64).map(|value| value as usize)
    };
    Ok(Limits {
        steps: value(&table.steps, usual.steps, i64::MAX as u64)?,
        depth: value(&table.depth, usual.depth.into(), MAX_DEPTH.into())? as u32,
        memory: size(&table.memory, usual.memory)?,
        string: size(&table.string, usual.string)?,
        list: size(&table.list, usual.list)?,
    })
}

/// The stack that an evaluation within the limits may need, in bytes, with what it parses on the way.
pub(crate) fn stack_bytes(limits: &Limits) -> usize {
    let usual = Limits::default().depth as usize;
    STACK_BYTES / usual * usual.max(limits.depth as usize) + nixpact_syntax::STACK_BYTES
}
