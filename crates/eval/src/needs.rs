//! Values that surely need themselves: what Nix has to compute before it has a value, whatever comes of
//! it, followed until it comes back.
//!
//! Forcing alone does not tell: where functions of Rust stand on the way, what they ask for may be more
//! than Nix asks for. Here only steps count that Nix takes, too.

use nixpact_source::Span;
use nixpact_syntax::{Ast, Expr, ExprId, Operator, Part, Range};
use rustc_hash::FxHashSet;

use crate::evaluator::Evaluator;
use crate::thunk::{Code, Env, Thunk};
use crate::value::Value;

/// One value on the way from a value back to itself.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    pub value: &'a Thunk<'a>,
    /// Where the one before it asks for it.
    pub span: Option<Span>,
}

/// Longer ways are not followed.
const MAX_STEPS: usize = 256;
/// In all, no more values are looked at.
const MAX_VALUES: usize = 10_000;
/// Expressions inside of each other.
const MAX_DEPTH: usize = 64;

impl<'a> Evaluator<'a> {
    /// A way from a value, or from one that it needs, back to itself: each step needs the next one, and
    /// the last one the first.
    pub fn cycle(&self, value: &'a Thunk<'a>) -> Option<Vec<Step<'a>>> {
        let mut walk = Walk { ev: self, path: Vec::new(), seen: FxHashSet::default() };
        walk.follow(Step { value, span: None })
    }
}

struct Walk<'w, 'a> {
    ev: &'w Evaluator<'a>,
    path: Vec<Step<'a>>,
    seen: FxHashSet<*const Thunk<'a>>,
}

impl<'a> Walk<'_, 'a> {
    fn follow(&mut self, step: Step<'a>) -> Option<Vec<Step<'a>>> {
        if is_known(step.value) || self.path.len() >= MAX_STEPS {
            return None;
        }
        if let Some(at) = self.path.iter().position(|it| std::ptr::eq(it.value, step.value)) {
            let mut cycle = self.path.split_off(at);
            // Asked for from within, not as what began it.
            if let Some(first) = cycle.first_mut() {
                first.span = step.span;
            }
            return Some(cycle);
        }
        if self.seen.len() >= MAX_VALUES || !self.seen.insert(std::ptr::from_ref(step.value)) {
            return None;
        }
        self.path.push(step);
        let mut needs = Vec::new();
        match step.value.code {
            Code::Expr(expr, env) if env.ast.file != crate::nixlib::prelude::FILE => {
                self.expr(env.ast, expr, env, MAX_DEPTH, &mut needs);
            }
            Code::Native(native) => {
                let values = native.by.needs(self.ev);
                needs.extend(values.into_iter().map(|value| Step { value, span: None }));
            }
            _ => {}
        }
        let found = needs.into_iter().find_map(|need| self.follow(need));
        self.path.truncate(self.path.len().saturating_sub(usize::from(found.is_none())));
        found
    }

    /// Adds what the value of an expression surely needs.
    fn expr(
        &self,
        ast: &'a Ast,
        expr: ExprId,
        env: &'a Env<'a>,
        depth: usize,
        out: &mut Vec<Step<'a>>,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let ev = self.ev;
        let mut inside = |expr, env| self.expr(ast, expr, env, depth, out);
        match ast.expr(expr) {
            Expr::Local { depth, slot } => {
                let value = env.local(depth, slot);
                out.extend(value.map(|value| Step { value, span: Some(ast.span(expr)) }));
            }
            Expr::Dynamic { name, depth } => {
                let value = ev.dynamic(name, depth, env).ok();
                out.extend(value.map(|value| Step { value, span: Some(ast.span(expr)) }));
            }
            Expr::Select { base, path } => self.selection(ast, (base, path), expr, env, depth, out),
            Expr::SelectOr(at) => {
                let it = ast.defaults[at as usize];
                self.selection(ast, (it.base, it.path), expr, env, depth, out);
            }
            Expr::Has { base, .. } => inside(base, env),
            Expr::Apply { function, .. } => inside(function, env),
            Expr::If { condition, then, otherwise } => {
                inside(condition, env);
                match ev.eval_bool(ast, condition, env) {
                    Ok(true) => inside(then, env),
                    Ok(false) => inside(otherwise, env),
                    Err(_) => {}
                }
            }
            Expr::Assert { condition, .. } => inside(condition, env),
            Expr::Let(set, body) => inside(body, ev.bindings(ast, set, env).0),
            Expr::With { scope, body } => inside(body, ev.with(ast, scope, env)),
            Expr::Not(operand) | Expr::Negate(operand) => inside(operand, env),
            Expr::Binary { operator, left, right } => {
                inside(left, env);
                if needs_right(operator) {
                    inside(right, env);
                }
            }
            Expr::Template(parts) => {
                for part in &ast.parts[parts.indices()] {
                    if let Part::Interpolated(inner) = part {
                        inside(*inner, env);
                    }
                }
            }
            _ => {}
        }
    }

    fn selection(
        &self,
        ast: &'a Ast,
        (base, path): (ExprId, Range),
        whole: ExprId,
        env: &'a Env<'a>,
        depth: usize,
        out: &mut Vec<Step<'a>>,
    ) {
        self.expr(ast, base, env, depth, out);
        // Each set on the way is needed, too.
        for end in path.start + 1..=path.end {
            let Ok(Ok(value)) = self.ev.select_path(ast, base, Range { end, ..path }, env) else {
                return;
            };
            out.push(Step { value, span: Some(ast.span(whole)) });
        }
    }
}

/// Whether there is nothing left to ask: a string may be known in part, and an option's set or list where
/// its definitions are not.
fn is_known(value: &Thunk<'_>) -> bool {
    match value.peek() {
        None | Some(Err(_) | Ok(Value::Template(_))) => false,
        Some(Ok(Value::Attrs(_) | Value::List(_))) => value.label().is_none(),
        Some(Ok(_)) => true,
    }
}

/// Whether an operator needs its right side whatever the left one is, unless that fails.
fn needs_right(operator: Operator) -> bool {
    !matches!(
        operator,
        Operator::And
            | Operator::Or
            | Operator::Implication
            | Operator::PipeLeft
            | Operator::PipeRight
    )
}

impl<'a> Thunk<'a> {
    /// What the value is called, where it has a name of its own, as an option has.
    pub fn label(&self) -> Option<String> {
        match self.code {
            Code::Native(native) => native.by.label(),
            _ => None,
        }
    }
}
