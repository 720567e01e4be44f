//! The expressions of a file that decide how the modules are put together.

use nixpact_source::FileId;
use nixpact_syntax::{Ast, Expr, ExprId, KeyName, Parameter, Part, Range, SetLiteral};

/// The structure of a file; see [`Evaluator::watch`](crate::Evaluator::watch).
#[derive(Debug)]
pub struct Structure {
    pub file: FileId,
    /// By [`ExprId`].
    is_part: Vec<bool>,
}

impl Structure {
    pub(crate) fn new(file: FileId, is_part: Vec<bool>) -> Structure {
        Structure { file, is_part }
    }

    /// Whether another text of the file has the same structure. `old` is the one that it was taken from.
    pub fn is_kept(&self, old: &Ast, new: &Ast) -> bool {
        if !new.errors.is_empty() || old.exprs.len() != self.is_part.len() {
            return false;
        }
        let mut pairs = Pairs { old, new, open: vec![(old.root, new.root)] };
        let mut met = 0;
        while let Some((old, new)) = pairs.open.pop() {
            // What is not of the structure may be anything.
            if self.is_part[old.0 as usize] {
                met += 1;
                if pairs.add(old, new).is_none() {
                    return false;
                }
            }
        }
        met == self.is_part.iter().filter(|is_part| **is_part).count()
    }
}

/// Expressions at the same place in two texts.
struct Pairs<'p> {
    old: &'p Ast,
    new: &'p Ast,
    open: Vec<(ExprId, ExprId)>,
}

