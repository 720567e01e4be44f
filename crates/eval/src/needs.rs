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
use crate::unknown::{Reason, Stop, Unknown};
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
        Walk::new(self, Goal::Cycle).follow(Step { value, span: None })
    }

    /// Where a value surely asks for the configuration while the modules are being found that make it.
    pub fn asks_while_importing(&self, value: &'a Thunk<'a>) -> Option<Span> {
        let way = Walk::new(self, Goal::Imports).follow(Step { value, span: None })?;
        way.iter().rev().find_map(|step| step.span)
    }

    /// The same for what a function gives.
    pub fn call_asks_while_importing(
        &self,
        function: Value<'a>,
        argument: &'a Thunk<'a>,
    ) -> Option<Span> {
        self.asks_while_importing(self.apply(self.value(function), &[argument]))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// A value on the way.
    Cycle,
    /// A value that is unknown for [`Reason::Imports`] alone.
    Imports,
}

struct Walk<'w, 'a> {
    ev: &'w Evaluator<'a>,
    goal: Goal,
    path: Vec<Step<'a>>,
    seen: FxHashSet<*const Thunk<'a>>,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn new(ev: &'w Evaluator<'a>, goal: Goal) -> Walk<'w, 'a> {
        Walk { ev, goal, path: Vec::new(), seen: FxHashSet::default() }
    }

    fn follow(&mut self, step: Step<'a>) -> Option<Vec<Step<'a>>> {
        if is_known(step.value) || self.path.len() >= MAX_STEPS {
            return None;
        }
        if self.goal == Goal::Imports && is_importing(step.value) {
            self.path.push(step);
            return Some(std::mem::take(&mut self.path));
        }
        let known = self.path.iter().position(|it| std::ptr::eq(it.value, step.value));
        if let Some(at) = known.filter(|_| self.goal == Goal::Cycle) {
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
            Code::Expr(expr, env) if !env.ast.file.is_outside() => {
                self.expr(env.ast, expr, env, MAX_DEPTH, &mut needs);
            }
            Code::Native(native) => {
                let values = native.by.needs(self.ev);
                needs.extend(values.into_iter().map(|value| Step { value, span: None }));
            }
            Code::Apply(call) => {
                if let (Ok(function), [argument]) = (self.ev.force(call.function), call.arguments) {
                    self.call(function, &[*argument], MAX_DEPTH, &mut needs);
                }
            }
            Code::Expr(..) | Code::Value => {}
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
        ev.see(ast, expr);
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
            Expr::Apply { .. } => self.application(ast, expr, env, depth, out),
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

    /// What a call needs: the function, and what it surely asks for.
    fn application(
        &self,
        ast: &'a Ast,
        mut function: ExprId,
        env: &'a Env<'a>,
        depth: usize,
        out: &mut Vec<Step<'a>>,
    ) {
        let mut arguments = Vec::new();
        while let Expr::Apply { function: inner, argument } = ast.expr(function) {
            arguments.push(argument);
            function = inner;
            self.ev.see(ast, function);
        }
        self.expr(ast, function, env, depth, out);
        let Ok(value) = self.ev.eval(ast, function, env) else { return };
        if let Value::Builtin(partial) = value {
            let asked = asked_for(partial.builtin.name, partial.builtin.arity);
            let at = asked.and_then(|at| at.checked_sub(partial.arguments.len()));
            let is_whole = partial.arguments.len() + arguments.len() == partial.builtin.arity;
            arguments.reverse();
            if let Some(argument) = at.filter(|_| is_whole).and_then(|at| arguments.get(at)) {
                self.expr(ast, *argument, env, depth, out);
            }
        } else if let [argument] = arguments[..] {
            self.call(value, &[self.ev.expr(ast, argument, env)], depth, out);
        }
    }

    /// What the body of a function written in Nix needs.
    fn call(
        &self,
        function: Value<'a>,
        arguments: &[&'a Thunk<'a>],
        depth: usize,
        out: &mut Vec<Step<'a>>,
    ) {
        let (Value::Lambda(closure), [argument]) = (function, arguments) else { return };
        if !closure.ast.file.is_outside()
            && let Ok(env) = self.ev.scope_of_call(closure, argument)
        {
            self.expr(closure.ast, closure.lambda().body, env, depth, out);
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

/// The position of an argument that a function of Nix or nixpkgs' `lib` surely evaluates first.
fn asked_for(function: &str, arity: usize) -> Option<usize> {
    const FIRST: &[&str] = &[
        "attrNames",
        "attrValues",
        "concatLists",
        "elemAt",
        "head",
        "import",
        "length",
        "optional",
        "optionalAttrs",
        "optionalString",
        "optionals",
        "tail",
        "toString",
    ];
    const LAST: &[&str] = &["concatMap", "filter", "map", "mapAttrsToList"];
    match function {
        _ if FIRST.contains(&function) => Some(0),
        _ if LAST.contains(&function) => arity.checked_sub(1),
        _ => None,
    }
}

fn is_importing(value: &Thunk<'_>) -> bool {
    matches!(value.code, Code::Native(_))
        && matches!(
            value.peek(),
            Some(Err(Stop::Unknown(Unknown { reason: Reason::Imports, cause: None, .. })))
        )
}

/// Whether there is nothing left to ask: a string may be known in part, and an option's set or list where
/// its definitions are not.
fn is_known(value: &Thunk<'_>) -> bool {
    match value.peek() {
        None | Some(Err(_) | Ok(Value::Template(_))) => false,
        Some(Ok(Value::Attrs(attrs))) => attrs.rest.is_none() && value.label().is_none(),
        Some(Ok(Value::List(list))) => list.rest.is_none() && value.label().is_none(),
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
