use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{LazyLock, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashSet};

/// An interned name: comparing two is comparing two pointers.
///
/// Names live as long as the process. A repository has a few thousand distinct ones, and an editing
/// session adds no more than what is typed.
#[derive(Clone, Copy)]
pub struct Symbol(&'static str);

const SHARDS: usize = 32;

static TABLE: LazyLock<[Mutex<FxHashSet<&'static str>>; SHARDS]> =
    LazyLock::new(|| std::array::from_fn(|_| Mutex::new(FxHashSet::default())));

impl Symbol {
    pub fn new(name: &str) -> Symbol {
        let shard = FxBuildHasher.hash_one(name) as usize % SHARDS;
        // A poisoned table is still a set of names: nothing is left half done in it.
        let mut names = TABLE[shard].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.get(name) {
            return Symbol(known);
        }
        let name: &'static str = Box::leak(Box::from(name));
        names.insert(name);
        Symbol(name)
    }

    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// A key by which equal symbols, and only those, are equal. Its order has no meaning and differs
    /// from run to run: sort what people see by [`as_str`](Symbol::as_str).
    pub fn key(self) -> usize {
        self.0.as_ptr() as usize
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Symbol) -> bool {
        // The empty name has no address of its own, but is the only one of its length.
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Symbol {}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl std::fmt::Debug for Symbol {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self.0, out)
    }
}

impl std::fmt::Display for Symbol {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Symbol;

    #[test]
    fn equal_names_are_one_symbol() {
        assert_eq!(Symbol::new("enable"), Symbol::new(&String::from("enable")));
        assert_ne!(Symbol::new("enable"), Symbol::new("enabled"));
        assert_eq!(Symbol::new(""), Symbol::new(""));
        assert_ne!(Symbol::new(""), Symbol::new("a"));
    }
}
