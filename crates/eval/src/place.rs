//! Strings that begin with where a tree lies, the repository or another one, and are known behind that.

use crate::evaluator::Evaluator;
use crate::trees::{below, is_outside, tree_of};
use crate::unknown::Eval;
use crate::value::{Piece, Value};

/// What follows where a tree lies: empty, or beginning as the string of a path does.
pub(crate) struct Place<'a> {
    /// The path of the tree: empty for the repository.
    tree: &'a str,
    pub rest: String,
}

impl<'a> Place<'a> {
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
