use std::cell::Cell;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::GLOBALS;

/// An interned name: comparing two is comparing two numbers.
///
/// Names live as long as the process. A repository has a few thousand distinct ones, and an editing
/// session adds no more than what is typed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(u32);

const SHARDS: usize = 32;

type Shards = [Mutex<FxHashMap<&'static str, Symbol>>; SHARDS];

/// The number of each name. The first ones are those of [`GLOBALS`].
static TABLE: LazyLock<Shards> = LazyLock::new(|| {
    // What Nix, `lib` and a small repository name, without growing meanwhile.
    let names = || FxHashMap::with_capacity_and_hasher(56, FxBuildHasher);
    let table = std::array::from_fn(|_| Mutex::new(names()));
    for name in GLOBALS {
        Symbol::of(&table, FxBuildHasher.hash_one(name) as usize, name);
    }
    table
});

/// The name of each number, in chunks of which each is twice as long as the one before.
static NAMES: [OnceLock<Box<[OnceLock<&'static str>]>>; CHUNKS] =
    [const { OnceLock::new() }; CHUNKS];

/// How many are in use.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The first chunk has `1 << FIRST` names.
const FIRST: u32 = 10;
/// Enough for every number.
const CHUNKS: usize = (u32::BITS - FIRST + 1) as usize;

/// The chunk of a number, and the place in it.
fn place(number: u32) -> (usize, usize) {
    let at = number as usize + (1 << FIRST);
    let chunk = at.ilog2();
    ((chunk - FIRST) as usize, at - (1 << chunk))
}

/// How many of the names last used each thread has at hand.
const RECENT: usize = 512;

thread_local! {
    /// Names that this thread asked for, each in the place of its hash: most names that a file has, it
    /// has often, and a lock takes longer than to look here.
    static NAMED: [Cell<Option<(&'static str, Symbol)>>; RECENT] =
        const { [const { Cell::new(None) }; RECENT] };
}

impl Symbol {
    pub fn new(name: &str) -> Symbol {
        let hash = FxBuildHasher.hash_one(name) as usize;
        NAMED.with(|named| {
            let place = &named[hash / SHARDS % RECENT];
            if let Some((known, symbol)) = place.get()
                && known == name
            {
                return symbol;
            }
            let (name, symbol) = Symbol::of(&TABLE, hash, name);
            place.set(Some((name, symbol)));
            symbol
        })
    }

    /// The name and the number of it in a table, where it is added if need be.
    fn of(table: &Shards, hash: usize, name: &str) -> (&'static str, Symbol) {
        // A poisoned table is still a set of names: nothing is left half done in it.
        let mut names = table[hash % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, symbol)) = names.get_key_value(name) {
            return (known, *symbol);
        }
        let name: &'static str = Box::leak(Box::from(name));
        let symbol = Symbol(COUNT.fetch_add(1, Ordering::Relaxed));
        let (chunk, at) = place(symbol.0);
        let chunk = NAMES[chunk].get_or_init(|| {
            (0..1_usize << (chunk as u32 + FIRST)).map(|_| OnceLock::new()).collect()
        });
        let _ = chunk[at].set(name);
        names.insert(name, symbol);
        (name, symbol)
    }

    /// Whether it is one of [`GLOBALS`].
    pub(crate) fn is_global(self) -> bool {
        (self.0 as usize) < GLOBALS.len()
    }

    pub fn as_str(self) -> &'static str {
        let (chunk, at) = place(self.0);
        // Whoever has a symbol got it after its name was set.
        NAMES[chunk].get().and_then(|chunk| chunk[at].get()).copied().unwrap_or_default()
    }

    /// A key by which equal symbols, and only those, are equal. Its order has no meaning and differs
    /// from run to run: sort what people see by [`as_str`](Symbol::as_str).
    pub fn key(self) -> u32 {
        self.0
    }
}

impl std::fmt::Debug for Symbol {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self.as_str(), out)
    }
}

impl std::fmt::Display for Symbol {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{CHUNKS, FIRST, Symbol, place};
    use crate::GLOBALS;

    #[test]
    fn equal_names_are_one_symbol() {
        assert_eq!(Symbol::new("enable"), Symbol::new(&String::from("enable")));
        assert_ne!(Symbol::new("enable"), Symbol::new("enabled"));
        assert_eq!(Symbol::new(""), Symbol::new(""));
        assert_eq!(Symbol::new("").as_str(), "");
        assert_ne!(Symbol::new(""), Symbol::new("a"));
    }

    #[test]
    fn globals_are_the_first_ones() {
        assert!(GLOBALS.iter().all(|name| Symbol::new(name).is_global()));
        assert!(!Symbol::new("toJSON").is_global());
        assert_eq!(Symbol::new("true").as_str(), "true");
    }

    #[test]
    fn every_name_is_kept() {
        let names: Vec<String> = (0..5_000).map(|number| format!("name-{number}")).collect();
        let symbols: Vec<Symbol> = names.iter().map(|name| Symbol::new(name)).collect();
        assert!(symbols.iter().zip(&names).all(|(symbol, name)| symbol.as_str() == name));
    }

    #[test]
    fn threads_agree() {
        let names: Vec<String> = (0..2_000).map(|number| format!("shared-{number}")).collect();
        let ask = || names.iter().map(|name| Symbol::new(name)).collect::<Vec<_>>();
        let (here, there) = std::thread::scope(|scope| {
            let there = scope.spawn(ask);
            (ask(), there.join().expect("it does not panic"))
        });
        assert_eq!(here, there);
    }

    #[test]
    fn chunks_hold_every_number() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(1023), (0, 1023));
        assert_eq!(place(1024), (1, 0));
        let (chunk, at) = place(u32::MAX);
        assert!(chunk < CHUNKS && at < 1 << (chunk as u32 + FIRST));
    }
}
