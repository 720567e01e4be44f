//! What one file reads of `config` and what it defines there, from its text alone: whether or not a
//! condition holds, and whether or not anything needs it.

use std::cell::Cell;
use std::sync::Arc;

use nixpact_source::Span;
use nixpact_syntax::{Ast, Expr, ExprId, KeyName, Operator, Parameter, Part, Range, Symbol};

/// A file, looked through.
#[derive(Default)]
pub(crate) struct Scan {
    pub reads: Vec<Read>,
    pub bindings: Vec<Binding>,
    pub conditionals: Vec<Conditional>,
    pub urls: Vec<Url>,
}

/// A use of `config.a.b`, by this name or that of a variable.
pub(crate) struct Read {
    /// Without `config`, up to the first name that is not known.
    pub path: Vec<Symbol>,
    /// A name that is not known follows.
    pub open: bool,
    pub kind: ReadKind,
    pub span: Span,
    /// Where the last names of the path are written, which stand together.
    names: Vec<Span>,
    /// The options that have to be `true` for it to be evaluated; none where that is not clear.
    pub conditions: Option<Arc<Conditions>>,
}

/// Options, all of which are `true`.
pub(crate) type Conditions = [Vec<Symbol>];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ReadKind {
    Value,
    /// `config.a.b or default`, and `config.a ? b`
    Guarded,
    /// It only gives it another name.
    Alias,
}

impl Scan {
    /// The path of the attribute in whose value a place is, the innermost one.
    pub fn attribute(&self, place: Span) -> Option<&[Symbol]> {
        let around = self.bindings.iter().filter(|binding| binding.value.holds(place));
        around.max_by_key(|binding| binding.path.len()).map(|binding| &binding.path[..])
    }
}

impl Read {
    /// Where a name of the path is written, or the whole of it; `from_end` is 1 for the last one.
    pub fn name(&self, from_end: usize) -> Span {
        let at = self.names.len().checked_sub(from_end);
        at.and_then(|at| self.names.get(at)).copied().unwrap_or(self.span)
    }
}

/// An attribute of the module's configuration.
pub(crate) struct Binding {
    pub path: Vec<Symbol>,
    /// The name that comes last is not known; the path is that of its set.
    pub open: bool,
    /// Where its name is written.
    pub key: Span,
    pub value: Span,
    /// The value is a set that is written there, perhaps under conditions: its attributes are bindings, too.
    pub is_set: bool,
}

/// A condition, and the whole expression that depends on it.
pub(crate) struct Conditional {
    pub condition: Span,
    pub whole: Span,
}

mod resolve;
mod url;

pub(crate) use url::Url;

use resolve::{Frame, Resolved, Scopes};

/// Expressions that are looked at to follow variables, in one file: a string may use each variable twice.
const MAX_STEPS: u32 = 1_000_000;

pub(crate) fn scan(ast: &Ast) -> Scan {
    let steps = Cell::new(MAX_STEPS);
    let mut walk =
        Walk { ast, steps: &steps, frames: Vec::new(), path: Vec::new(), scan: Scan::default() };
    let none = Arc::default();
    walk.expr(ast.root, Around { is_config: true, conditions: Some(&none), is_root: true });
    walk.scan
}

struct Walk<'s> {
    ast: &'s Ast,
    /// How many expressions may still be looked at to follow variables.
    steps: &'s Cell<u32>,
    frames: Vec<Frame>,
    /// The attribute path within the module's configuration.
    path: Vec<Symbol>,
    scan: Scan,
}

/// What is known of the place of an expression.
#[derive(Clone, Copy)]
struct Around<'x> {
    /// It stands in the module's configuration, at the path of the walk.
    is_config: bool,
    /// See [`Read::conditions`].
    conditions: Option<&'x Arc<Conditions>>,
    /// It is the file's value, or the body of a function that is.
    is_root: bool,
}

