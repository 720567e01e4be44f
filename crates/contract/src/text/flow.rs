//! Whether a file may read services as a whole, by following them through its expressions.
//!
//! Services are what stands at an option's last name, wherever that is selected. They may be searched,
//! filtered and handed to functions of the same file; whatever else is done with one counts as reading
//! all of it.

mod calls;

use nixpact_syntax::{
    Ast, Attribute, Expr, ExprId, Key, KeyName, Operator, Parameter, Range, Symbol,
};
use rustc_hash::FxHashMap;

/// What an expression stands for, by how much of a service is in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
enum Kind {
    #[default]
    Other,
    /// One service.
    One,
    /// A list of services.
    List,
    /// The set of all services, or of some.
    Many,
}

/// Files are looked at again as long as that tells more of what functions are given.
const MAX_ROUNDS: usize = 8;

/// What a file does with the services of an option.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Use {
    Nothing,
    /// It reads fields of them.
    Fields,
    /// It may read a whole service.
    Whole,
}

/// What a file does with the services of the option with this last name, and the one before it.
pub(crate) fn reads(ast: &Ast, option: Symbol, parent: Option<Symbol>) -> Use {
    match mentions(ast, option) {
        false => Use::Nothing,
        true if escapes(ast, option, parent) => Use::Whole,
        true => Use::Fields,
    }
}

/// Whether a file selects something of an option's last name, or has it from a `with`.
fn mentions(ast: &Ast, option: Symbol) -> bool {
    let is_key = |key: &Key| matches!(key.name, KeyName::Static(name) if name == option);
    let is_variable = |expr: &Expr| matches!(expr, Expr::Dynamic { name, .. } if *name == option);
    ast.keys.iter().any(is_key) || ast.exprs.iter().any(is_variable)
}

/// Whether a file that [`mentions`] the option with this last name, and the one before it, may read a
/// whole service of it.
fn escapes(ast: &Ast, option: Symbol, parent: Option<Symbol>) -> bool {
    let mut flow = Flow {
        ast,
        option,
        parent,
        scopes: Vec::new(),
        given: FxHashMap::default(),
        results: FxHashMap::default(),
        seen: vec![None; ast.exprs.len()],
        escaped: false,
        changed: false,
    };
    for _ in 0..MAX_ROUNDS {
        flow.changed = false;
        flow.seen.fill(None);
        let result = flow.kind(ast.root, None);
        flow.escape_if(result);
        if flow.escaped || !flow.changed {
            return flow.escaped;
        }
    }
    true
}

/// A scope, and the one around it.
#[derive(Clone, Copy)]
struct Scope {
    around: Option<usize>,
    binds: Binds,
}

#[derive(Clone, Copy)]
enum Binds {
    /// A `let` or a recursive set: its attributes, then what it inherits from.
    Recursive(u32),
    /// A set that inherits from others.
    Sources(u32),
    /// The arguments of a function.
    Arguments(u32),
    With(Kind),
}

type Env = Option<usize>;

struct Flow<'s> {
    ast: &'s Ast,
    option: Symbol,
    parent: Option<Symbol>,
    scopes: Vec<Scope>,
    /// What the arguments of functions stand for, by function and slot.
    given: FxHashMap<(u32, u32), Kind>,
    /// What functions give.
    results: FxHashMap<u32, Kind>,
    /// What each expression stands for, as far as this round has looked at it.
    seen: Vec<Option<Kind>>,
    escaped: bool,
    changed: bool,
}

