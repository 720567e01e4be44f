//! What stands behind assertions of which it is not known whether they hold.

use nixpact_syntax::{Expr, ExprId};

use crate::evaluator::Evaluator;
use crate::origin::Next;
use crate::thunk::{Code, Env, Thunk};
use crate::unknown::{Eval, Reason, Stop, Unknown};
use crate::value::{Attrs, Partial, Value};

/// Longer ways to an assertion are not followed.
const MAX_STEPS: usize = 64;

/// Functions that give their last argument unless they fail, with that of the first.
const SEQ: [&str; 2] = ["deepSeq", "seq"];
/// Functions that give one that gives its argument unless their first says otherwise.
const THROW_IF: [&str; 2] = ["throwIf", "throwIfNot"];
/// Functions that give nothing.
const THROW: [&str; 2] = ["abort", "throw"];

/// What comes behind something on the way to a value.
enum Behind<'a> {
    /// It was known all the time.
    Known(Next<'a>),
    /// It was not known whether Nix gets there.
    Guarded(&'a Thunk<'a>),
    Nothing,
}

impl<'a> Evaluator<'a> {
    /// The value of a thunk where Nix is taken to get past what stands before it and is not known: an assertion, the
    /// condition of an `if` with `throw` in its other branch, what `seq` computes.
    ///
    /// The thunk's own value stays unknown: `tryEval` may ask whether an assertion holds.
    pub fn accepted(&self, thunk: &'a Thunk<'a>) -> Eval<'a> {
        let (mut thunk, mut value) = (thunk, self.force(thunk));
        // What stands behind an assertion may be the same once more.
        for _ in 0..MAX_STEPS {
            let Err(Stop::Unknown(_)) = value else { break };
            let Some(next) = self.behind_guard(thunk) else { break };
            (thunk, value) = (next, self.force(next));
        }
        value
    }

    /// The same, of a set.
    pub fn accepted_attrs(&self, thunk: &'a Thunk<'a>) -> Eval<'a, &'a Attrs<'a>> {
        match self.as_part(self.accepted(thunk))? {
            Value::Attrs(attrs) => Ok(attrs),
            other => self.type_error(other, "a set"),
        }
    }

    /// What stands behind the first assertion on the way to a value that is not known.
    fn behind_guard(&self, thunk: &'a Thunk<'a>) -> Option<&'a Thunk<'a>> {
        let mut at = Next::Thunk(thunk);
        for _ in 0..MAX_STEPS {
            let behind = match at {
                Next::Thunk(thunk) => match thunk.code {
                    Code::Expr(expr, env) => Behind::Known(Next::Expr(expr, env)),
                    Code::Native(native) => Behind::Known(Next::Thunk(native.origin.get()?)),
                    Code::Apply(call) => match call.arguments {
                        [argument] => self.behind_call(self.force(call.function), argument),
                        _ => Behind::Nothing,
                    },
                    Code::Value => Behind::Nothing,
                },
                Next::Expr(expr, env) => self.behind(expr, env),
                Next::Stop => Behind::Nothing,
            };
            at = match behind {
                Behind::Known(next) => next,
                Behind::Guarded(thunk) => return Some(thunk),
                Behind::Nothing => return None,
            };
        }
        None
    }

    fn behind(&self, expr: ExprId, env: &'a Env<'a>) -> Behind<'a> {
        let ast = env.ast;
        self.see(ast, expr);
        match ast.expr(expr) {
            Expr::Assert { condition, body } => match self.eval_bool(ast, condition, env) {
                Ok(true) => Behind::Known(Next::Expr(body, env)),
                Ok(false) => Behind::Nothing,
                Err(stop) => passed(stop, self.expr(ast, body, env)),
            },
            Expr::If { condition, then, otherwise } => {
                let Err(stop) = self.eval_bool(ast, condition, env) else {
                    return Behind::Known(self.step(ast, expr, env));
                };
                match [then, otherwise].map(|branch| self.is_throw(branch, env)) {
                    [true, false] => passed(stop, self.expr(ast, otherwise, env)),
                    [false, true] => passed(stop, self.expr(ast, then, env)),
                    _ => Behind::Nothing,
                }
            }
            Expr::Apply { function, argument } => {
                let argument = self.expr(ast, argument, env);
                match self.eval(ast, function, env) {
                    Err(_) => self.behind_throw_if(function, env, argument),
                    function => self.behind_call(function, argument),
                }
            }
            _ => Behind::Known(self.step(ast, expr, env)),
        }
    }

    fn behind_call(&self, function: Eval<'a>, argument: &'a Thunk<'a>) -> Behind<'a> {
        match function {
            Ok(Value::Lambda(closure)) => match self.scope_of_call(closure, argument) {
                Ok(env) => Behind::Known(Next::Expr(closure.lambda().body, env)),
                Err(_) => Behind::Nothing,
            },
            Ok(Value::Builtin(Partial { builtin, arguments: [_] }))
                if SEQ.contains(&builtin.name) =>
            {
                match function.and_then(|it| self.call(it, self.value(Value::Null))) {
                    Ok(_) => Behind::Known(Next::Thunk(argument)),
                    Err(stop) => passed(stop, argument),
                }
            }
            _ => Behind::Nothing,
        }
    }

    /// What is behind `throwIf condition message`.
    fn behind_throw_if(
        &self,
        function: ExprId,
        env: &'a Env<'a>,
        argument: &'a Thunk<'a>,
    ) -> Behind<'a> {
        let ast = env.ast;
        let Expr::Apply { function, .. } = ast.expr(function) else { return Behind::Nothing };
        match self.eval(ast, function, env) {
            Ok(Value::Builtin(Partial { builtin, arguments: [condition] }))
                if THROW_IF.contains(&builtin.name) =>
            {
                match self.force_bool(condition) {
                    Ok(_) => Behind::Nothing,
                    Err(stop) => passed(stop, argument),
                }
            }
            _ => Behind::Nothing,
        }
    }

    fn is_throw(&self, expr: ExprId, env: &'a Env<'a>) -> bool {
        self.see(env.ast, expr);
        let Expr::Apply { function, .. } = env.ast.expr(expr) else { return false };
        matches!(self.eval(env.ast, function, env), Ok(Value::Builtin(partial))
            if THROW.contains(&partial.builtin.name))
    }
}

/// What is behind something that is not known, unless Nix may well stop there.
fn passed<'a>(stop: Stop<'a>, behind: &'a Thunk<'a>) -> Behind<'a> {
    // To ask for the configuration while the modules are being found leads nowhere.
    let leads_on = |unknown: &Unknown<'a>| {
        !unknown.may_fail() && unknown.chain().all(|it| it.reason != Reason::Imports)
    };
    match stop {
        Stop::Unknown(unknown) if leads_on(unknown) => Behind::Guarded(behind),
        _ => Behind::Nothing,
    }
}
