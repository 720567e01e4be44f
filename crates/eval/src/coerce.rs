//! Strings from values (`coerceToString` of Nix), and strings that are known in part.

use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::trees::{is_apart, is_outside};
use crate::unknown::{ErrorKind, Eval, External, Limit, Reason, Stop, Unknown};
use crate::value::{Piece, Value};

/// What may become a string where.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coercion {
    /// `"${x}"` and `x + "…"`: strings, paths and sets that say how.
    Interpolation,
    /// `toString x`: numbers, Booleans, null and lists as well; paths are not copied to the store.
    ToString,
}

/// A string of more pieces, of which some are not known, is not known at all.
const MAX_PIECES: usize = 1 << 16;

/// A string under construction.
pub(crate) struct Text<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    pieces: Vec<Piece<'a>>,
    tail: String,
    /// Bytes of what is known, and pieces of what is not.
    length: usize,
}

impl<'e, 'a> Text<'e, 'a> {
    pub fn new(evaluator: &'e Evaluator<'a>) -> Text<'e, 'a> {
        Text { evaluator, pieces: Vec::new(), tail: String::new(), length: 0 }
    }

    pub fn push_str(&mut self, text: &str) {
        self.length += text.len();
        self.tail.push_str(text);
    }

    pub fn push_piece(&mut self, piece: Piece<'a>) {
        if let Piece::Known(text) = piece {
            return self.push_str(text);
        }
        if !self.tail.is_empty() {
            self.pieces.push(Piece::Known(self.evaluator.arena.alloc_str(&self.tail)));
            self.tail.clear();
        }
        self.length += 1;
        self.pieces.push(piece);
    }