impl Pairs<'_> {
    /// Adds what two expressions consist of, provided that all else of them is the same.
    fn add(&mut self, a: ExprId, b: ExprId) -> Option<()> {
        let (old, new) = (self.old, self.new);
        match (old.expr(a), new.expr(b)) {
            (Expr::Int(a), Expr::Int(b)) => same(a == b),
            (Expr::Float(a), Expr::Float(b)) => same(a.to_bits() == b.to_bits()),
            (Expr::Str(a), Expr::Str(b))
            | (Expr::Path(a), Expr::Path(b))
            | (Expr::SearchPath(a), Expr::SearchPath(b)) => same(old.text(a) == new.text(b)),
            (Expr::Template(a), Expr::Template(b))
            | (Expr::PathTemplate(a), Expr::PathTemplate(b)) => self.parts(a, b),
            (Expr::Local { depth, slot }, Expr::Local { depth: other, slot: slot_b }) => {
                same((depth, slot) == (other, slot_b))
            }
            (Expr::Dynamic { name, depth }, Expr::Dynamic { name: name_b, depth: depth_b }) => {
                same((name, depth) == (name_b, depth_b))
            }
            (Expr::Global(a), Expr::Global(b)) | (Expr::Undefined(a), Expr::Undefined(b)) => {
                same(a == b)
            }
            (Expr::List(a), Expr::List(b)) => self.all(a, b),
            (Expr::Set(a), Expr::Set(b)) => self.set(old.set(a), new.set(b)),
            (Expr::Let(a, body_a), Expr::Let(b, body_b)) => {
                self.open.push((body_a, body_b));
                self.set(old.set(a), new.set(b))
            }
            (Expr::Select { base: a, path }, Expr::Select { base: b, path: path_b })
            | (Expr::Has { base: a, path }, Expr::Has { base: b, path: path_b }) => {
                self.open.push((a, b));
                self.path(path, path_b)
            }
            (Expr::SelectOr(a), Expr::SelectOr(b)) => {
                let (a, b) = (old.defaults[a as usize], new.defaults[b as usize]);
                self.open.extend([(a.base, b.base), (a.default, b.default)]);
                self.path(a.path, b.path)
            }
            (Expr::Lambda(a), Expr::Lambda(b)) => self.lambda(a, b),
            (
                Expr::Apply { function: f, argument: x },
                Expr::Apply { function: f_b, argument: x_b },
            ) => self.each([(f, f_b), (x, x_b)]),
            (
                Expr::If { condition: c, then: t, otherwise: o },
                Expr::If { condition: c_b, then: t_b, otherwise: o_b },
            ) => self.each([(c, c_b), (t, t_b), (o, o_b)]),
            (
                Expr::Assert { condition: c, body: x },
                Expr::Assert { condition: c_b, body: x_b },
            ) => self.each([(c, c_b), (x, x_b)]),
            (Expr::With { scope: s, body: x }, Expr::With { scope: s_b, body: x_b }) => {
                self.each([(s, s_b), (x, x_b)])
            }
            (
                Expr::Binary { operator, left: l, right: r },
                Expr::Binary { operator: operator_b, left: l_b, right: r_b },
            ) => {
                same(operator == operator_b)?;
                self.each([(l, l_b), (r, r_b)])
            }
            (Expr::Not(a), Expr::Not(b)) | (Expr::Negate(a), Expr::Negate(b)) => {
                self.each([(a, b)])
            }
            // `__curPos` is where it is, and what is broken is not what it says.
            _ => None,
        }
    }

    fn each<const N: usize>(&mut self, pairs: [(ExprId, ExprId); N]) -> Option<()> {
        self.open.extend(pairs);
        Some(())
    }

    fn all(&mut self, a: Range, b: Range) -> Option<()> {
        let (a, b) = (&self.old.ids[a.indices()], &self.new.ids[b.indices()]);
        same(a.len() == b.len())?;
        self.open.extend(a.iter().copied().zip(b.iter().copied()));
        Some(())
    }

    fn parts(&mut self, a: Range, b: Range) -> Option<()> {
        let (old, new) = (&self.old.parts[a.indices()], &self.new.parts[b.indices()]);
        same(old.len() == new.len())?;
        for (a, b) in old.iter().zip(new) {
            match (a, b) {
                (Part::Text(a), Part::Text(b)) => same(self.old.text(*a) == self.new.text(*b))?,
                (Part::Interpolated(a), Part::Interpolated(b)) => self.open.push((*a, *b)),
                _ => return None,
            }
        }
        Some(())
    }

    fn path(&mut self, a: Range, b: Range) -> Option<()> {
        let (old, new) = (self.old.keys(a), self.new.keys(b));
        same(old.len() == new.len())?;
        for (a, b) in old.iter().zip(new) {
            match (a.name, b.name) {
                (KeyName::Static(a), KeyName::Static(b)) => same(a == b)?,
                (KeyName::Dynamic(a), KeyName::Dynamic(b)) => self.open.push((a, b)),
                _ => return None,
            }
        }
        Some(())
    }

    fn set(&mut self, a: &SetLiteral, b: &SetLiteral) -> Option<()> {
        let (old, new) = (self.old, self.new);
        same(a.recursive == b.recursive)?;
        self.all(a.inherit_from, b.inherit_from)?;
        let (attributes, others) = (old.attributes(a), new.attributes(b));
        same(attributes.len() == others.len())?;
        for (a, b) in attributes.iter().zip(others) {
            same((a.name, a.inherited) == (b.name, b.inherited))?;
            self.open.push((a.value, b.value));
        }
        let (dynamic, others) = (old.dynamic(a), new.dynamic(b));
        same(dynamic.len() == others.len())?;
        for (a, b) in dynamic.iter().zip(others) {
            self.open.extend([(a.name, b.name), (a.value, b.value)]);
        }
        Some(())
    }

    fn lambda(&mut self, a: u32, b: u32) -> Option<()> {
        let (a, b) = (&self.old.lambdas[a as usize], &self.new.lambdas[b as usize]);
        self.open.push((a.body, b.body));
        match (&a.parameter, &b.parameter) {
            (Parameter::Name(a), Parameter::Name(b)) => same(a == b),
            (
                Parameter::Pattern { formals, ellipsis, whole },
                Parameter::Pattern { formals: others, ellipsis: ellipsis_b, whole: whole_b },
            ) => {
                same((ellipsis, whole) == (ellipsis_b, whole_b) && formals.len() == others.len())?;
                for (a, b) in formals.iter().zip(others) {
                    same(a.name == b.name)?;
                    match (a.default, b.default) {
                        (None, None) => {}
                        (Some(a), Some(b)) => self.open.push((a, b)),
                        _ => return None,
                    }
                }
                Some(())
            }
            _ => None,
        }
    }
}

fn same(holds: bool) -> Option<()> {
    holds.then_some(())
}
