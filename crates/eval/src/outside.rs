//! Whether something unknown is a thing from outside itself, or what a decision about it left open.

use nixpact_source::FileId;
use nixpact_syntax::{Ast, Expr, ExprId, Key, KeyName, Operator, Part, SelectOr, Symbol};

use crate::evaluator::Evaluator;
use crate::nixlib::prelude;
use crate::origin::Next;
use crate::thunk::{Code, Env, Thunk};
use crate::unknown::Stop;
use crate::value::Value;

/// Longer ways are not followed.
const MAX_STEPS: usize = 64;

impl<'a> Evaluator<'a> {
    /// The file in which a function stands, or what is written out of a set: one of the repository, if a
    /// part of the set is written there. What nixpact's own `lib` makes has none.
    pub fn home(&self, value: Value<'a>) -> Option<FileId> {
        let home = match value {
            Value::Lambda(closure) => Some(closure.ast.file),
            Value::Attrs(attrs) => {
                let files = attrs.unordered().iter().filter_map(|attr| match attr.value.code {
                    Code::Expr(_, env) => Some(env.ast.file),
                    Code::Value | Code::Native(_) | Code::Apply(_) => None,
                });
                // Those of the repository come first.
                files.min()
            }
            _ => None,
        };
        home.filter(|file| *file != prelude::FILE)
    }

    /// Whether all that is not known of a value is, as it is written, something from outside of the
    /// repository: selected from it, a path below it, or what a function from there gives.
    ///
    /// It does not hold for what an unknown condition, or a function of Nix or of `lib`, chose among
    /// values of the repository.
    pub fn is_from_outside(&self, thunk: &'a Thunk<'a>) -> bool {
        self.thunk_from_outside(thunk, MAX_STEPS)
    }