impl<'x> Around<'x> {
    /// Perhaps evaluated.
    const PERHAPS: Around<'static> = Around { is_config: false, conditions: None, is_root: false };

    /// Evaluated along with this, but no part of the configuration.
    fn beside(self) -> Around<'x> {
        Around { is_config: false, is_root: false, ..self }
    }

    fn inside(self) -> Around<'x> {
        Around { is_root: false, ..self }
    }

    /// The conditions of this, and more.
    fn and(self, more: Option<Vec<Vec<Symbol>>>) -> Option<Arc<Conditions>> {
        let (known, more) = self.conditions.zip(more)?;
        Some(known.iter().cloned().chain(more).collect())
    }

    fn under(self, conditions: Option<&'x Arc<Conditions>>) -> Around<'x> {
        Around { conditions, ..self.inside() }
    }
}

impl Walk<'_> {
    fn scopes(&self) -> Scopes<'_> {
        Scopes { ast: self.ast, steps: self.steps, frames: &self.frames }
    }

    fn expr(&mut self, id: ExprId, around: Around<'_>) {
        let ast = self.ast;
        match ast.expr(id) {
            Expr::Lambda(lambda) => self.lambda(lambda, around),
            Expr::Let(set, body) => {
                self.frames.push(Frame::Set(set));
                self.variables(set);
                self.expr(body, around);
                self.frames.pop();
            }
            Expr::Set(set) => self.set(set, around),
            Expr::Select { base, path } => self.select(id, base, path, ReadKind::Value, around),
            Expr::Has { base, path } => self.select(id, base, path, ReadKind::Guarded, around),
            Expr::SelectOr(at) => {
                let select = ast.defaults[at as usize];
                self.select(id, select.base, select.path, ReadKind::Guarded, around);
                self.expr(select.default, Around::PERHAPS);
            }
            Expr::Local { .. } => self.read(id, ReadKind::Value, ast.span(id), around),
            Expr::Apply { .. } => self.call(id, around),
            Expr::If { condition, then, otherwise } => {
                self.conditional(condition, id);
                self.expr(condition, around.beside());
                let holds = around.and(self.conditions(condition));
                self.expr(then, around.under(holds.as_ref()));
                self.expr(otherwise, around.under(None));
            }
            Expr::Assert { condition, body } => {
                self.expr(condition, around.beside());
                self.expr(body, around);
            }
            Expr::With { scope, body } => {
                self.expr(scope, around.beside());
                self.frames.push(Frame::With);
                self.expr(body, around);
                self.frames.pop();
            }
            Expr::List(items) => self.all(&ast.ids[items.indices()], around.beside()),
            Expr::Str(text) => self.url(id, &[Part::Text(text)]),
            Expr::Template(parts) => {
                self.url(id, &ast.parts[parts.indices()]);
                self.parts(parts, around);
            }
            Expr::PathTemplate(parts) => self.parts(parts, around),
            Expr::Binary { operator, left, right } => self.binary(operator, left, right, around),
            Expr::Not(operand) | Expr::Negate(operand) => self.expr(operand, around.beside()),
            _ => {}
        }
    }

    fn all(&mut self, ids: &[ExprId], around: Around<'_>) {
        for id in ids {
            self.expr(*id, around);
        }
    }

    fn parts(&mut self, parts: Range, around: Around<'_>) {
        let ast = self.ast;
        for part in &ast.parts[parts.indices()] {
            if let Part::Interpolated(id) = part {
                self.expr(*id, around.beside());
            }
        }
    }

    fn lambda(&mut self, index: u32, around: Around<'_>) {
        let ast = self.ast;
        let lambda = &ast.lambdas[index as usize];
        self.frames.push(Frame::Lambda(index, around.is_root));
        if let Parameter::Pattern { formals, .. } = &lambda.parameter {
            for default in formals.iter().filter_map(|formal| formal.default) {
                self.expr(default, Around::PERHAPS);
            }
        }
        match around.is_root {
            true => self.expr(lambda.body, around),
            false => self.expr(lambda.body, Around::PERHAPS),
        }
        self.frames.pop();
    }

    /// The bindings of a `let`, whose scope is the innermost.
    fn variables(&mut self, index: u32) {
        let ast = self.ast;
        let set = ast.set(index);
        for attribute in ast.attributes(set).iter().filter(|attribute| !attribute.inherited) {
            self.named(attribute.value, Around::PERHAPS);
        }
        self.sources(index, Around::PERHAPS);
    }

    /// What a variable stands for.
    fn named(&mut self, value: ExprId, around: Around<'_>) {
        match self.scopes().resolve(value) {
            Some(_) => self.read(value, ReadKind::Alias, self.ast.span(value), around),
            None => self.expr(value, around),
        }
    }

    /// What a set inherits from.
    fn sources(&mut self, index: u32, around: Around<'_>) {
        let ast = self.ast;
        for from in ast.inherit_from(ast.set(index)) {
            self.named(*from, around);
        }
    }

    fn set(&mut self, index: u32, around: Around<'_>) {
        let ast = self.ast;
        let set = ast.set(index);
        let has_scope = set.has_scope();
        if has_scope {
            self.frames.push(Frame::Set(index));
            self.sources(index, around.beside());
        }
        for attribute in ast.attributes(set) {
            let (start, end) = attribute.span;
            let key = Span::new(ast.file, start, end);
            let frame = match attribute.inherited && has_scope {
                true => self.frames.pop(),
                false => None,
            };
            self.member(around, Some(attribute.name), key, attribute.value);
            self.frames.extend(frame);
        }
        for dynamic in ast.dynamic(set) {
            let name = self.scopes().constant(dynamic.name).map(|name| Symbol::new(&name));
            self.expr(dynamic.name, around.beside());
            self.member(around, name, ast.span(dynamic.name), dynamic.value);
        }
        if has_scope {
            self.frames.pop();
        }
    }

    /// Notes an attribute, and looks into its value; `name` is none where it is not known.
    fn member(&mut self, around: Around<'_>, name: Option<Symbol>, key: Span, value: ExprId) {
        if !around.is_config {
            return self.expr(value, around.beside());
        }
        let is_top = self.path.is_empty();
        match name.map(Symbol::as_str) {
            None => {
                self.bind(true, key, value);
                self.expr(value, around.beside());
            }
            Some("config") if around.is_root || is_top => self.expr(value, around.inside()),
            Some("options" | "imports" | "_file" | "key") if is_top => {
                self.expr(value, around.beside());
            }
            Some(_) => {
                self.path.extend(name);
                self.bind(false, key, value);
                self.expr(value, around.inside());
                self.path.pop();
            }
        }
    }

    fn bind(&mut self, open: bool, key: Span, value: ExprId) {
        let path = self.path.clone();
        let is_set = self.is_set(value);
        let value = self.ast.span(value);
        self.scan.bindings.push(Binding { path, open, key, value, is_set });
    }

    fn is_set(&self, value: ExprId) -> bool {
        match self.ast.expr(value) {
            Expr::Set(_) => true,
            Expr::Binary { operator: Operator::Update, left, right } => {
                self.is_set(left) && self.is_set(right)
            }
            Expr::Apply { mut function, argument } => {
                while let Expr::Apply { function: inner, .. } = self.ast.expr(function) {
                    function = inner;
                }
                match self.scopes().called(function) {
                    "mkMerge" => match self.ast.expr(argument) {
                        Expr::List(items) => {
                            self.ast.ids[items.indices()].iter().all(|item| self.is_set(*item))
                        }
                        _ => false,
                    },
                    "mkIf" | "mkDefault" | "mkForce" | "optionalAttrs" => self.is_set(argument),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn select(
        &mut self,
        id: ExprId,
        base: ExprId,
        path: Range,
        kind: ReadKind,
        around: Around<'_>,
    ) {
        let ast = self.ast;
        for key in ast.keys(path) {
            if let KeyName::Dynamic(name) = key.name {
                self.expr(name, around.beside());
            }
        }
        match self.scopes().resolve(id) {
            Some(resolved) => {
                let known =
                    ast.keys(path).iter().take_while(|key| self.scopes().name(key).is_some());
                let names = known.map(|key| Span::new(ast.file, key.span.0, key.span.1)).collect();
                self.note(resolved, kind, ast.span(id), names, around);
            }
            None => self.expr(base, around.beside()),
        }
    }

    fn read(&mut self, id: ExprId, kind: ReadKind, span: Span, around: Around<'_>) {
        if let Some(resolved) = self.scopes().resolve(id) {
            self.note(resolved, kind, span, Vec::new(), around);
        }
    }

    fn note(
        &mut self,
        at: Resolved,
        kind: ReadKind,
        span: Span,
        names: Vec<Span>,
        around: Around<'_>,
    ) {
        if !at.path.is_empty() {
            let conditions = around.conditions.cloned();
            let Resolved { path, open } = at;
            self.scan.reads.push(Read { path, open, kind, span, names, conditions });
        }
    }

    fn conditional(&mut self, condition: ExprId, whole: ExprId) {
        let (condition, whole) = (self.ast.span(condition), self.ast.span(whole));
        self.scan.conditionals.push(Conditional { condition, whole });
    }

    fn call(&mut self, id: ExprId, around: Around<'_>) {
        let ast = self.ast;
        let mut arguments = Vec::new();
        let mut function = id;
        while let Expr::Apply { function: inner, argument } = ast.expr(function) {
            arguments.push(argument);
            function = inner;
        }
        arguments.reverse();
        match (self.scopes().called(function), &arguments[..]) {
            ("mkIf" | "optionalAttrs", [condition, body]) => {
                self.guarded(*condition, *body, id, around);
            }
            ("optional" | "optionals" | "optionalString", [condition, body]) => {
                self.guarded(*condition, *body, id, around.beside());
            }
            ("mkMerge", [list]) => match ast.expr(*list) {
                Expr::List(items) => self.all(&ast.ids[items.indices()], around.inside()),
                _ => self.expr(*list, around.beside()),
            },
            ("mkDefault" | "mkForce" | "mkBefore" | "mkAfter" | "mkVMOverride", [body])
            | ("mkOverride" | "mkOrder", [_, body]) => self.expr(*body, around.inside()),
            ("toString", [value]) => self.expr(*value, around.beside()),
            _ => {
                self.expr(function, Around::PERHAPS);
                self.all(&arguments, Around::PERHAPS);
            }
        }
    }

    fn guarded(&mut self, condition: ExprId, body: ExprId, whole: ExprId, around: Around<'_>) {
        self.conditional(condition, whole);
        self.expr(condition, around.beside());
        let holds = around.and(self.conditions(condition));
        self.expr(body, around.under(holds.as_ref()));
    }

    fn binary(&mut self, operator: Operator, left: ExprId, right: ExprId, around: Around<'_>) {
        match operator {
            Operator::Update => self.all(&[left, right], around.inside()),
            Operator::And => {
                self.expr(left, around.beside());
                let holds = around.and(self.conditions(left));
                self.expr(right, around.under(holds.as_ref()).beside());
            }
            Operator::Or | Operator::Implication => {
                self.expr(left, around.beside());
                self.expr(right, Around::PERHAPS);
            }
            _ => self.all(&[left, right], around.beside()),
        }
    }

    /// The options whose conjunction a condition is.
    fn conditions(&self, condition: ExprId) -> Option<Vec<Vec<Symbol>>> {
        if let Expr::Binary { operator: Operator::And, left, right } = self.ast.expr(condition) {
            let mut both = self.conditions(left)?;
            both.extend(self.conditions(right)?);
            return Some(both);
        }
        let resolved = self.scopes().resolve(condition)?;
        (!resolved.open).then(|| vec![resolved.path])
    }
}
