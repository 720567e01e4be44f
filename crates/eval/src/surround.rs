//! Whether a string is another one, whatever that is, with the same text around it.

use nixpact_syntax::{Ast, Expr, ExprId, Operator, Part};

use crate::evaluator::Evaluator;
use crate::origin::Next;
use crate::thunk::{Code, Env, Thunk};

/// Longer ways are not followed.
const MAX_STEPS: usize = 32;

impl<'a> Evaluator<'a> {
    /// Whether `thunk` is written as `inner` with known text before and after it, or as `inner` itself. So
    /// what is made of two strings that differ differs as well.
    pub(crate) fn surrounds(&self, thunk: &'a Thunk<'a>, inner: &'a Thunk<'a>) -> bool {
        self.thunk_surrounds(thunk, inner, MAX_STEPS)
    }

    fn thunk_surrounds(&self, thunk: &'a Thunk<'a>, inner: &'a Thunk<'a>, steps: usize) -> bool {
        if std::ptr::eq(thunk, inner) {
            return true;
        }
        match (thunk.code, steps.checked_sub(1)) {
            (Code::Expr(expr, env), Some(steps)) => {
                self.expr_surrounds(env.ast, expr, env, inner, steps)
            }
            _ => false,
        }
    }

    fn expr_surrounds(
        &self,
        ast: &'a Ast,
        expr: ExprId,
        env: &'a Env<'a>,
        inner: &'a Thunk<'a>,
        steps: usize,
    ) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        let surrounds = |expr| self.expr_surrounds(ast, expr, env, inner, steps);
        let is_text = |expr| self.force_str(self.expr(ast, expr, env)).is_ok();
        match self.step(ast, expr, env) {
            Next::Expr(next, scope) => return self.expr_surrounds(ast, next, scope, inner, steps),
            Next::Thunk(next) => return self.thunk_surrounds(next, inner, steps),
            Next::Stop => {}
        }
        match ast.expr(expr) {
            Expr::Template(parts) => {
                let mut found = 0;
                ast.parts[parts.indices()].iter().all(|part| match part {
                    Part::Text(_) => true,
                    Part::Interpolated(expr) if is_text(*expr) => true,
                    Part::Interpolated(expr) => {
                        found += 1;
                        surrounds(*expr)
                    }
                }) && found == 1
            }
            Expr::Binary { operator: Operator::Add, left, right } => {
                (is_text(left) && surrounds(right)) || (surrounds(left) && is_text(right))
            }
            _ => false,
        }
    }
}
