//! What an expression stands for, by way of the variables of its file.

use std::cell::Cell;

use nixpact_syntax::{Ast, Expr, ExprId, Key, KeyName, Parameter, Part, Symbol};

/// Longer chains of variables are not followed.
const MAX_ALIASES: usize = 16;

/// A scope of the file.
#[derive(Clone, Copy)]
pub(super) enum Frame {
    /// A function; whether its arguments are those of the file.
    Lambda(u32, bool),
    /// A set whose values see each other or what they inherit from.
    Set(u32),
    With,
}

/// The scopes around an expression, the innermost one last.
#[derive(Clone, Copy)]
pub(super) struct Scopes<'s> {
    pub ast: &'s Ast,
    /// How many expressions may still be looked at to follow variables.
    pub steps: &'s Cell<u32>,
    pub frames: &'s [Frame],
}

/// A path below `config`.
pub(super) struct Resolved {
    pub path: Vec<Symbol>,
    /// A name that is not known follows.
    pub open: bool,
}

impl<'s> Scopes<'s> {
    fn step(self) -> Option<()> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        Some(())
    }

    /// The path below `config` that an expression stands for.
    pub fn resolve(self, id: ExprId) -> Option<Resolved> {
        self.path(id, MAX_ALIASES)
    }

    fn path(self, id: ExprId, fuel: usize) -> Option<Resolved> {
        self.step()?;
        let ast = self.ast;
        let (base, keys) = match ast.expr(id) {
            Expr::Local { depth, slot } => return self.variable(depth, slot, fuel),
            Expr::Select { base, path } | Expr::Has { base, path } => (base, path),
            Expr::SelectOr(at) => {
                let select = ast.defaults[at as usize];
                (select.base, select.path)
            }
            _ => return None,
        };
        let mut resolved = self.path(base, fuel.checked_sub(1)?)?;
        for key in ast.keys(keys) {
            match self.name(key).filter(|_| !resolved.open) {
                Some(name) => resolved.path.push(name),
                None => resolved.open = true,
            }
        }
        Some(resolved)
    }

    pub fn name(self, key: &Key) -> Option<Symbol> {
        match key.name {
            KeyName::Static(name) => Some(name),
            KeyName::Dynamic(id) => self.constant(id).map(|name| Symbol::new(&name)),
        }
    }

    fn variable(self, depth: u32, slot: u32, fuel: usize) -> Option<Resolved> {
        let fuel = fuel.checked_sub(1)?;
        let (frame, outer) = self.frame(depth)?;
        match frame {
            Frame::Lambda(lambda, true) => {
                let Parameter::Pattern { formals, .. } =
                    &self.ast.lambdas[lambda as usize].parameter
                else {
                    return None;
                };
                let is_config = formals.get(slot as usize)?.name.as_str() == "config";
                is_config.then(|| Resolved { path: Vec::new(), open: false })
            }
            Frame::Set(_) => {
                let (value, frames) = self.bound(frame, slot, outer)?;
                self.within(frames).path(value, fuel)
            }
            _ => None,
        }
    }

    /// A string that is written in the file, perhaps by way of variables.
    pub fn constant(self, id: ExprId) -> Option<String> {
        self.text(id, MAX_ALIASES)
    }

    fn text(self, id: ExprId, fuel: usize) -> Option<String> {
        self.step()?;
        let fuel = fuel.checked_sub(1)?;
        match self.ast.expr(id) {
            Expr::Str(text) => Some(self.ast.text(text).to_owned()),
            Expr::Template(parts) => {
                let parts = self.ast.parts[parts.indices()].iter().map(|part| match part {
                    Part::Text(text) => Some(self.ast.text(*text).to_owned()),
                    Part::Interpolated(id) => self.text(*id, fuel),
                });
                parts.collect()
            }
            Expr::Local { depth, slot } => {
                let (frame, outer) = self.frame(depth)?;
                let (value, frames) = self.bound(frame, slot, outer)?;
                self.within(frames).text(value, fuel)
            }
            _ => None,
        }
    }

    /// The last name by which a function is called.
    pub fn called(self, function: ExprId) -> &'static str {
        let ast = self.ast;
        match ast.expr(function) {
            Expr::Select { path, .. } => match ast.keys(path).last().map(|key| key.name) {
                Some(KeyName::Static(name)) => name.as_str(),
                _ => "",
            },
            Expr::Dynamic { name, .. } | Expr::Global(name) => name.as_str(),
            // `inherit (lib) mkIf;`
            Expr::Local { depth, slot } => match self.frame(depth) {
                Some((Frame::Set(set), _)) => {
                    let attribute = ast.attributes(ast.set(set)).get(slot as usize);
                    attribute.map_or("", |attribute| attribute.name.as_str())
                }
                _ => "",
            },
            _ => "",
        }
    }

    /// A scope, and how many there are around it.
    fn frame(self, depth: u32) -> Option<(Frame, usize)> {
        let outer = self.frames.len().checked_sub(depth as usize + 1)?;
        Some((self.frames[outer], outer))
    }

    /// What a slot of a set's scope is bound to, and how many scopes that sees.
    fn bound(self, frame: Frame, slot: u32, outer: usize) -> Option<(ExprId, usize)> {
        let Frame::Set(index) = frame else { return None };
        let set = self.ast.set(index);
        let slots = if set.recursive { self.ast.attributes(set) } else { &[] };
        match slots.get(slot as usize) {
            Some(attribute) if attribute.inherited => Some((attribute.value, outer)),
            Some(attribute) => Some((attribute.value, outer + 1)),
            None => {
                let from = self.ast.inherit_from(set);
                Some((*from.get(slot as usize - slots.len())?, outer + 1))
            }
        }
    }

    fn within(self, frames: usize) -> Scopes<'s> {
        Scopes { frames: &self.frames[..frames], ..self }
    }
}
