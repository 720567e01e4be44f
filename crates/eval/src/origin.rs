//! Where a value was written.

use nixpact_source::Span;
use nixpact_syntax::{Ast, Expr, ExprId, KeyName, Operator, Range, SelectOr};

use crate::evaluator::Evaluator;
use crate::thunk::{Code, Env, Thunk};
use crate::value::Value;

/// The place of a value's text, and the names through which it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Where the value itself is written: `8080`, not the variable that stands for it.
    pub span: Option<Span>,
    /// The uses passed on the way there, the outermost first.
    pub through: Vec<Span>,
}

/// Longer chains are not followed; nobody would read them.
const MAX_STEPS: usize = 64;

/// The place of an expression, unless it belongs to no file of the repository.
fn place(ast: &Ast, expr: ExprId) -> Option<Span> {
    (!ast.file.is_outside()).then(|| ast.span(expr))
}

pub(crate) enum Next<'a> {
    Thunk(&'a Thunk<'a>),
    Expr(ExprId, &'a Env<'a>),
    Stop,
}

impl<'a> Evaluator<'a> {
    /// Follows variables, selections, conditions and `let` bodies to where the value is written.
    ///
    /// It computes nothing that the value itself did not need.
    pub fn origin(&self, thunk: &'a Thunk<'a>) -> Origin {
        let mut origin = Origin::default();
        let mut current = thunk;
        for _ in 0..MAX_STEPS {
            match current.code {
                Code::Value => break,
                Code::Native(native) => match native.origin.get() {
                    Some(source) => current = source,
                    None => break,
                },
                Code::Apply(call) => {
                    // `map f xs` made this: the body of `f` is where its shape is written.
                    origin.span = match self.force(call.function) {
                        Ok(Value::Lambda(closure)) => place(closure.ast, closure.lambda().body),
                        _ => call.arguments.last().and_then(|last| self.origin(last).span),
                    };
                    break;
                }
                Code::Expr(expr, env) => match self.follow(env.ast, expr, env, &mut origin) {
                    Some(next) => current = next,
                    None => break,
                },
            }
        }
        origin
    }

    /// The two possible values of a thunk that is an `if`, or a call of `lib.optionalAttrs`, whose
    /// condition is unknown.
    pub fn branches(&self, thunk: &'a Thunk<'a>) -> Option<[&'a Thunk<'a>; 2]> {
        let (expr, env) = self.followed(thunk)?;
        let ast = env.ast;
        match ast.expr(expr) {
            Expr::If { then, otherwise, .. } => {
                Some([then, otherwise].map(|branch| self.expr(ast, branch, env)))
            }
            Expr::Apply { function, argument } => match self.eval(ast, function, env) {
                Ok(Value::Builtin(partial)) if partial.builtin.name == "optionalAttrs" => {
                    let nothing = self.value(Value::Attrs(self.attrs(Vec::new())));
                    Some([self.expr(ast, argument, env), nothing])
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The two sides of a thunk that is `left // right`.
    pub fn updated(&self, thunk: &'a Thunk<'a>) -> Option<[&'a Thunk<'a>; 2]> {
        let (expr, env) = self.followed(thunk)?;
        match env.ast.expr(expr) {
            Expr::Binary { operator: Operator::Update, left, right } => {
                Some([left, right].map(|side| self.expr(env.ast, side, env)))
            }
            _ => None,
        }
    }

    /// Whether the value is a set as it is written, and not one that a function made.
    pub(crate) fn is_set_literal(&self, thunk: &'a Thunk<'a>) -> bool {
        let found = self.followed(thunk);
        found.is_some_and(|(expr, env)| matches!(env.ast.expr(expr), Expr::Set(_)))
    }

    /// The expression that variables, selections, conditions and `let` bodies lead to.
    fn followed(&self, thunk: &'a Thunk<'a>) -> Option<(ExprId, &'a Env<'a>)> {
        let Code::Expr(mut expr, mut env) = thunk.code else { return None };
        for _ in 0..MAX_STEPS {
            (expr, env) = match self.step(env.ast, expr, env) {
                Next::Expr(inner, scope) => (inner, scope),
                Next::Thunk(next) => match next.code {
                    Code::Expr(inner, scope) => (inner, scope),
                    _ => return None,
                },
                Next::Stop => return Some((expr, env)),
            };
        }
        None
    }

    /// Where the text of a thunk's expression stands, without following it.
    pub fn written(&self, thunk: &'a Thunk<'a>) -> Option<Span> {
        match thunk.code {
            Code::Expr(expr, env) => {
                self.see(env.ast, expr);
                place(env.ast, expr)
            }
            Code::Native(native) => self.written(native.origin.get()?),
            Code::Apply(_) | Code::Value => None,
        }
    }

    fn follow(
        &self,
        ast: &'a Ast,
        mut expr: ExprId,
        mut env: &'a Env<'a>,
        origin: &mut Origin,
    ) -> Option<&'a Thunk<'a>> {
        for _ in 0..MAX_STEPS {
            let here = place(ast, expr);
            match self.step(ast, expr, env) {
                Next::Expr(inner, scope) => (expr, env) = (inner, scope),
                Next::Thunk(next) => {
                    // `inherit x` in a set is written as one name.
                    if origin.through.last() != here.as_ref() {
                        origin.through.extend(here);
                    }
                    origin.span = here.or(origin.span);
                    return Some(next);
                }
                Next::Stop => {
                    origin.span = here.or(origin.span);
                    return None;
                }
            }
        }
        None
    }

    /// What a selection leads to, or `otherwise` where there is no such attribute.
    fn selected(
        &self,
        ast: &'a Ast,
        base: ExprId,
        path: Range,
        env: &'a Env<'a>,
        otherwise: Next<'a>,
    ) -> Next<'a> {
        let is_static = ast.keys(path).iter().all(|key| matches!(key.name, KeyName::Static(_)));
        match self.select_path(ast, base, path, env) {
            Ok(Ok(thunk)) if is_static => Next::Thunk(thunk),
            Ok(Err(_)) => otherwise,
            _ => Next::Stop,
        }
    }

    pub(crate) fn step(&self, ast: &'a Ast, expr: ExprId, env: &'a Env<'a>) -> Next<'a> {
        self.see(ast, expr);
        match ast.expr(expr) {
            Expr::Local { depth, slot } => env.local(depth, slot).map_or(Next::Stop, Next::Thunk),
            Expr::Dynamic { name, depth } => {
                self.dynamic(name, depth, env).map_or(Next::Stop, Next::Thunk)
            }
            Expr::Select { base, path } => self.selected(ast, base, path, env, Next::Stop),
            Expr::SelectOr(at) => {
                let SelectOr { base, path, default } = ast.defaults[at as usize];
                self.selected(ast, base, path, env, Next::Expr(default, env))
            }
            Expr::If { condition, then, otherwise } => match self.eval_bool(ast, condition, env) {
                Ok(true) => Next::Expr(then, env),
                Ok(false) => Next::Expr(otherwise, env),
                Err(_) => Next::Stop,
            },
            Expr::Let(set, body) => Next::Expr(body, self.bindings(ast, set, env).0),
            Expr::With { scope, body } => Next::Expr(body, self.with(ast, scope, env)),
            Expr::Assert { body, .. } => Next::Expr(body, env),
            _ => Next::Stop,
        }
    }
}