impl Flow<'_> {
    fn escape_if(&mut self, kind: Kind) {
        self.escaped |= kind != Kind::Other;
    }

    fn push(&mut self, around: Env, binds: Binds) -> Env {
        self.scopes.push(Scope { around, binds });
        Some(self.scopes.len() - 1)
    }

    fn kind(&mut self, id: ExprId, env: Env) -> Kind {
        if self.escaped {
            return Kind::Other;
        }
        let at = id.0 as usize;
        if let Some(known) = self.seen[at] {
            return known;
        }
        self.seen[at] = Some(Kind::Other);
        let kind = self.find(id, env);
        self.seen[at] = Some(kind);
        kind
    }

    fn find(&mut self, id: ExprId, env: Env) -> Kind {
        match self.ast.expr(id) {
            Expr::Select { base, path } => {
                let before = self.last_name(base, env);
                let base = self.kind(base, env);
                self.select(base, before, path, env)
            }
            Expr::SelectOr(index) => {
                let select = self.ast.defaults[index as usize];
                let before = self.last_name(select.base, env);
                let base = self.kind(select.base, env);
                let found = self.select(base, before, select.path, env);
                found.max(self.kind(select.default, env))
            }
            Expr::Has { base, path } => {
                let before = self.last_name(base, env);
                let base = self.kind(base, env);
                self.select(base, before, path, env);
                Kind::Other
            }
            Expr::Local { depth, slot } => self.local(depth, slot, env),
            Expr::Dynamic { name, depth } => self.dynamic(name, depth, env),
            Expr::List(range) => self.list(range, env),
            Expr::Set(index) => {
                self.set(index, env);
                Kind::Other
            }
            Expr::Let(index, body) => {
                let env = self.bindings(index, env);
                self.kind(body, env)
            }
            Expr::Lambda(index) => {
                self.lambda(index, env);
                Kind::Other
            }
            Expr::Apply { .. } => self.apply(id, env),
            Expr::If { condition, then, otherwise } => {
                self.uses(condition, env);
                self.kind(then, env).max(self.kind(otherwise, env))
            }
            Expr::Assert { condition, body } => {
                self.uses(condition, env);
                self.kind(body, env)
            }
            Expr::With { scope, body } => {
                let kind = self.kind(scope, env);
                let env = self.push(env, Binds::With(kind));
                self.kind(body, env)
            }
            Expr::Binary { operator, left, right } => self.binary(operator, left, right, env),
            Expr::Not(inner) | Expr::Negate(inner) => self.uses(inner, env),
            Expr::Template(range) | Expr::PathTemplate(range) => {
                for part in &self.ast.parts[range.indices()] {
                    if let nixpact_syntax::Part::Interpolated(inner) = part {
                        self.uses(*inner, env);
                    }
                }
                Kind::Other
            }
            _ => Kind::Other,
        }
    }

    /// A use as a whole.
    fn uses(&mut self, id: ExprId, env: Env) -> Kind {
        let kind = self.kind(id, env);
        self.escape_if(kind);
        Kind::Other
    }

    /// `before` is the name of what is selected from.
    fn select(
        &mut self,
        mut kind: Kind,
        mut before: Option<Symbol>,
        path: Range,
        env: Env,
    ) -> Kind {
        for key in self.ast.keys(path) {
            let is_ours = self.parent.is_none() || before.is_none() || before == self.parent;
            before = match key.name {
                KeyName::Static(name) => Some(name),
                KeyName::Dynamic(_) => None,
            };
            kind = match (kind, key.name) {
                (Kind::Many, KeyName::Static(_)) => Kind::One,
                (Kind::Many, KeyName::Dynamic(name)) => {
                    self.uses(name, env);
                    Kind::One
                }
                (Kind::Other, KeyName::Static(name)) if name == self.option && is_ours => {
                    Kind::Many
                }
                (Kind::Other, KeyName::Dynamic(name)) => self.uses(name, env),
                // Any field may be meant.
                (Kind::One, KeyName::Dynamic(_)) => {
                    self.escaped = true;
                    Kind::Other
                }
                _ => Kind::Other,
            };
        }
        kind
    }

    /// The last name of the path at which something stands; none where it may be any.
    fn last_name(&self, id: ExprId, env: Env) -> Option<Symbol> {
        let (mut id, mut env) = (id, env);
        for _ in 0..MAX_ROUNDS {
            match self.ast.expr(id) {
                Expr::Select { path, .. } => match self.ast.keys(path).last()?.name {
                    KeyName::Static(name) => return Some(name),
                    KeyName::Dynamic(_) => return None,
                },
                Expr::Local { depth, slot } => match self.binding(depth, slot, env)? {
                    Binding::Value(value, around) => (id, env) = (value, around),
                    // The arguments of modules are the same everywhere.
                    Binding::Argument(lambda, slot) => {
                        let name = self.formal(lambda, slot)?;
                        return ["config", "options"].contains(&name.as_str()).then_some(name);
                    }
                },
                _ => return None,
            }
        }
        None
    }

    fn local(&mut self, depth: u32, slot: u32, env: Env) -> Kind {
        match self.binding(depth, slot, env) {
            Some(Binding::Value(id, env)) => self.kind(id, env),
            Some(Binding::Argument(lambda, slot)) => match self.formal(lambda, slot) {
                // Whoever calls it hands the services in.
                Some(name) if name == self.option => Kind::Many,
                _ => self.given.get(&(lambda, slot)).copied().unwrap_or_default(),
            },
            None => Kind::Other,
        }
    }

    fn formal(&self, lambda: u32, slot: u32) -> Option<Symbol> {
        match &self.ast.lambdas[lambda as usize].parameter {
            Parameter::Name(name) => Some(*name),
            Parameter::Pattern { formals, .. } => Some(formals.get(slot as usize)?.name),
        }
    }

    fn binding(&self, depth: u32, slot: u32, env: Env) -> Option<Binding> {
        let mut at = env?;
        for _ in 0..depth {
            at = self.scopes[at].around?;
        }
        let scope = self.scopes[at];
        let (set, sources) = match scope.binds {
            Binds::Recursive(index) => {
                let set = self.ast.set(index);
                (set, self.ast.attributes(set).len())
            }
            Binds::Sources(index) => (self.ast.set(index), 0),
            Binds::Arguments(lambda) => return Some(Binding::Argument(lambda, slot)),
            Binds::With(_) => return None,
        };
        let slot = slot as usize;
        match self.ast.attributes(set).get(slot).filter(|_| slot < sources) {
            Some(attribute) if attribute.inherited => {
                Some(Binding::Value(attribute.value, scope.around))
            }
            Some(attribute) => Some(Binding::Value(attribute.value, Some(at))),
            None => {
                let from = *self.ast.inherit_from(set).get(slot - sources)?;
                Some(Binding::Value(from, Some(at)))
            }
        }
    }

    /// A name that a `with` binds.
    fn dynamic(&mut self, name: Symbol, depth: u32, env: Env) -> Kind {
        if name == self.option {
            return Kind::Many;
        }
        let mut at = env;
        let mut passed = 0;
        while let Some(index) = at {
            let scope = self.scopes[index];
            if passed >= depth
                && let Binds::With(Kind::Many | Kind::List) = scope.binds
            {
                self.escaped = true;
            }
            passed += 1;
            at = scope.around;
        }
        Kind::Other
    }

    fn list(&mut self, range: Range, env: Env) -> Kind {
        let mut found = Kind::Other;
        for index in range.indices() {
            match self.kind(self.ast.ids[index], env) {
                Kind::Other => {}
                Kind::One => found = Kind::List,
                other => self.escape_if(other),
            }
        }
        found
    }

    /// Looks into the bindings of a set, which nobody may give a service.
    fn set(&mut self, index: u32, env: Env) {
        let set = self.ast.set(index);
        let inner = match (set.recursive, set.has_scope()) {
            (true, _) => self.push(env, Binds::Recursive(index)),
            (false, true) => self.push(env, Binds::Sources(index)),
            (false, false) => env,
        };
        for attribute in self.ast.attributes(set) {
            self.uses(attribute.value, env_of(attribute, env, inner));
        }
        for from in self.ast.inherit_from(set) {
            self.kind(*from, inner);
        }
        for dynamic in self.ast.dynamic(set) {
            self.uses(dynamic.name, inner);
            self.uses(dynamic.value, inner);
        }
    }

    /// Looks into the bindings of a `let`.
    fn bindings(&mut self, index: u32, env: Env) -> Env {
        let set = self.ast.set(index);
        let inner = self.push(env, Binds::Recursive(index));
        for attribute in self.ast.attributes(set) {
            self.kind(attribute.value, env_of(attribute, env, inner));
        }
        for from in self.ast.inherit_from(set) {
            self.kind(*from, inner);
        }
        inner
    }

    /// Looks into a function, and remembers what it gives.
    fn lambda(&mut self, index: u32, env: Env) {
        let inner = self.push(env, Binds::Arguments(index));
        let lambda = &self.ast.lambdas[index as usize];
        if let Parameter::Pattern { formals, .. } = &lambda.parameter {
            for default in formals.iter().filter_map(|formal| formal.default) {
                self.uses(default, inner);
            }
        }
        let result = self.kind(lambda.body, inner);
        let known = self.results.entry(index).or_default();
        if result > *known {
            *known = result;
            self.changed = true;
        }
    }

    fn binary(&mut self, operator: Operator, left: ExprId, right: ExprId, env: Env) -> Kind {
        let kinds = (self.kind(left, env), self.kind(right, env));
        match (operator, kinds) {
            (_, (Kind::Other, Kind::Other)) => Kind::Other,
            (Operator::Update, (Kind::Many, Kind::Many | Kind::Other)) => Kind::Many,
            (Operator::Update, (Kind::One, Kind::Other)) => Kind::One,
            (Operator::Concat, (Kind::List, Kind::List | Kind::Other))
            | (Operator::Concat, (Kind::Other, Kind::List)) => Kind::List,
            // Only whether there is any.
            (Operator::Equal | Operator::NotEqual, (Kind::Many | Kind::List, Kind::Other))
                if self.is_empty(right) =>
            {
                Kind::Other
            }
            _ => {
                self.escaped = true;
                Kind::Other
            }
        }
    }

    fn is_empty(&self, id: ExprId) -> bool {
        match self.ast.expr(id) {
            Expr::List(range) => range.is_empty(),
            Expr::Set(index) => {
                let set = self.ast.set(index);
                set.attributes.is_empty() && set.dynamic.is_empty()
            }
            Expr::Global(name) => name.as_str() == "null",
            _ => false,
        }
    }
}

/// What a variable stands for.
enum Binding {
    Value(ExprId, Env),
    /// The argument of a function, by function and slot.
    Argument(u32, u32),
}

/// The scope in which an attribute's value stands.
fn env_of(attribute: &Attribute, outer: Env, inner: Env) -> Env {
    if attribute.inherited { outer } else { inner }
}
