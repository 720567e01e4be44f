//! The calls that stand in a file, each in its scope, whether or not the file's value needs them.

use nixpact_source::{FileId, Span};
use nixpact_syntax::{Ast, Expr, ExprId, Parameter, Part, Range, SelectOr, Symbol};

use crate::evaluator::Evaluator;
use crate::thunk::{Env, Thunk};
use crate::unknown::Eval;
use crate::value::{Attrs, Closure, Value};

/// A call of a function.
pub struct Call<'a> {
    pub value: &'a Thunk<'a>,
    pub span: Span,
    /// The variables and attributes in whose definition it stands, the outermost first.
    pub names: Vec<Symbol>,
}

/// Longer chains of functions that give functions are not followed.
const MAX_FUNCTIONS: usize = 4;

struct Walk<'w, 'a> {
    ev: &'w Evaluator<'a>,
    ast: &'a Ast,
    names: Vec<Symbol>,
    calls: Vec<Call<'a>>,
}

impl<'a> Evaluator<'a> {
    /// The calls of a file, in the order in which they are written, without those inside of functions:
    /// their arguments are not known. Where the file itself is a function, it is given `arguments`.
    pub fn calls(&self, file: FileId, arguments: &'a Attrs<'a>) -> Vec<Call<'a>> {
        // It looks at all of the file.
        let Some(ast) = self.ast(file) else { return Vec::new() };
        let mut walk = Walk { ev: self, ast, names: Vec::new(), calls: Vec::new() };
        let file: &Env<'_> = self.arena.alloc(Env::of_file(ast));
        let mut root = (ast.root, file);
        for _ in 0..MAX_FUNCTIONS {
            let Expr::Lambda(lambda) = ast.expr(root.0) else { break };
            let closure = self.arena.alloc(Closure { ast, lambda, expr: root.0, env: root.1 });
            let argument = self.value(Value::Attrs(self.named_by(closure, arguments)));
            match self.scope_of_call(closure, argument) {
                Ok(env) => root = (closure.lambda().body, env),
                Err(_) => return Vec::new(),
            }
        }
        // What does not fit is left out.
        let _ = walk.expr(root.0, root.1, None);
        // Attributes stand in an order of their own.
        walk.calls.sort_by_key(|call| call.span);
        walk.calls
    }
}

impl<'a> Evaluator<'a> {
    /// Calls a function, which may refuse arguments that it does not name, with those of a set that it
    /// takes; anything else stays as it is.
    pub fn call_with(&self, function: Value<'a>, arguments: &'a Attrs<'a>) -> Eval<'a> {
        match function {
            Value::Lambda(closure) => {
                let argument = self.value(Value::Attrs(self.named_by(closure, arguments)));
                self.call(function, argument)
            }
            other => Ok(other),
        }
    }

    fn named_by(&self, closure: &Closure<'a>, arguments: &'a Attrs<'a>) -> &'a Attrs<'a> {
        match &closure.lambda().parameter {
            Parameter::Pattern { formals, ellipsis: false, .. } => {
                let named = formals.iter().filter_map(|formal| arguments.get(formal.name));
                self.open_attrs(named.copied().collect(), arguments.rest)
            }
            _ => arguments,
        }
    }
}

impl<'a> Walk<'_, 'a> {
    /// `bound` is the thunk of a variable that is bound to the expression.
    fn expr(&mut self, id: ExprId, env: &'a Env<'a>, bound: Option<&'a Thunk<'a>>) -> Eval<'a, ()> {
        let (ev, ast) = (self.ev, self.ast);
        match ast.expr(id) {
            Expr::Apply { function, argument } => {
                let value = bound.unwrap_or_else(|| ev.expr(ast, id, env));
                self.calls.push(Call { value, span: ast.span(id), names: self.names.clone() });
                // `f x` is no call of its own in `f x y`.
                let mut callee = function;
                while let Expr::Apply { function, argument } = ast.expr(callee) {
                    self.inside(argument, env)?;
                    callee = function;
                }
                self.inside(callee, env)?;
                self.inside(argument, env)
            }
            Expr::Let(set, body) => {
                let (scope, bound) = ev.bindings(ast, set, env);
                self.attributes(set, scope, bound)?;
                self.inside(body, scope)
            }
            Expr::Set(set) => {
                let (scope, bound) = ev.bindings(ast, set, env);
                self.attributes(set, scope, bound)
            }
            Expr::With { scope, body } => {
                self.inside(scope, env)?;
                self.inside(body, ev.with(ast, scope, env))
            }
            Expr::List(items) => self.all(&ast.ids[items.indices()], env),
            Expr::Template(parts) | Expr::PathTemplate(parts) => self.parts(parts, env),
            Expr::Select { base, .. } | Expr::Has { base, .. } => self.inside(base, env),
            Expr::SelectOr(at) => {
                let SelectOr { base, default, .. } = ast.defaults[at as usize];
                self.all(&[base, default], env)
            }
            Expr::If { condition, then, otherwise } => self.all(&[condition, then, otherwise], env),
            Expr::Assert { condition, body } => self.all(&[condition, body], env),
            Expr::Binary { left, right, .. } => self.all(&[left, right], env),
            Expr::Not(operand) | Expr::Negate(operand) => self.inside(operand, env),
            _ => Ok(()),
        }
    }

    fn inside(&mut self, id: ExprId, env: &'a Env<'a>) -> Eval<'a, ()> {
        self.ev.nested(|| self.expr(id, env, None))
    }

    fn all(&mut self, ids: &[ExprId], env: &'a Env<'a>) -> Eval<'a, ()> {
        ids.iter().try_for_each(|id| self.inside(*id, env))
    }

    fn parts(&mut self, parts: Range, env: &'a Env<'a>) -> Eval<'a, ()> {
        for part in &self.ast.parts[parts.indices()] {
            if let Part::Interpolated(expr) = part {
                self.inside(*expr, env)?;
            }
        }
        Ok(())
    }

    fn attributes(
        &mut self,
        set: u32,
        scope: &'a Env<'a>,
        bound: &'a [&'a Thunk<'a>],
    ) -> Eval<'a, ()> {
        let ast = self.ast;
        let literal = ast.set(set);
        let attributes = ast.attributes(literal).iter().zip(bound);
        for (attribute, bound) in attributes.filter(|(attribute, _)| !attribute.inherited) {
            self.names.push(attribute.name);
            let result = self.ev.nested(|| self.expr(attribute.value, scope, Some(bound)));
            self.names.pop();
            result?;
        }
        ast.dynamic(literal).iter().try_for_each(|dynamic| self.inside(dynamic.value, scope))
    }
}
