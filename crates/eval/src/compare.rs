//! Equality and order.

use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::trees::is_apart;
use crate::unknown::{Eval, Stop, Unknown};
use crate::value::{Attrs, List, Piece, Value};

impl<'a> Evaluator<'a> {
    /// `==` (`eqValues`). Where a part is unknown the answer may still be a known `false`.
    pub fn equal(&self, left: Value<'a>, right: Value<'a>) -> Eval<'a, bool> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => Ok(a == b),
            (Value::Float(a), Value::Float(b)) if a.is_nan() && b.is_nan() => self.same_function(),
            (Value::Float(a), Value::Float(b)) => Ok(a == b),
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => {
                Ok(a as f64 == b)
            }
            (Value::Null, Value::Null) => Ok(true),
            (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
            (Value::Str(a), Value::Str(b)) => Ok(a == b),
            (Value::Path(a), Value::Path(b)) if is_apart(a, b) => Err(self.where_they_lie(a, b)),
            (Value::Path(a), Value::Path(b)) => Ok(a == b),
            (Value::Template(a), Value::Template(b)) => self.equal_templates(a, b),
            (Value::Template(a), Value::Str(b)) | (Value::Str(b), Value::Template(a)) => {
                self.equal_templates(a, &[Piece::Known(b)])
            }
            (Value::List(a), Value::List(b)) => {
                self.within(std::ptr::eq(a.items, b.items), || self.equal_lists(a, b))
            }
            (Value::Attrs(a), Value::Attrs(b)) => {
                self.within(std::ptr::eq(a, b), || self.equal_attrs(a, b))
            }
            (Value::Lambda(a), Value::Lambda(b)) if std::ptr::eq(a, b) => {
                // What lies deep in a value of nixpkgs is at one address in Nix, too: functions of `lib`
                // may make its outermost set or list anew, which native ones pass on.
                match self.identical.get() > 1 && a.ast.file.is_outside() {
                    true => Ok(true),
                    false => self.same_function(),
                }
            }
            (Value::Builtin(a), Value::Builtin(b)) if std::ptr::eq(a.builtin, b.builtin) => {
                self.same_function()
            }
            // Other functions are never equal, and neither are values of two types.
            _ => Ok(false),
        }
    }

    /// Compares the members of two sets or lists, which may be one.
    fn within(&self, is_one: bool, compare: impl FnOnce() -> Eval<'a, bool>) -> Eval<'a, bool> {
        let around = self.identical.get();
        self.identical.set(if is_one { around.saturating_add(1) } else { 0 });
        let result = compare();
        self.identical.set(around);
        result
    }

    /// A function is equal to itself only where Nix has it at one address.
    fn same_function(&self) -> Eval<'a, bool> {
        self.unsupported("the comparison of a function with itself")
    }

    /// `left == right` as it is written, where a function is not even equal to itself.
    pub(crate) fn equal_operands(&self, left: Eval<'a>, right: Eval<'a>) -> Eval<'a, bool> {
        match (left, right) {
            (Ok(left), Ok(right)) if left.is_function() && right.is_function() => Ok(false),
            (left, right) => self.equal_results(left, right),
        }
    }

    pub(crate) fn equal_results(&self, left: Eval<'a>, right: Eval<'a>) -> Eval<'a, bool> {
        self.nested(|| self.equal(left?, right?))
    }

    pub fn equal_thunks(&self, left: &'a Thunk<'a>, right: &'a Thunk<'a>) -> Eval<'a, bool> {
        let (left, right) = (self.force_apart(left), self.force_apart(right));
        self.equal_results(left, right)
    }

    /// The value of a member of what is compared, whose own comparisons are none of this one.
    fn force_apart(&self, thunk: &'a Thunk<'a>) -> Eval<'a> {
        let around = self.identical.replace(0);
        let value = self.force(thunk);
        self.identical.set(around);
        value
    }

    fn equal_templates(&self, a: &[Piece<'a>], b: &[Piece<'a>]) -> Eval<'a, bool> {
        fn known<'a>(piece: Option<&Piece<'a>>) -> &'a str {
            match piece {
                Some(Piece::Known(text)) => text,
                // The repository lies at an absolute path, and so does the store.
                Some(Piece::Location(_) | Piece::Copy(_)) => "/",
                _ => "",
            }
        }
        if let Some(equal) = self.equal_places(a, b) {
            return Ok(equal);
        }
        let (first, second) = (known(a.first()), known(b.first()));
        let length = first.len().min(second.len());
        if first.as_bytes()[..length] != second.as_bytes()[..length] {
            return Ok(false);
        }
        if let (Some(Piece::Known(first)), Some(Piece::Known(second))) = (a.last(), b.last()) {
            let length = first.len().min(second.len());
            if first.as_bytes()[first.len() - length..]
                != second.as_bytes()[second.len() - length..]
            {
                return Ok(false);
            }
        }
        Err(self.template_unknown(if matches!(a, [Piece::Known(_)]) { b } else { a }))
    }

    fn equal_lists(&self, a: &List<'a>, b: &List<'a>) -> Eval<'a, bool> {
        if let Some(rest) = a.rest.or(b.rest) {
            return Err(Stop::Unknown(rest));
        }
        if a.items.len() != b.items.len() {
            return Ok(false);
        }
        self.all_equal(a.items.iter().copied().zip(b.items.iter().copied()))
    }

    fn equal_attrs(&self, a: &Attrs<'a>, b: &Attrs<'a>) -> Eval<'a, bool> {
        if let Some(rest) = a.rest.or(b.rest) {
            return Err(Stop::Unknown(rest));
        }
        if let (Some(a), Some(b)) = (self.derivation(a)?, self.derivation(b)?) {
            return self.equal_thunks(a, b);
        }
        let (a, b) = (a.unordered(), b.unordered());
        if a.len() != b.len() || a.iter().zip(b).any(|(a, b)| a.name != b.name) {
            return Ok(false);
        }
        self.all_equal(a.iter().zip(b).map(|(a, b)| (a.value, b.value)))
    }

    /// The `outPath` of a derivation, by which alone two are compared.
    fn derivation(&self, attrs: &Attrs<'a>) -> Eval<'a, Option<&'a Thunk<'a>>> {
        let Some(kind) = attrs.get(Symbol::new("type")) else { return Ok(None) };
        if !self.equal(self.force_apart(kind.value)?, Value::Str("derivation"))? {
            return Ok(None);
        }
        Ok(attrs.get(Symbol::new("outPath")).map(|path| path.value))
    }

    fn all_equal(
        &self,
        pairs: impl Iterator<Item = (&'a Thunk<'a>, &'a Thunk<'a>)>,
    ) -> Eval<'a, bool> {
        let mut unknown: Option<&'a Unknown<'a>> = None;
        for (left, right) in pairs {
            let equal = match unknown {
                None => self.equal_thunks(left, right),
                // Nix may have found a difference already.
                Some(_) => self.native(|| self.equal_thunks(left, right)),
            };
            match equal {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(Stop::Unknown(reason)) => unknown = unknown.or(Some(reason)),
                // Nix may not have come this far.
                Err(error) => return Err(unknown.map_or(error, Stop::Unknown)),
            }
        }
        unknown.map_or(Ok(true), |reason| Err(Stop::Unknown(reason)))
    }

    /// `<` (`CompareValues`).
    pub fn less(&self, left: Value<'a>, right: Value<'a>) -> Eval<'a, bool> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => Ok(a < b),
            (Value::Float(a), Value::Float(b)) => Ok(a < b),
            (Value::Int(a), Value::Float(b)) => Ok((a as f64) < b),
            (Value::Float(a), Value::Int(b)) => Ok(a < b as f64),
            (Value::Str(a), Value::Str(b)) => Ok(a < b),
            (Value::Path(a), Value::Path(b)) if is_apart(a, b) => Err(self.where_they_lie(a, b)),
            (Value::Path(a), Value::Path(b)) if a.starts_with('/') == b.starts_with('/') => {
                Ok(a < b)
            }
            (Value::Template(pieces), Value::Str(_) | Value::Template(_))
            | (Value::Str(_), Value::Template(pieces)) => Err(self.template_unknown(pieces)),
            (Value::List(a), Value::List(b)) => {
                if let Some(rest) = a.rest.or(b.rest) {
                    return Err(Stop::Unknown(rest));
                }
                for (left, right) in a.items.iter().zip(b.items) {
                    if !self.equal_thunks(left, right)? {
                        let right = self.force(right)?;
                        return self.less(self.force(left)?, right);
                    }
                }
                Ok(a.items.len() < b.items.len())
            }
            (Value::Path(_), Value::Path(_)) => Err(self.template_unknown(&[])),
            (left, right) => self.error(
                crate::ErrorKind::Type,
                format!("cannot compare {} with {}", left.type_name(), right.type_name()),
            ),
        }
    }
}
