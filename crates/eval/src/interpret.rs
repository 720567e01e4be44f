//! Expressions.

use nixpact_source::Span;
use nixpact_syntax::{Ast, Expr, ExprId, KeyName, Operator, Part, Range, SelectOr, Symbol};

use crate::builtins;
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::nixlib::prelude;
use crate::thunk::{Env, Thunk};
use crate::trace::Activity;
use crate::trees;
use crate::unknown::{ErrorKind, Eval, External, Reason, Stop, Unknown};
use crate::value::{Attr, Attrs, Closure, Value};

impl<'a> Evaluator<'a> {
    /// Evaluates an expression; a stop without a place gets that of the expression.
    pub(crate) fn eval(&self, ast: &'a Ast, expr: ExprId, env: &'a Env<'a>) -> Eval<'a> {
        self.eval_inner(ast, expr, env).map_err(|stop| self.at(stop, ast.span(expr)))
    }

    fn eval_inner(&self, ast: &'a Ast, id: ExprId, env: &'a Env<'a>) -> Eval<'a> {
        self.see(ast, id);
        match ast.expr(id) {
            Expr::Broken => Err(self.unknown(Reason::Broken, None)),
            Expr::Int(value) => Ok(Value::Int(value)),
            Expr::Float(value) => Ok(Value::Float(value)),
            Expr::Str(text) => Ok(Value::Str(ast.text(text))),
            Expr::Template(parts) => self.template(ast, parts, env),
            Expr::Path(text) => self.path(ast, ast.text(text)),
            Expr::PathTemplate(parts) => self.path_template(ast, parts, env),
            Expr::SearchPath(text) => self.search_path(ast.text(text)),
            Expr::Local { depth, slot } => match env.local(depth, slot) {
                Some(thunk) => self.force(thunk),
                None => Err(self.unknown(Reason::Recursion, None)),
            },
            Expr::Dynamic { name, depth } => self.force(self.dynamic(name, depth, env)?),
            Expr::Global(name) => match self.scoped_name(name, env)? {
                Some(thunk) => self.force(thunk),
                None => self.global(name),
            },
            Expr::Undefined(name) => match self.scoped_name(name, env)? {
                Some(thunk) => self.force(thunk),
                None => self.undefined(name),
            },
            Expr::List(items) => {
                let items = ast.ids[items.indices()].iter().map(|item| self.expr(ast, *item, env));
                let items: &[&Thunk<'_>] = self.arena.alloc_slice_fill_iter(items);
                Ok(Value::List(self.arena.alloc(crate::List { items, rest: None, others: None })))
            }
            Expr::Set(set) => self.set(ast, set, env).map(Value::Attrs),
            Expr::Let(set, body) => {
                let (env, _) = self.bindings(ast, set, env);
                self.nested(|| self.eval(ast, body, env))
            }
            Expr::Select { base, path } => match self.select_path(ast, base, path, env)? {
                Ok(thunk) => self.force(thunk).map_err(|stop| self.in_select(stop, ast, id)),
                Err(missing) => self
                    .error(ErrorKind::MissingAttribute, format!("attribute '{missing}' missing")),
            },
            Expr::SelectOr(at) => {
                let SelectOr { base, path, default } = ast.defaults[at as usize];
                match self.select_path(ast, base, path, env)? {
                    Ok(thunk) => self.force(thunk).map_err(|stop| self.in_select(stop, ast, id)),
                    Err(_) => self.nested(|| self.eval(ast, default, env)),
                }
            }
            Expr::Has { base, path } => self.has(ast, base, path, env).map(Value::Bool),
            Expr::Lambda(lambda) => {
                Ok(Value::Lambda(self.arena.alloc(Closure { ast, lambda, expr: id, env })))
            }
            Expr::Apply { function, argument } => {
                let function = self.nested(|| self.eval(ast, function, env));
                let argument = self.expr(ast, argument, env);
                self.call_result(function, argument)
                    .map_err(|stop| self.in_call(stop, function, ast.span(id)))
            }
            Expr::If { condition, then, otherwise } => {
                let branch = if self.eval_bool(ast, condition, env)? { then } else { otherwise };
                self.nested(|| self.eval(ast, branch, env))
            }
            Expr::Assert { condition, body } => {
                if self.eval_bool(ast, condition, env)? {
                    self.nested(|| self.eval(ast, body, env))
                } else {
                    self.error(ErrorKind::Assert, "assertion failed")
                }
            }
            Expr::With { scope, body } => {
                let scope = self.with(ast, scope, env);
                self.nested(|| self.eval(ast, body, scope))
            }
            Expr::Binary { operator, left, right } => self.binary(ast, operator, left, right, env),
            Expr::Not(operand) => Ok(Value::Bool(!self.eval_bool(ast, operand, env)?)),
            Expr::Negate(operand) => match self.nested(|| self.eval(ast, operand, env))? {
                Value::Int(value) => match value.checked_neg() {
                    Some(value) => Ok(Value::Int(value)),
                    None => Err(self.unknown(Reason::VersionDependent("integer overflow"), None)),
                },
                // Nix computes `0 - x`, which has no negative zero.
                Value::Float(value) => Ok(Value::Float(0.0 - value)),
                other => self.type_error(other, "a number"),
            },
            Expr::CurPos if ast.file.is_outside() => Err(self.where_file_lies(ast.file)),
            Expr::CurPos => Ok(builtins::position(self, ast.span(id))),
        }
    }

    /// An error in the attribute that a selection gives.
    #[cold]
    fn in_select(&self, stop: Stop<'a>, ast: &'a Ast, id: ExprId) -> Stop<'a> {
        let path = match ast.expr(id) {
            Expr::Select { path, .. } => path,
            Expr::SelectOr(at) => ast.defaults[at as usize].path,
            _ => return stop,
        };
        match ast.keys(path).last().map(|key| key.name) {
            Some(KeyName::Static(name)) => {
                self.traced(stop, Activity::Attribute(name), ast.span(id))
            }
            _ => stop,
        }
    }

    /// An error in what a call gives.
    #[cold]
    fn in_call(&self, stop: Stop<'a>, function: Eval<'a>, span: Span) -> Stop<'a> {
        let what = match function {
            Ok(Value::Builtin(partial)) => Activity::Builtin(partial.builtin.name),
            Ok(_) => Activity::Function,
            Err(_) => return stop,
        };
        self.traced(stop, what, span)
    }

    pub(crate) fn undefined<T>(&self, name: Symbol) -> Eval<'a, T> {
        self.error(ErrorKind::UndefinedVariable, format!("undefined variable '{name}'"))
    }