    /// # Errors
    ///
    /// Unknown when the string would be longer than the limit with so many bytes more.
    pub fn check_length(&self, more: usize) -> Eval<'a, ()> {
        match self.length + more > self.evaluator.limits.string {
            true => Err(self.evaluator.unknown(Reason::Limit(Limit::Memory), None)),
            false => Ok(()),
        }
    }

    /// Appends a value; one that is unknown makes an unknown piece.
    pub fn push(&mut self, value: Eval<'a>, coercion: Coercion) -> Eval<'a, ()> {
        let (length, pieces) = match value {
            Ok(Value::Str(text)) => (text.len(), 0),
            Ok(Value::Template(pieces)) => (pieces.len(), pieces.len()),
            _ => (0, 0),
        };
        self.check_length(length)?;
        if self.pieces.len() + pieces > MAX_PIECES {
            return Err(self.evaluator.unknown(Reason::Limit(Limit::Memory), None));
        }
        match value {
            Ok(value) => self.push_value(value, coercion),
            Err(Stop::Unknown(unknown)) => {
                self.push_piece(Piece::Unknown(unknown));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn push_value(&mut self, value: Value<'a>, coercion: Coercion) -> Eval<'a, ()> {
        let evaluator = self.evaluator;
        match value {
            Value::Str(text) => self.push_str(text),
            Value::Template(pieces) => pieces.iter().for_each(|piece| self.push_piece(*piece)),
            Value::Path(path) if !path.starts_with('/') => self.push_piece(match coercion {
                // Nix copies what is there.
                Coercion::Interpolation if evaluator.is_absent(path) => {
                    let missing = Reason::UnresolvedImport(path);
                    Piece::Unknown(evaluator.unknown_ref(missing, None))
                }
                Coercion::Interpolation => Piece::Copy(path),
                Coercion::ToString => Piece::Location(path),
            }),
            Value::Path(path) if coercion == Coercion::ToString && is_outside(path) => {
                self.push_piece(Piece::Location(path));
            }
            Value::Path(path) if is_outside(path) => {
                self.push_piece(match evaluator.exists_outside(path) {
                    Ok(true) => Piece::Copy(path),
                    _ => {
                        let missing = Reason::UnresolvedImport(path);
                        Piece::Unknown(evaluator.unknown_ref(missing, None))
                    }
                });
            }
            Value::Path(path) if coercion == Coercion::ToString => self.push_str(path),
            Value::Path(_) => {
                let store = evaluator.unknown_ref(Reason::Impure("a store path"), None);
                self.push_piece(Piece::Unknown(store));
            }
            Value::Attrs(attrs) => {
                if let Some(method) = attrs.get(Symbol::new("__toString")) {
                    let method = evaluator.force(method.value)?;
                    let text = evaluator.call(method, evaluator.value(value));
                    return self.push(text, coercion);
                }
                if let Some(path) = attrs.get(Symbol::new("outPath")) {
                    return self.push(evaluator.force(path.value), coercion);
                }
                match attrs.rest {
                    Some(rest) => self.push_piece(Piece::Unknown(rest)),
                    None => {
                        return evaluator.error(ErrorKind::Type, "cannot coerce a set to a string");
                    }
                }
            }
            Value::Int(number) if coercion == Coercion::ToString => {
                self.push_str(&number.to_string());
            }
            // Its sign depends on the machine.
            Value::Float(number) if coercion == Coercion::ToString && number.is_nan() => {
                let reason = Reason::Unsupported("toString of what is no number");
                return Err(evaluator.unknown(reason, None));
            }
            Value::Float(number) if coercion == Coercion::ToString => {
                self.push_str(&format!("{number:.6}"));
            }
            Value::Bool(true) if coercion == Coercion::ToString => self.push_str("1"),
            Value::Bool(false) | Value::Null if coercion == Coercion::ToString => {}
            Value::List(list) if coercion == Coercion::ToString => {
                if let Some(rest) = list.rest {
                    self.push_piece(Piece::Unknown(rest));
                    return Ok(());
                }
                for (at, item) in list.items.iter().enumerate() {
                    let item = evaluator.force(item);
                    // An empty list leaves no space, as in Nix, and what is unknown may be one.
                    let empty = match item {
                        Ok(Value::List(list)) => list.items.is_empty(),
                        Ok(_) => false,
                        Err(_) => true,
                    };
                    evaluator.nested(|| self.push(item, coercion))?;
                    if at + 1 < list.items.len() && !empty {
                        self.push_str(" ");
                    }
                }
            }
            other => {
                let message = format!("cannot coerce {} to a string", other.type_name());
                return evaluator.error(ErrorKind::Type, message);
            }
        }
        Ok(())
    }

    pub fn finish(mut self) -> Value<'a> {
        let arena = self.evaluator.arena;
        if self.pieces.is_empty() {
            return Value::Str(arena.alloc_str(&self.tail));
        }
        if !self.tail.is_empty() {
            self.pieces.push(Piece::Known(arena.alloc_str(&self.tail)));
        }
        Value::Template(arena.alloc_slice_copy(&self.pieces))
    }
}

impl<'a> Evaluator<'a> {
    /// `builtins.toString`.
    pub(crate) fn to_string_value(&self, value: Eval<'a>) -> Eval<'a> {
        let mut text = Text::new(self);
        text.push(value, Coercion::ToString)?;
        Ok(text.finish())
    }

    /// A wholly known string that a value coerces to.
    pub(crate) fn coerce_str(&self, thunk: &'a Thunk<'a>, coercion: Coercion) -> Eval<'a, &'a str> {
        let mut text = Text::new(self);
        text.push(self.force(thunk), coercion)?;
        match text.finish() {
            Value::Template(pieces) => Err(self.template_unknown(pieces)),
            Value::Str(text) => Ok(text),
            other => self.type_error(other, "a string"),
        }
    }

    /// Why a partly known string is not known.
    pub fn unknown_piece(&self, pieces: &[Piece<'a>]) -> &'a Unknown<'a> {
        let unknown = pieces.iter().find_map(|piece| match piece {
            Piece::Unknown(unknown) => Some(*unknown),
            Piece::Known(_) | Piece::Location(_) | Piece::Copy(_) => None,
        });
        unknown
            .unwrap_or_else(|| self.unknown_ref(Reason::Impure("where the repository lies"), None))
    }

    pub(crate) fn template_unknown(&self, pieces: &[Piece<'a>]) -> Stop<'a> {
        Stop::Unknown(self.made_of(self.unknown_piece(pieces)))
    }

    /// The path that a path, or a string that begins at the repository, stands for.
    pub fn to_path(&self, value: Value<'a>) -> Eval<'a, &'a str> {
        match value {
            Value::Path(path) => Ok(path),
            Value::Str(text) if text.starts_with('/') => {
                let path = nixpact_source::normalize(text).unwrap_or_default();
                Ok(self.arena.alloc_str(&path))
            }
            Value::Str(text) => {
                let message = format!("string '{text}' doesn't represent an absolute path");
                self.error(ErrorKind::Type, message)
            }
            Value::Template([piece @ (Piece::Location(base) | Piece::Copy(base)), rest @ ..]) => {
                let mut path = (*base).to_owned();
                for piece in rest {
                    let Piece::Known(text) = piece else { return Err(self.template_unknown(rest)) };
                    path.push_str(text);
                }
                if matches!(piece, Piece::Copy(_)) && !stays_below(&path[base.len()..]) {
                    // Beside the copy lie others.
                    return Err(self.unknown(Reason::Impure("a store path"), None));
                }
                let found = match is_outside(base) {
                    true => nixpact_source::normalize(&path).filter(|path| !is_apart(base, path)),
                    false => nixpact_source::normalize(path.trim_start_matches('/')),
                };
                match found {
                    Some(path) => Ok(self.arena.alloc_str(&path)),
                    None => {
                        Err(self
                            .unknown(Reason::UnresolvedImport(self.arena.alloc_str(&path)), None))
                    }
                }
            }
            Value::Template([Piece::Unknown(unknown), Piece::Known(below)])
                if let Reason::External(_, text) = unknown.reason
                    && below.starts_with('/') =>
            {
                let text = format!("{text}/{}", below.trim_start_matches('/'));
                let reason = Reason::External(External::Other, self.arena.alloc_str(&text));
                Err(Stop::Unknown(self.arena.alloc(Unknown { reason, ..**unknown })))
            }
            Value::Template(pieces) => Err(self.template_unknown(pieces)),
            Value::Attrs(_) => match self.select(value, Symbol::new("outPath"))? {
                Some(path) => self.to_path(self.force(path)?),
                None => self.type_error(value, "a path"),
            },
            other => self.type_error(other, "a path"),
        }
    }
}

/// Whether what is appended to a path leads to something in it.
fn stays_below(appended: &str) -> bool {
    (appended.is_empty() || appended.starts_with('/'))
        && nixpact_source::normalize(appended.trim_start_matches('/')).is_some()
}
