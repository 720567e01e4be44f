//! Values as JSON, as `nix-instantiate --json` gives them; what nixpact does not know stands in it with its
//! reason (`docs/src/json.md#values`).

use nixpact_syntax::Symbol;
use serde_json::{Map, Value as Json, json};

use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::print::MAX_DEPTH;
use crate::thunk::Thunk;
use crate::trees::is_outside;
use crate::unknown::{Eval, Reason, Stop, Unknown};
use crate::value::{Attrs, Piece, Value};

/// The value of `thunk` as JSON: what is not known is `{"$unknown": reason}`, and a set or list that may have
/// more members says why in `$rest` or as its last member. A path is relative to the repository's root.
///
/// # Errors
///
/// The first error that Nix would report in it.
pub fn json<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> Eval<'a, Json> {
    Writer { ev, left: ev.limits.string, around: Vec::new() }.value(ev.force(thunk))
}

/// What a member of a list or set takes besides its text, in bytes.
const MEMBER: usize = 16;

struct Writer<'e, 'a> {
    ev: &'e Evaluator<'a>,
    /// How much more is written, in bytes, about: a value may hold the same parts again and again.
    left: usize,
    /// The lists and sets around what is written.
    around: Vec<*const ()>,
}

impl<'a> Writer<'_, 'a> {
    fn value(&mut self, value: Eval<'a>) -> Eval<'a, Json> {
        Ok(match value {
            Ok(Value::Null) => Json::Null,
            Ok(Value::Bool(value)) => Json::Bool(value),
            Ok(Value::Int(value)) => json!(value),
            Ok(Value::Float(value)) => json!(value),
            Ok(Value::Str(text)) => Json::String(self.counted(text.to_owned())),
            Ok(Value::Template(pieces)) => {
                let text = self.counted(pieces_text(pieces));
                json!({ "$unknown": self.ev.unknown_piece(pieces).to_string(), "$text": text })
            }
            // Where «nixpkgs» lies is not known.
            Ok(Value::Path(path)) if is_outside(path) => json!(path.trim_start_matches('/')),
            Ok(Value::Path(path)) => json!(path),
            Ok(Value::List(list)) => self.inside(std::ptr::from_ref(list).cast(), |this| {
                let mut items = Vec::with_capacity(list.items.len());
                for item in list.items {
                    if !this.has_room() {
                        items.push(unknown("the value is too long"));
                        break;
                    }
                    items.push(this.value(this.ev.force(item))?);
                }
                items.extend(list.rest.map(|rest| unknown(&rest.to_string())));
                Ok(Json::Array(items))
            })?,
            Ok(Value::Attrs(attrs)) => {
                self.inside(std::ptr::from_ref(attrs).cast(), |this| this.attrs(attrs))?
            }
            Ok(Value::Lambda(_) | Value::Builtin(_)) => json!({ "$function": true }),
            Err(Stop::Unknown(cause)) => {
                let reason = self.counted(cause.to_string());
                match cause.reason {
                    Reason::External(_, text) => json!({ "$unknown": reason, "$text": text }),
                    _ => unknown(&reason),
                }
            }
            Err(error) => return Err(error),
        })
    }

    fn attrs(&mut self, attrs: &'a Attrs<'a>) -> Eval<'a, Json> {
        if attrs.get(Symbol::new("__toString")).is_some() {
            let mut text = Text::new(self.ev);
            text.push(Ok(Value::Attrs(attrs)), Coercion::Interpolation)?;
            return self.value(Ok(text.finish()));
        }
        if let Some(path) = attrs.get(Symbol::new("outPath")) {
            return match attrs.rest {
                None => self.value(self.ev.force(path.value)),
                // It may have a `__toString`, which comes first; nothing else of it is written.
                Some(rest) => Ok(unknown(&self.counted(rest.to_string()))),
            };
        }
        let mut entries = Map::new();
        let mut rest = attrs.rest.map(Unknown::to_string);
        for attr in attrs.sorted() {
            if !self.has_room() {
                rest = Some("the value is too long".to_owned());
                break;
            }
            let name = self.counted(attr.name.to_string());
            let value = self.value(self.ev.force(attr.value))?;
            entries.insert(name, value);
        }
        if let Some(rest) = rest {
            entries.insert("$rest".to_owned(), Json::String(rest));
        }
        Ok(Json::Object(entries))
    }

    /// A text that is written.
    fn counted(&mut self, text: String) -> String {
        self.left = self.left.saturating_sub(text.len());
        text
    }

    fn has_room(&mut self) -> bool {
        self.left = self.left.saturating_sub(MEMBER);
        self.left > 0
    }

    /// Writes the members of a list or set.
    fn inside(
        &mut self,
        place: *const (),
        write: impl FnOnce(&mut Self) -> Eval<'a, Json>,
    ) -> Eval<'a, Json> {
        if self.around.contains(&place) {
            return Ok(unknown("the value holds itself"));
        }
        if self.around.len() >= MAX_DEPTH {
            return Ok(unknown("the value is nested too deeply"));
        }
        self.around.push(place);
        let result = write(self);
        self.around.pop();
        result
    }
}

fn unknown(reason: &str) -> Json {
    json!({ "$unknown": reason })
}

/// A partly known string: what comes from outside has its name, and `…` stands for other pieces.
pub fn pieces_text(pieces: &[Piece<'_>]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Known(known) => text.push_str(known),
            Piece::Location(path) | Piece::Copy(path) => {
                text.push('…');
                if !path.is_empty() {
                    text.push('/');
                    text.push_str(path.trim_start_matches('/'));
                }
            }
            Piece::Unknown(unknown) => match unknown.reason {
                Reason::External(_, name) => {
                    text.push_str("${");
                    text.push_str(name);
                    text.push('}');
                }
                _ => text.push('…'),
            },
        }
    }
    text
}