    fn global(&self, name: Symbol) -> Eval<'a> {
        if let Some(value) = self.globals.get(&name) {
            return Ok(*value);
        }
        // Every built-in function is also in scope with two underscores before its name.
        let builtin = Symbol::new(name.as_str().trim_start_matches("__"));
        let known = self.builtins().and_then(|all| all.get(builtin));
        match known {
            Some(attr) => self.force(attr.value),
            None => self.unsupported(name.as_str()),
        }
    }

    pub(crate) fn eval_bool(&self, ast: &'a Ast, expr: ExprId, env: &'a Env<'a>) -> Eval<'a, bool> {
        match self.as_part(self.nested(|| self.eval(ast, expr, env)))? {
            Value::Bool(value) => Ok(value),
            other => {
                self.type_error(other, "a Boolean").map_err(|stop| self.at(stop, ast.span(expr)))
            }
        }
    }

    /// The scope that the bindings of a set literal or `let` see, and the thunks of its attributes.
    pub(crate) fn bindings(
        &self,
        ast: &'a Ast,
        set: u32,
        env: &'a Env<'a>,
    ) -> (&'a Env<'a>, &'a [&'a Thunk<'a>]) {
        let literal = ast.set(set);
        let inherit_from = ast.inherit_from(literal);
        let inner: &Env<'_> = if literal.has_scope() { self.arena.alloc(env.inner()) } else { env };
        let attributes = ast.attributes(literal);
        let count = attributes.len();
        let attributes = attributes.iter().map(|attribute| {
            self.expr(ast, attribute.value, if attribute.inherited { env } else { inner })
        });
        let sources = inherit_from.iter().map(|from| self.expr(ast, *from, inner));
        let mut all = attributes.chain(sources);
        let slots: &[&Thunk<'_>] =
            self.arena.alloc_slice_fill_with(count + inherit_from.len(), |_| {
                // The two iterators have exactly this many items.
                all.next().unwrap_or_else(|| self.value(Value::Null))
            });
        if literal.has_scope() {
            inner.slots.set(if literal.recursive { slots } else { &slots[count..] });
        }
        (inner, &slots[..count])
    }

    fn set(&self, ast: &'a Ast, index: u32, env: &'a Env<'a>) -> Eval<'a, &'a Attrs<'a>> {
        let literal = ast.set(index);
        let attributes = ast.attributes(literal);
        let (inner, thunks) = self.bindings(ast, index, env);
        let shown = !ast.file.is_outside();
        let mut at = 0;
        let entries: &[Attr<'_>] = self.arena.alloc_slice_fill_with(thunks.len(), |_| {
            let attribute = &attributes[at];
            let value = thunks[at];
            at += 1;
            let (start, end) = attribute.span;
            let span = shown.then(|| Span::new(ast.file, start, end));
            Attr { name: attribute.name, value, span }
        });
        let overrides = match literal.recursive {
            true => entries.iter().find(|attr| attr.name.as_str() == "__overrides"),
            false => None,
        };
        if literal.dynamic.is_empty() && overrides.is_none() {
            return Ok(self.sorted_attrs(entries, None));
        }
        let mut entries = entries.to_vec();
        if let Some(overrides) = overrides {
            self.override_bindings(overrides.value, inner, &mut entries)?;
        }
        let mut rest = None;
        for dynamic in ast.dynamic(literal) {
            let value = self.expr(ast, dynamic.value, inner);
            let (start, end) = dynamic.span;
            let span = Span::new(ast.file, start, end);
            match self.attribute_name(ast, dynamic.name, inner) {
                Ok(None) => {}
                Ok(Some(name)) => {
                    if entries.iter().any(|known| known.name == name) {
                        let message = format!("dynamic attribute '{name}' already defined");
                        return self
                            .error(ErrorKind::Other, message)
                            .map_err(|stop| self.at(stop, span));
                    }
                    entries.push(Attr { name, value, span: shown.then_some(span) });
                }
                Err(Stop::Unknown(unknown)) => rest = rest.or(Some(unknown)),
                Err(error) => return Err(error),
            }
        }
        Ok(self.open_attrs(entries, rest))
    }

    /// Puts the attributes of `__overrides` in the place of those of a `rec` set, for its bindings too.
    fn override_bindings(
        &self,
        overrides: &'a Thunk<'a>,
        inner: &'a Env<'a>,
        entries: &mut Vec<Attr<'a>>,
    ) -> Eval<'a, ()> {
        let overrides = self.force_closed_attrs(overrides)?;
        let mut slots = inner.slots.get().to_vec();
        for attr in overrides.unordered() {
            // The first slots are the attributes of the set, in their order.
            match entries.iter().position(|known| known.name == attr.name) {
                Some(at) => {
                    entries[at] = *attr;
                    slots[at] = attr.value;
                }
                None => entries.push(*attr),
            }
        }
        inner.slots.set(self.arena.alloc_slice_copy(&slots));
        Ok(())
    }

    /// The name that a `${…}` gives; `null` gives none.
    fn attribute_name(
        &self,
        ast: &'a Ast,
        expr: ExprId,
        env: &'a Env<'a>,
    ) -> Eval<'a, Option<Symbol>> {
        match self.nested(|| self.eval(ast, expr, env))? {
            Value::Null => Ok(None),
            Value::Str(name) => Ok(Some(Symbol::new(name))),
            Value::Template(pieces) => Err(self.template_unknown(pieces)),
            other => self.type_error(other, "a string"),
        }
    }

    fn key(&self, ast: &'a Ast, key: KeyName, env: &'a Env<'a>) -> Eval<'a, Symbol> {
        match key {
            KeyName::Static(name) => Ok(name),
            KeyName::Dynamic(expr) => match self.attribute_name(ast, expr, env)? {
                Some(name) => Ok(name),
                None => self.type_error(Value::Null, "a string"),
            },
        }
    }

    /// The thunk that a path leads to, or the name that is missing on the way.
    pub(crate) fn select_path(
        &self,
        ast: &'a Ast,
        base: ExprId,
        path: Range,
        env: &'a Env<'a>,
    ) -> Eval<'a, Result<&'a Thunk<'a>, Symbol>> {
        let mut value = self.nested(|| self.eval(ast, base, env));
        let keys = ast.keys(path);
        for (at, key) in keys.iter().enumerate() {
            let name = self.key(ast, key.name, env)?;
            let selected = match value {
                Ok(Value::Attrs(attrs)) => match self.find(attrs, name) {
                    Ok(Some(found)) => found,
                    Ok(None) => return Ok(Err(name)),
                    Err(rest) if self.is_impure_in_flake(ast, rest, name) => return Ok(Err(name)),
                    Err(rest) => self.select_unknown(rest, name)?,
                },
                // With a default, selecting from anything else gives the default.
                Ok(_) => return Ok(Err(name)),
                Err(Stop::Unknown(unknown)) => self.select_unknown(unknown, name)?,
                Err(error) => return Err(error),
            };
            if at + 1 == keys.len() {
                return Ok(Ok(selected));
            }
            value = self.force(selected);
        }
        Err(self.unknown(Reason::Broken, None))
    }

    fn has(&self, ast: &'a Ast, base: ExprId, path: Range, env: &'a Env<'a>) -> Eval<'a, bool> {
        let mut value = self.nested(|| self.eval(ast, base, env));
        let keys = ast.keys(path);
        for (at, key) in keys.iter().enumerate() {
            let name = self.key(ast, key.name, env)?;
            let found = match value {
                Ok(Value::Attrs(attrs)) => match self.find(attrs, name) {
                    Err(rest) if self.is_impure_in_flake(ast, rest, name) => Ok(None),
                    found => found,
                },
                Ok(_) => return Ok(false),
                Err(Stop::Unknown(unknown)) => self.find_outside(unknown, name),
                Err(error) => return Err(error),
            };
            match found {
                // The last one need not have a value.
                Ok(Some(found)) if at + 1 < keys.len() => value = self.force(found),
                Ok(Some(_)) => return Ok(true),
                Ok(None) => return Ok(false),
                Err(unknown) => return Err(Stop::Unknown(self.made_of(unknown))),
            }
        }
        Ok(true)
    }

    fn template(&self, ast: &'a Ast, parts: Range, env: &'a Env<'a>) -> Eval<'a> {
        let mut text = Text::new(self);
        for part in &ast.parts[parts.indices()] {
            match *part {
                Part::Text(range) => text.push_str(ast.text(range)),
                Part::Interpolated(expr) => {
                    let value = self.nested(|| self.eval(ast, expr, env));
                    text.push(value, Coercion::Interpolation)?;
                }
            }
        }
        Ok(text.finish())
    }

    fn path_template(&self, ast: &'a Ast, parts: Range, env: &'a Env<'a>) -> Eval<'a> {
        let mut written = String::new();
        for part in &ast.parts[parts.indices()] {
            match *part {
                Part::Text(range) => written.push_str(ast.text(range)),
                Part::Interpolated(expr) => match self.nested(|| self.eval(ast, expr, env))? {
                    Value::Str(text) => written.push_str(text),
                    Value::Template(pieces) => return Err(self.template_unknown(pieces)),
                    Value::Path(path) if path.starts_with('/') => written.push_str(path),
                    _ => return Err(self.unknown(Reason::Impure("a path"), None)),
                },
            }
        }
        self.path(ast, &written)
    }

    /// `<nixpkgs/lib>`
    fn search_path(&self, text: &str) -> Eval<'a> {
        self.search_nixpkgs(text).unwrap_or_else(|| {
            let text = self.arena.alloc_str(&format!("<{text}>"));
            Err(self.unknown(Reason::Impure(text), None))
        })
    }

    /// A path literal: relative ones begin at the directory of the file that they stand in.
    fn path(&self, ast: &'a Ast, written: &str) -> Eval<'a> {
        if written.starts_with('~') {
            return Err(self.unknown(Reason::Impure("the home directory"), None));
        }
        let resolved = if written.starts_with('/') {
            nixpact_source::normalize(written)
        } else if let Some(directory) = self.directory_outside(ast.file) {
            nixpact_source::normalize(&format!("{directory}/{written}"))
                .filter(|path| trees::is_outside(path))
        } else {
            let file = &self.sources.file(ast.file).path;
            let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
            nixpact_source::normalize(format!("{directory}/./{written}").trim_start_matches('/'))
        };
        match resolved {
            Some(path) => Ok(Value::Path(self.arena.alloc_str(&path))),
            None => {
                let written = self.arena.alloc_str(written);
                Err(self.unknown(Reason::UnresolvedImport(written), None))
            }
        }
    }

    /// An operator that gives `result` where the left side is `decides`, and else the right side. Whatever
    /// the left side is, the whole is `result` where the right one is.
    fn decided(
        &self,
        left: Eval<'a, bool>,
        decides: bool,
        right: impl FnOnce() -> Eval<'a, bool>,
        result: bool,
    ) -> Eval<'a> {
        match left {
            Ok(left) if left == decides => Ok(Value::Bool(result)),
            Ok(_) => right().map(Value::Bool),
            Err(Stop::Unknown(unknown)) if !unknown.may_fail() => match self.native(right) {
                Ok(right) if right == result => Ok(Value::Bool(result)),
                _ => Err(Stop::Unknown(unknown)),
            },
            Err(stop) => Err(stop),
        }
    }

    fn binary(
        &self,
        ast: &'a Ast,
        operator: Operator,
        left: ExprId,
        right: ExprId,
        env: &'a Env<'a>,
    ) -> Eval<'a> {
        let eval = |expr| self.nested(|| self.eval(ast, expr, env));
        let bool = |expr| self.eval_bool(ast, expr, env);
        match operator {
            Operator::And => self.decided(bool(left), false, || bool(right), false),
            Operator::Or => self.decided(bool(left), true, || bool(right), true),
            Operator::Implication => self.decided(bool(left), false, || bool(right), true),
            Operator::Equal => self.equal_operands(eval(left), eval(right)).map(Value::Bool),
            Operator::NotEqual => {
                self.equal_operands(eval(left), eval(right)).map(|equal| Value::Bool(!equal))
            }
            Operator::Less => self.less(eval(left)?, eval(right)?).map(Value::Bool),
            Operator::More => {
                let left = eval(left)?;
                self.less(eval(right)?, left).map(Value::Bool)
            }
            Operator::LessOrEqual => {
                let left = eval(left)?;
                self.less(eval(right)?, left).map(|more| Value::Bool(!more))
            }
            Operator::MoreOrEqual => {
                self.less(eval(left)?, eval(right)?).map(|less| Value::Bool(!less))
            }
            Operator::Update => self.update(eval(left), eval(right)),
            Operator::Concat => self.concat(eval(left), eval(right)),
            Operator::Add => self.add(eval(left), eval(right)),
            Operator::Sub | Operator::Mul | Operator::Div => {
                self.arithmetic(operator, eval(left)?, eval(right)?)
            }
            Operator::PipeRight => self.pipe(ast, right, left, env),
            Operator::PipeLeft => self.pipe(ast, left, right, env),
        }
    }

    /// `argument |> function` and `function <| argument`.
    fn pipe(&self, ast: &'a Ast, function: ExprId, argument: ExprId, env: &'a Env<'a>) -> Eval<'a> {
        if !self.pipe_operators.get() {
            let message = "experimental Nix feature 'pipe-operators' is disabled";
            return self.error(ErrorKind::Other, message);
        }
        let argument = self.expr(ast, argument, env);
        self.call_result(self.nested(|| self.eval(ast, function, env)), argument)
    }
}

impl Evaluator<'_> {
    /// Whether a name is one of `builtins` that a pure evaluation lacks, where the flake of an input asks for
    /// it.
    fn is_impure_in_flake(&self, ast: &Ast, rest: &Unknown<'_>, name: Symbol) -> bool {
        rest.reason == Reason::External(External::Builtins, "builtins")
            && builtins::is_impure(name)
            && ast.file.is_outside()
            && ast.file != prelude::FILE
            && !self.is_of_nixpkgs(ast.file)
    }
}