    fn thunk_from_outside(&self, thunk: &'a Thunk<'a>, steps: usize) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        match thunk.code {
            Code::Value => true,
            Code::Native(native) => match native.origin.get() {
                Some(origin) => self.thunk_from_outside(origin, steps),
                // An argument of the module, or an option.
                None => native.by.is_from_outside(),
            },
            Code::Apply(call) => match self.force(call.function) {
                Ok(function) => self.call_from_outside(function, call.arguments, steps),
                Err(_) => self.thunk_from_outside(call.function, steps),
            },
            Code::Expr(expr, env) => self.expr_from_outside(env.ast, expr, env, steps),
        }
    }

    fn expr_from_outside(
        &self,
        ast: &'a Ast,
        expr: ExprId,
        env: &'a Env<'a>,
        steps: usize,
    ) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        self.see(ast, expr);
        let part = |expr| self.expr_from_outside(ast, expr, env, steps);
        if let Expr::Select { base, .. } = ast.expr(expr) {
            self.see(ast, base);
        }
        match ast.expr(expr) {
            Expr::Assert { condition, .. } if self.eval_bool(ast, condition, env).is_err() => {
                return false;
            }
            // What a function of `lib` gives, `(lib.partition …).right`, it has decided about.
            Expr::Select { base, .. }
                if matches!(ast.expr(base), Expr::Apply { function, .. }
                    if self.eval(ast, function, env).is_ok()) =>
            {
                return part(base);
            }
            _ => {}
        }
        if let Some(is_from_outside) = self.selected_from_outside(ast, expr, env, steps) {
            return is_from_outside;
        }
        match self.step(ast, expr, env) {
            Next::Expr(inner, scope) => return self.expr_from_outside(ast, inner, scope, steps),
            Next::Thunk(next) => return self.thunk_from_outside(next, steps),
            Next::Stop => {}
        }
        match ast.expr(expr) {
            Expr::Select { base, path } => match self.eval(ast, base, env) {
                Err(_) => part(base),
                // A name that is not known chooses among the attributes.
                Ok(_) => ast.keys(path).iter().all(|key| match key.name {
                    KeyName::Static(_) => true,
                    KeyName::Dynamic(name) => self.eval(ast, name, env).is_ok(),
                }),
            },
            Expr::SelectOr(at) => part(ast.defaults[at as usize].base),
            Expr::Apply { function, argument } => match self.eval(ast, function, env) {
                Ok(function) => {
                    self.call_from_outside(function, &[self.expr(ast, argument, env)], steps)
                }
                Err(_) => part(function),
            },
            // Its condition is not known: else it would have been followed.
            Expr::If { then, otherwise, .. } => [then, otherwise]
                .into_iter()
                .all(|branch| self.nothing_inside(self.expr(ast, branch, env), steps)),
            Expr::List(_) => self.rest_from_outside(self.expr(ast, expr, env), steps),
            Expr::Binary { operator: Operator::Add, left, .. } => {
                self.text_from_outside(self.expr(ast, left, env), steps)
            }
            Expr::Binary { operator: Operator::Concat, left, right } => {
                [left, right].into_iter().all(|side| match self.eval(ast, side, env) {
                    Ok(Value::List(list)) if list.rest.is_some() => part(side),
                    Ok(_) => true,
                    Err(_) => part(side),
                })
            }
            Expr::Template(parts) | Expr::PathTemplate(parts) => {
                match ast.parts[parts.indices()].first() {
                    Some(Part::Interpolated(first)) => {
                        self.text_from_outside(self.expr(ast, *first, env), steps)
                    }
                    _ => false,
                }
            }
            Expr::Local { .. } | Expr::Dynamic { .. } | Expr::Global(_) | Expr::SearchPath(_) => {
                true
            }
            _ => false,
        }
    }

    /// The same for the text of a value, which a set may have.
    fn text_from_outside(&self, thunk: &'a Thunk<'a>, steps: usize) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        let text = match self.force(thunk) {
            Ok(Value::Attrs(attrs)) => attrs.get(Symbol::new("outPath")).map(|attr| attr.value),
            _ => None,
        };
        self.thunk_from_outside(text.unwrap_or(thunk), steps)
    }

    /// The same for what is selected from something that is not known, or not in whole.
    fn selected_from_outside(
        &self,
        ast: &'a Ast,
        expr: ExprId,
        env: &'a Env<'a>,
        steps: usize,
    ) -> Option<bool> {
        let (base, path) = match ast.expr(expr) {
            Expr::Select { base, path } => (base, path),
            Expr::SelectOr(at) => {
                let SelectOr { base, path, .. } = ast.defaults[at as usize];
                (base, path)
            }
            Expr::Dynamic { name, depth } => {
                let found = self.dynamic(name, depth, env);
                let is_written = found.is_ok_and(|it| !matches!(it.code, Code::Value));
                let scope = self.unknown_scope(name, depth, env).filter(|_| !is_written)?;
                return Some(self.thunk_from_outside(scope, steps));
            }
            _ => return None,
        };
        self.path_from_outside(self.expr(ast, base, env), ast.keys(path), steps)
    }

    /// Whether what `keys` lead to is from outside of the repository, where one of the sets on the way does not
    /// tell, or not for sure, whether it has the attribute.
    fn path_from_outside(
        &self,
        mut from: &'a Thunk<'a>,
        mut keys: &[Key],
        steps: usize,
    ) -> Option<bool> {
        while let Some((Key { name: KeyName::Static(name), .. }, others)) = keys.split_first() {
            match self.force(from) {
                Ok(Value::Attrs(attrs)) => match (attrs.get(*name), attrs.rest) {
                    (Some(attr), _) => from = attr.value,
                    (None, Some(_)) => return Some(self.thunk_from_outside(from, steps)),
                    (None, None) => return None,
                },
                Err(Stop::Unknown(_)) => {
                    let steps = steps.checked_sub(1)?;
                    return Some(match self.branches(from) {
                        Some(branches) => branches.into_iter().all(|branch| {
                            let is_outside = self.path_from_outside(branch, keys, steps);
                            is_outside.unwrap_or_else(|| self.nothing_at(branch, keys, steps))
                        }),
                        None => self.thunk_from_outside(from, steps),
                    });
                }
                Ok(_) | Err(Stop::Error(_)) => return None,
            }
            keys = others;
        }
        None
    }

    /// Whether no value of the repository stands where `keys` lead to.
    fn nothing_at(&self, mut from: &'a Thunk<'a>, keys: &[Key], steps: usize) -> bool {
        for key in keys {
            let KeyName::Static(name) = key.name else { return false };
            match self.force(from) {
                Ok(Value::Attrs(attrs)) => match attrs.get(name) {
                    Some(attr) => from = attr.value,
                    // It is an error, and no module.
                    None => return true,
                },
                // Nor is this.
                Ok(_) | Err(Stop::Error(_)) => return true,
                Err(Stop::Unknown(_)) => return false,
            }
        }
        self.nothing_inside(from, steps)
    }

    /// Whether what is not known of a list, and of those inside of it, is from outside of the repository.
    fn rest_from_outside(&self, thunk: &'a Thunk<'a>, steps: usize) -> bool {
        self.members_from_outside(thunk, true, steps)
    }

    /// Whether a value is from outside of the repository, or a list of nothing else.
    fn nothing_inside(&self, thunk: &'a Thunk<'a>, steps: usize) -> bool {
        self.members_from_outside(thunk, false, steps)
    }

    /// `may_be_known` says whether others that are known may be among them.
    fn members_from_outside(&self, thunk: &'a Thunk<'a>, may_be_known: bool, steps: usize) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        match self.force(thunk) {
            Ok(Value::List(list)) => {
                let mut items = list.items.iter();
                (list.rest.is_none() || self.thunk_from_outside(thunk, steps))
                    && items.all(|item| self.members_from_outside(item, may_be_known, steps))
            }
            Ok(_) => may_be_known,
            Err(_) => self.thunk_from_outside(thunk, steps),
        }
    }

    /// What a call gives: the body of a function in its scope, or what a few built-in ones take over from
    /// their arguments.
    fn call_from_outside(
        &self,
        function: Value<'a>,
        arguments: &[&'a Thunk<'a>],
        steps: usize,
    ) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        let Some((argument, others)) = arguments.split_first() else { return false };
        match function {
            Value::Lambda(closure) => {
                let Ok(env) = self.scope_of_call(closure, argument) else { return false };
                let (ast, body) = (closure.ast, closure.lambda().body);
                match others {
                    [] => self.expr_from_outside(ast, body, env, steps),
                    _ => match self.eval(ast, body, env) {
                        Ok(function) => self.call_from_outside(function, others, steps),
                        Err(_) => self.expr_from_outside(ast, body, env, steps),
                    },
                }
            }
            Value::Builtin(partial) => {
                let arguments = [partial.arguments, arguments].concat();
                match (partial.builtin.name, &arguments[..]) {
                    ("import" | "toString", [path]) => self.text_from_outside(path, steps),
                    ("callPackage", _) => true,
                    ("concatLists" | "flatten" | "unique", [list]) => {
                        self.rest_from_outside(list, steps)
                    }
                    ("optional" | "optionals", [condition, chosen]) => {
                        match self.force_bool(condition) {
                            Ok(_) => self.rest_from_outside(chosen, steps),
                            Err(_) => self.nothing_inside(chosen, steps),
                        }
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }
}
