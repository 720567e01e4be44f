//! Strings that begin with where a tree lies, the repository or another one, and are known behind that.

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::trees::{below, is_outside, is_tree, tree_of};
use crate::unknown::Eval;
use crate::value::{Piece, Value};

/// What follows where a tree lies: empty, or beginning as the string of a path does.
pub(crate) struct Place<'a> {
    /// The path of the tree: empty for the repository.
    tree: &'a str,
    pub rest: String,
}

/// The characters of a hash in the store (`nix32Chars`).
const HASH: &[u8] = b"0123456789abcdfghijklmnpqrsvwxyz";

/// How many of them there are.
const HASH_LENGTH: usize = 32;

/// Stands for any character of a hash, in bytes that are no UTF-8.
pub(crate) const ANY: u8 = 0xff;

/// Whether a byte may be one of a hash.
pub(crate) fn is_of_hash(byte: u8) -> bool {
    HASH.contains(&byte)
}

/// Whether a text stands in bytes with [`ANY`] among them; `None` where these decide.
pub(crate) fn contains(bytes: &[u8], text: &[u8]) -> Option<bool> {
    let fits = |window: &[u8]| {
        let fit =
            |(known, wanted): (&u8, &u8)| known == wanted || *known == ANY && is_of_hash(*wanted);
        window.iter().zip(text).all(fit)
    };
    let mut places = bytes.windows(text.len().max(1)).filter(|window| fits(window));
    let first = places.next();
    let is_sure = first == Some(text) || places.any(|window| window == text);
    match (text, first) {
        ([], _) => Some(true),
        _ if is_sure => Some(true),
        (_, None) => Some(false),
        (_, Some(_)) => None,
    }
}

/// Where a text stands in bytes with [`ANY`] among them, one after the other; `None` where these decide.
fn occurrences(bytes: &[u8], text: &[u8]) -> Option<Vec<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(window) = bytes.get(at..at + text.len()) {
        if window == text {
            found.push(at);
            at += text.len();
            continue;
        }
        if contains(window, text) != Some(false) {
            return None;
        }
        at += 1;
    }
    Some(found)
}

/// The bytes of a string that begins with a path of the store, with [`ANY`] for the hash.
fn stored<'t>(name: &str, behind: impl IntoIterator<Item = &'t str>) -> Vec<u8> {
    let mut bytes = b"/nix/store/".to_vec();
    bytes.resize(bytes.len() + HASH_LENGTH, ANY);
    bytes.push(b'-');
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend(behind.into_iter().flat_map(str::bytes));
    bytes
}

/// The name that the copy of a path has in the store; `None` for one that no copy may have, and for that of a whole
/// tree, which is called after where it lies.
pub(crate) fn name_of_copy(path: &str) -> Option<&str> {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || "+-._?=".contains(c);
    let name = path.rsplit('/').next()?;
    (!name.is_empty() && name.chars().all(is_valid) && !is_tree(path)).then_some(name)
}

/// The bytes of a partly known string that begins where something lies in the store, with [`ANY`] for those that are
/// not known.
pub(crate) fn in_store<'a>(ev: &Evaluator<'a>, pieces: &[Piece<'a>]) -> Option<Vec<u8>> {
    let [Piece::Copy(path), others @ ..] = pieces else {
        return Place::of(pieces)?.in_store(ev);
    };
    let name = name_of_copy(path)?;
    let known = |piece: &Piece<'a>| match piece {
        Piece::Known(text) => Some(*text),
        _ => None,
    };
    Some(stored(name, others.iter().map(known).collect::<Option<Vec<_>>>()?))
}

impl<'a> Place<'a> {
    /// The bytes of the string, with [`ANY`] for those that are not known: Nix evaluates a flake in its store.
    /// `None` where the repository is no flake, and may lie anywhere.
    pub fn in_store(&self, ev: &Evaluator<'a>) -> Option<Vec<u8>> {
        let is_flake = !self.tree.is_empty() || ev.sources.id("flake.nix").is_some();
        is_flake.then(|| stored("source", [self.rest.as_str()]))
    }

