//! What `flake.lock` says of the inputs of the repository's flake.

use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::value::{Attrs, Value};

/// Inputs that follow each other are followed this far.
const MAX_FOLLOWS: usize = 64;

/// How much of a revision is the short one.
const SHORT: usize = 7;

impl<'a> Evaluator<'a> {
    /// An attribute of an input's source that does not hang on what is in it (`emitTreeAttrs` of Nix): its revision
    /// and its date.
    pub(crate) fn locked(&self, input: &str, name: Symbol) -> Option<&'a Thunk<'a>> {
        let field = match name.as_str() {
            "lastModified" | "lastModifiedDate" => "lastModified",
            "narHash" => "narHash",
            "rev" | "shortRev" => "rev",
            _ => return None,
        };
        let value = self.force(self.lock_of(input)?.get(Symbol::new(field))?.value).ok()?;
        Some(self.value(match (name.as_str(), value) {
            ("lastModifiedDate", Value::Int(seconds)) => {
                self.str(&date(u64::try_from(seconds).ok()?))
            }
            ("shortRev", Value::Str(rev)) => Value::Str(rev.get(..SHORT)?),
            ("lastModifiedDate" | "shortRev", _) => return None,
            (_, value) => value,
        }))
    }

    /// Where an input comes from, `github:owner/name`, whichever flake's it follows; `None` for what is elsewhere.
    pub fn locked_url(&self, input: &str) -> Option<&'a str> {
        let locked = self.lock_of(input)?;
        // GitHub has other hosts, too.
        if self.text_of(locked, "type")? != "github" || locked.get(Symbol::new("host")).is_some() {
            return None;
        }
        let (owner, name) = (self.text_of(locked, "owner")?, self.text_of(locked, "repo")?);
        Some(self.arena.alloc_str(&format!("github:{owner}/{name}")))
    }

    /// Whether the inputs are locked.
    pub fn has_lock(&self) -> bool {
        self.lock.get_or_init(|| self.read_lock()).is_some()
    }

    /// The date of the version of an input, in seconds since 1970.
    pub fn locked_date(&self, input: &str) -> Option<i64> {
        self.force_int(self.lock_of(input)?.get(Symbol::new("lastModified"))?.value).ok()
    }

    /// What is `locked` of an input.
    fn lock_of(&self, input: &str) -> Option<&'a Attrs<'a>> {
        let lock = *self.lock.get_or_init(|| self.read_lock());
        let lock = lock?;
        let root = self.text_of(lock, "root")?;
        let node = self.node(lock, root, input, MAX_FOLLOWS)?;
        self.set_of(self.set_of(self.set_of(lock, "nodes")?, node)?, "locked")
    }

    fn read_lock(&self) -> Option<&'a Attrs<'a>> {
        let text = self.read_any("flake.lock")?;
        match self.builtin("fromJSON", &[self.value(self.str(&text))]) {
            Ok(Value::Attrs(lock)) => Some(lock),
            _ => None,
        }
    }

    fn set_of(&self, attrs: &'a Attrs<'a>, name: &str) -> Option<&'a Attrs<'a>> {
        self.force_attrs(attrs.get(Symbol::new(name))?.value).ok()
    }

    fn text_of(&self, attrs: &'a Attrs<'a>, name: &str) -> Option<&'a str> {
        self.force_str(attrs.get(Symbol::new(name))?.value).ok()
    }

    /// The node of an input: by its name, or by the path of another input, from the root, that it follows.
    fn node(&self, lock: &'a Attrs<'a>, node: &str, input: &str, depth: usize) -> Option<&'a str> {
        let depth = depth.checked_sub(1)?;
        let inputs = self.set_of(self.set_of(self.set_of(lock, "nodes")?, node)?, "inputs")?;
        match self.force(inputs.get(Symbol::new(input))?.value).ok()? {
            Value::Str(node) => Some(node),
            Value::List(path) => {
                path.items.iter().try_fold(self.text_of(lock, "root")?, |node, name| {
                    self.node(lock, node, self.force_str(name).ok()?, depth)
                })
            }
            _ => None,
        }
    }
}

/// The date of a time in seconds since 1970, as `lastModifiedDate` has it: `20261127204500`, in UTC.
fn date(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March, after the day that some have more, in eras of 400.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn a_date_is_that_of_the_time() {
        for (seconds, expected) in [
            (0, "19700101000000"),
            (951_782_399, "20000228235959"),
            (951_782_400, "20000229000000"),
            (951_868_800, "20000301000000"),
            (1_709_164_800, "20240229000000"),
            (1_735_689_599, "20241231235959"),
            (1_795_812_300, "20261127204500"),
            (4_107_542_400, "21000301000000"),
        ] {
            assert_eq!(date(seconds), expected, "{seconds}");
        }
    }
}
