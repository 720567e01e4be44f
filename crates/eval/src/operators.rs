//! `//`, `++`, `+` and arithmetic.

use nixpact_syntax::Operator;

use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::trees::{is_apart, is_outside};
use crate::unknown::{ErrorKind, Eval, Limit, Reason, Stop};
use crate::value::{Attr, Attrs, List, Value};
use crate::with::{LIB_OR_BUILTINS, lists_names};

impl<'a> Evaluator<'a> {
    /// `left // right`. An unknown left side leaves the right one's attributes known.
    pub(crate) fn update(&self, left: Eval<'a>, right: Eval<'a>) -> Eval<'a> {
        match (left, right) {
            (Ok(Value::Attrs(left)), Ok(Value::Attrs(right))) => {
                Ok(Value::Attrs(self.update_attrs(left, right)))
            }
            (Err(Stop::Unknown(unknown)), Ok(Value::Attrs(right))) => {
                let rest = right.rest.or(Some(unknown));
                Ok(Value::Attrs(self.sorted_attrs(right.entries, rest)))
            }
            (Err(stop), _) | (_, Err(stop)) => Err(stop),
            (Ok(Value::Attrs(_)), Ok(other)) | (Ok(other), _) => self.type_error(other, "a set"),
        }
    }

    pub fn update_attrs(&self, left: &'a Attrs<'a>, right: &'a Attrs<'a>) -> &'a Attrs<'a> {
        if right.rest.is_none() && left.entries.is_empty() && left.rest.is_none() {
            return right;
        }
        if right.entries.is_empty() && right.rest.is_none() {
            return left;
        }
        // Attributes of the left side may be replaced by some that are not known.
        let left_value = |attr: &Attr<'a>| match right.rest {
            None => *attr,
            Some(_) if self.surely_lacks(right, attr.name) => *attr,
            Some(rest) => Attr { value: self.stopped(Stop::Unknown(rest)), ..*attr },
        };
        let (a, b) = (left.entries, right.entries);
        let mut merged = Vec::with_capacity(a.len() + b.len());
        let (mut i, mut j) = (0, 0);
        while i < a.len() && j < b.len() {
            let (x, y) = (a[i].name.key(), b[j].name.key());
            if x < y {
                merged.push(left_value(&a[i]));
                i += 1;
            } else {
                merged.push(b[j]);
                j += 1;
                i += usize::from(x == y);
            }
        }
        merged.extend(a[i..].iter().map(left_value));
        merged.extend_from_slice(&b[j..]);
        let rest = match (left.rest, right.rest) {
            // What neither lists may be in either.
            (Some(left), Some(right)) if lists_names(right) => Some(match lists_names(left) {
                true => self.unknown_ref(Reason::Unsupported(LIB_OR_BUILTINS), None),
                false => left,
            }),
            // What the right side has counts.
            (left, right) => right.or(left),
        };
        let entries = self.arena.alloc_slice_copy(&merged);
        let mut beside = left.beside();
        beside.extend(right.rest, right.others());
        match beside.others(self) {
            None => self.sorted_attrs(entries, rest),
            others => self.arena.alloc(Attrs { entries, rest, others }),
        }
    }

    /// `left ++ right`. Where one side is unknown the members of the other are known to be there.
    pub(crate) fn concat(&self, left: Eval<'a>, right: Eval<'a>) -> Eval<'a> {
        match (left, right) {
            (Ok(Value::List(left)), Ok(Value::List(right))) => {
                if right.items.is_empty() && right.rest.is_none() {
                    return Ok(Value::List(left));
                }
                if left.items.len() + right.items.len() > self.limits.list {
                    return Err(self.unknown(Reason::Limit(Limit::Memory), None));
                }
                let items = [left.items, right.items].concat();
                let mut rest = left.beside();
                rest.extend(right.rest, right.others());
                Ok(self.list_with(&items, &rest))
            }
            (Ok(Value::List(known)), Err(Stop::Unknown(unknown)))
            | (Err(Stop::Unknown(unknown)), Ok(Value::List(known))) => {
                let rest = known.rest.or(Some(unknown));
                Ok(Value::List(self.arena.alloc(List { items: known.items, rest, others: None })))
            }
            (Err(stop), _) | (_, Err(stop)) => Err(stop),
            (Ok(Value::List(_)), Ok(other)) | (Ok(other), _) => self.type_error(other, "a list"),
        }
    }

    /// `left + right`: numbers, strings, paths.
    pub(crate) fn add(&self, left: Eval<'a>, right: Eval<'a>) -> Eval<'a> {
        let (left, right) = match (left, right) {
            (Ok(left), right) => (left, right),
            // The result is a string if the right side is one.
            (Err(Stop::Unknown(unknown)), Ok(right @ (Value::Str(_) | Value::Template(_)))) => {
                let mut text = Text::new(self);
                text.push(Err(Stop::Unknown(unknown)), Coercion::Interpolation)?;
                text.push(Ok(right), Coercion::Interpolation)?;
                return Ok(text.finish());
            }
            (Err(stop), _) => return Err(stop),
        };
        match (left, right) {
            (Value::Int(a), Ok(Value::Int(b))) => self.checked(a.checked_add(b)),
            (Value::Float(a), Ok(Value::Float(b))) => Ok(Value::Float(a + b)),
            (Value::Int(a), Ok(Value::Float(b))) => Ok(Value::Float(a as f64 + b)),
            (Value::Float(a), Ok(Value::Int(b))) => Ok(Value::Float(a + b as f64)),
            (Value::Path(base), right) => {
                let rest = match right? {
                    Value::Str(text) => text,
                    Value::Path(path) if is_outside(path) => {
                        return Err(self.where_it_lies(path));
                    }
                    Value::Path(path) if path.starts_with('/') => path,
                    Value::Path(_) | Value::Attrs(_) => {
                        return Err(self.unknown(Reason::Impure("a path"), None));
                    }
                    Value::Template(pieces) => return Err(self.template_unknown(pieces)),
                    other => return self.type_error(other, "a string"),
                };
                // Only the root has no name here to append to.
                let joined = match base {
                    "" if !rest.is_empty() && !rest.starts_with('/') => None,
                    "" => nixpact_source::normalize(rest.trim_start_matches('/')),
                    _ => nixpact_source::normalize(&format!("{base}{rest}")),
                };
                match joined {
                    Some(path) if is_apart(base, &path) => Err(self.where_they_lie(base, &path)),
                    Some(path) => Ok(Value::Path(self.arena.alloc_str(&path))),
                    None => Err(self.unknown(Reason::UnresolvedImport(rest), None)),
                }
            }
            (Value::Int(_) | Value::Float(_), right) => self.type_error(right?, "a number"),
            (left, right) => {
                let mut text = Text::new(self);
                text.push(Ok(left), Coercion::Interpolation)?;
                // Nix copies a path to the store behind a string, but not behind a set.
                let copies = matches!(left, Value::Str(_) | Value::Template(_));
                let coercion = match right {
                    Ok(Value::Path(_)) if !copies => Coercion::ToString,
                    _ => Coercion::Interpolation,
                };
                text.push(right, coercion)?;
                Ok(text.finish())
            }
        }
    }

    pub(crate) fn arithmetic(
        &self,
        operator: Operator,
        left: Value<'a>,
        right: Value<'a>,
    ) -> Eval<'a> {
        let (a, b) = match (left, right) {
            (Value::Int(a), Value::Int(b)) => {
                return match operator {
                    Operator::Sub => self.checked(a.checked_sub(b)),
                    Operator::Mul => self.checked(a.checked_mul(b)),
                    _ if b == 0 => self.error(ErrorKind::Other, "division by zero"),
                    _ => self.checked(a.checked_div(b)),
                };
            }
            (Value::Float(a), Value::Float(b)) => (a, b),
            (Value::Int(a), Value::Float(b)) => (a as f64, b),
            (Value::Float(a), Value::Int(b)) => (a, b as f64),
            (Value::Int(_) | Value::Float(_), other) | (other, _) => {
                return self.type_error(other, "a number");
            }
        };
        match operator {
            Operator::Sub => Ok(Value::Float(a - b)),
            Operator::Mul => Ok(Value::Float(a * b)),
            _ if b == 0.0 => self.error(ErrorKind::Other, "division by zero"),
            _ => Ok(Value::Float(a / b)),
        }
    }

    /// Old versions of Nix wrap around, new ones refuse.
    pub(crate) fn checked(&self, result: Option<i64>) -> Eval<'a> {
        match result {
            Some(value) => Ok(Value::Int(value)),
            None => Err(self.unknown(Reason::VersionDependent("integer overflow"), None)),
        }
    }
}