    pub fn of(pieces: &[Piece<'a>]) -> Option<Place<'a>> {
        let [Piece::Location(path), others @ ..] = pieces else { return None };
        let (tree, inside) = match is_outside(path) {
            true => (tree_of(path), below(path)),
            false => ("", *path),
        };
        let mut rest = String::new();
        if !inside.is_empty() {
            rest.push('/');
            rest.push_str(inside);
        }
        for piece in others {
            let Piece::Known(text) = piece else { return None };
            rest.push_str(text);
        }
        Some(Place { tree, rest })
    }

    /// Where the tree lies.
    pub fn start(&self) -> Piece<'a> {
        Piece::Location(self.tree)
    }

    /// Whether both begin where the same tree lies.
    pub fn is_beside(&self, other: &Place<'a>) -> bool {
        self.tree == other.tree
    }

    /// The string of the same tree with other text behind it.
    pub fn with_rest(&self, ev: &Evaluator<'a>, rest: &str) -> Value<'a> {
        let root = self.start();
        let pieces: &[Piece<'a>] = match rest {
            "" => &[root],
            rest => &[root, Piece::Known(ev.arena.alloc_str(rest))],
        };
        Value::Template(ev.arena.alloc_slice_copy(pieces))
    }

    /// The name at its end, as `baseNameOf` gives it; `None` where that is the tree's own.
    pub fn name(&self) -> Option<&str> {
        let rest = self.rest.strip_suffix('/').unwrap_or(&self.rest);
        rest.rsplit_once('/').map(|(_, name)| name)
    }

    /// The directory, as `dirOf` gives it.
    pub fn directory(&self, ev: &Evaluator<'a>) -> Option<Value<'a>> {
        let (directory, _) = self.rest.rsplit_once('/')?;
        Some(self.with_rest(ev, directory))
    }
}

impl<'a> Evaluator<'a> {
    /// A text that is the same for the same string, or string of a path, alone. None where more of it is not
    /// known than where the repository, or a copy of a part of it, lies.
    pub fn identity(&self, value: Value<'a>) -> Option<&'a str> {
        // No string of Nix' holds a null character.
        let (tree, rest) = match value {
            Value::Str(text) => return Some(text),
            Value::Path(path) => {
                let place = Place::of(&[Piece::Location(path)])?;
                (place.tree, place.rest)
            }
            Value::Template([Piece::Copy(path)]) => (*path, "\0".to_owned()),
            Value::Template([Piece::Copy(path), Piece::Known(text)]) => {
                (*path, format!("\0{text}"))
            }
            Value::Template(pieces) => {
                let place = Place::of(pieces)?;
                (place.tree, place.rest)
            }
            _ => return None,
        };
        Some(self.arena.alloc_str(&format!("{tree}\0{rest}")))
    }

    /// Whether two partly known strings are equal, where both begin where the same tree lies, or with the
    /// same copy of it; `None` where that does not tell.
    pub(crate) fn equal_places(&self, a: &[Piece<'a>], b: &[Piece<'a>]) -> Option<bool> {
        if let (Some(a), Some(b)) = (Place::of(a), Place::of(b)) {
            return a.is_beside(&b).then(|| a.rest == b.rest);
        }
        match (a, b) {
            ([Piece::Copy(a)], [Piece::Copy(b)]) if a == b => Some(true),
            ([Piece::Copy(a)], [Piece::Copy(b), Piece::Known(_)])
            | ([Piece::Copy(b), Piece::Known(_)], [Piece::Copy(a)])
                if a == b =>
            {
                Some(false)
            }
            ([Piece::Copy(a), Piece::Known(c)], [Piece::Copy(b), Piece::Known(d)]) if a == b => {
                Some(c == d)
            }
            _ => None,
        }
    }

    /// The parts of a partly known string between all that is `separator`, which is not empty; `None` where these
    /// hang on what is not known.
    pub(crate) fn split_place(
        &self,
        pieces: &'a [Piece<'a>],
        separator: &str,
    ) -> Option<Vec<&'a Thunk<'a>>> {
        let place = Place::of(pieces)?;
        let stored = place.in_store(self)?;
        let root = stored.len() - place.rest.len();
        let part = |start: usize, end: usize| {
            if !stored[start..end].contains(&ANY) {
                let part = String::from_utf8_lossy(&stored[start..end]);
                return self.value(self.str(&part));
            }
            match (start, end.checked_sub(root).and_then(|end| place.rest.get(..end))) {
                (0, Some(rest)) => self.value(place.with_rest(self, rest)),
                _ => self.lazy(|ev| Err(ev.template_unknown(pieces))),
            }
        };
        let (mut parts, mut last) = (Vec::new(), 0);
        for at in occurrences(&stored, separator.as_bytes())? {
            parts.push(part(last, at));
            last = at + separator.len();
        }
        parts.push(part(last, stored.len()));
        Some(parts)
    }

    /// `baseNameOf` of a partly known string.
    pub(crate) fn name_of(&self, pieces: &[Piece<'a>]) -> Eval<'a> {
        // The last piece suffices when it holds a slash.
        if let Some(Piece::Known(text)) = pieces.last()
            && let Some((_, name)) = text.strip_suffix('/').unwrap_or(text).rsplit_once('/')
        {
            return Ok(Value::Str(name));
        }
        match Place::of(pieces).as_ref().and_then(Place::name) {
            Some(name) => Ok(self.str(name)),
            None => Err(self.template_unknown(pieces)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ANY, HASH, HASH_LENGTH, contains, occurrences};

    fn stored(hash: &[u8]) -> Vec<u8> {
        [b"/nix/store/", hash, b"-source/hosts/nuc/default.nix"].concat()
    }

    #[test]
    fn a_text_is_found_where_every_hash_has_it_and_missed_where_none_has() {
        let unknown = stored(&[ANY; HASH_LENGTH]);
        for (text, expected) in [
            ("/_", Some(false)),
            ("hosts", Some(true)),
            ("store/", Some(true)),
            ("-source/hosts", Some(true)),
            ("nixos", Some(false)),
            ("modules/nuc", Some(false)),
            ("", Some(true)),
            // It may begin with an x.
            ("store/x", None),
            ("ab", None),
            ("x-source", None),
        ] {
            assert_eq!(contains(&unknown, text.as_bytes()), expected, "{text}");
        }
        // Whatever is said of all hashes holds for each.
        let hashes = HASH.iter().map(|first| {
            let turned = HASH.iter().cycle().skip_while(|byte| *byte != first);
            turned.copied().take(HASH_LENGTH).collect::<Vec<u8>>()
        });
        for hash in hashes {
            let known = stored(&hash);
            for length in 1..4 {
                for window in known.windows(length) {
                    assert_ne!(contains(&unknown, window), Some(false));
                }
            }
        }
    }

    #[test]
    fn a_text_that_every_hash_has_as_often_is_counted() {
        let unknown = stored(&[ANY; HASH_LENGTH]);
        for (text, expected) in [
            ("/", Some(vec![0, 4, 10, 50, 56, 60])),
            ("/hosts/", Some(vec![50])),
            ("uu", Some(vec![])),
            ("-source", Some(vec![43])),
            ("n", None),
        ] {
            assert_eq!(occurrences(&unknown, text.as_bytes()), expected, "{text}");
        }
    }
}
