//! Calls of functions that are given services.

use nixpact_syntax::{Expr, ExprId, KeyName, Parameter, Symbol};

use super::{Binding, Binds, Env, Flow, Kind, MAX_ROUNDS};

/// A function of the file, and the scope in which it stands.
#[derive(Clone, Copy)]
struct Function {
    expr: ExprId,
    env: Env,
}

impl Flow<'_> {
    pub(super) fn apply(&mut self, id: ExprId, env: Env) -> Kind {
        let (head, arguments) = self.spine(id);
        let function = self.function(head, env);
        // What stands before the arguments, such as another call, is looked at, too.
        if !matches!(self.ast.expr(head), Expr::Local { .. }) {
            self.kind(head, env);
        }
        if let Some(function) = function {
            let kinds: Vec<Kind> = arguments.iter().map(|it| self.kind(*it, env)).collect();
            return self.call(function, &kinds);
        }
        match self.name(head, env) {
            Some(name) => {
                let name = name.as_str();
                self.known(name.strip_prefix("__").unwrap_or(name), &arguments, env)
            }
            None => self.unknown(&arguments, env),
        }
    }

    /// The innermost function of a call, and its arguments in order.
    fn spine(&self, mut id: ExprId) -> (ExprId, Vec<ExprId>) {
        let mut arguments = Vec::new();
        while let Expr::Apply { function, argument } = self.ast.expr(id) {
            arguments.push(argument);
            id = function;
        }
        arguments.reverse();
        (id, arguments)
    }

    /// A call of what is not known reads all that it is given.
    fn unknown(&mut self, arguments: &[ExprId], env: Env) -> Kind {
        for argument in arguments {
            self.uses(*argument, env);
        }
        Kind::Other
    }

    /// The function of the file that an expression stands for, with arguments that it already has.
    fn function(&mut self, id: ExprId, env: Env) -> Option<Function> {
        let (mut id, mut env) = (id, env);
        for _ in 0..MAX_ROUNDS {
            match self.ast.expr(id) {
                Expr::Lambda(_) => return Some(Function { expr: id, env }),
                Expr::Local { depth, slot } => match self.binding(depth, slot, env)? {
                    Binding::Value(value, around) => (id, env) = (value, around),
                    Binding::Argument(..) => return None,
                },
                Expr::Apply { function, argument } => {
                    let function = self.function(function, env)?;
                    let kind = self.kind(argument, env);
                    self.give(function.expr, kind);
                    let Expr::Lambda(index) = self.ast.expr(function.expr) else { return None };
                    let body = self.ast.lambdas[index as usize].body;
                    if !matches!(self.ast.expr(body), Expr::Lambda(_)) {
                        return None;
                    }
                    return Some(Function { expr: body, env: function.env });
                }
                _ => return None,
            }
        }
        None
    }

    /// Hands an argument to a function.
    fn give(&mut self, function: ExprId, kind: Kind) {
        let Expr::Lambda(index) = self.ast.expr(function) else { return };
        let slot = match &self.ast.lambdas[index as usize].parameter {
            Parameter::Name(_) => 0,
            // Each name is a field that is read.
            Parameter::Pattern { whole: None, .. } => return,
            Parameter::Pattern { formals, .. } => formals.len() as u32,
        };
        let known = self.given.entry((index, slot)).or_default();
        if kind > *known {
            // A function that is called with different kinds is not followed.
            self.escaped |= *known != Kind::Other;
            *known = kind;
            self.changed = true;
        }
    }

    /// What a function of the file gives for some arguments.
    fn call(&mut self, mut function: Function, kinds: &[Kind]) -> Kind {
        for (at, kind) in kinds.iter().enumerate() {
            let Expr::Lambda(index) = self.ast.expr(function.expr) else { return Kind::Other };
            self.give(function.expr, *kind);
            if at + 1 == kinds.len() {
                return self.results.get(&index).copied().unwrap_or_default();
            }
            // It gives another function, by name or as it stands.
            let inner = self.push(function.env, Binds::Arguments(index));
            let body = self.ast.lambdas[index as usize].body;
            match self.function(body, inner) {
                Some(next) => function = next,
                None => {
                    kinds[at + 1..].iter().for_each(|kind| self.escape_if(*kind));
                    return Kind::Other;
                }
            }
        }
        Kind::Other
    }

    /// The name of a function that the file does not define.
    fn name(&self, id: ExprId, env: Env) -> Option<Symbol> {
        let (mut id, mut env) = (id, env);
        for _ in 0..MAX_ROUNDS {
            match self.ast.expr(id) {
                Expr::Global(name) | Expr::Dynamic { name, .. } => return Some(name),
                Expr::Select { path, .. } => match self.ast.keys(path).last()?.name {
                    KeyName::Static(name) => return Some(name),
                    KeyName::Dynamic(_) => return None,
                },
                Expr::Local { depth, slot } => match self.binding(depth, slot, env)? {
                    Binding::Value(value, around) => (id, env) = (value, around),
                    Binding::Argument(..) => return None,
                },
                _ => return None,
            }
        }
        None
    }

    /// A call of a function of nixpkgs' `lib` or of Nix.
    fn known(&mut self, name: &str, arguments: &[ExprId], env: Env) -> Kind {
        use Kind::{List, Many, One, Other};
        let [before @ .., last] = arguments else { return Other };
        let last_kind = self.kind(*last, env);
        if last_kind == Other {
            // Functions among them are given nothing of a service.
            return self.unknown(before, env);
        }
        let of = match (name, last_kind, before) {
            ("filterAttrs", Many, [f]) => (*f, &[Other, One][..], Many),
            ("mapAttrs", Many, [f]) => (*f, &[Other, One][..], Many),
            ("mapAttrsToList" | "concatMapAttrsStringSep", Many, [.., f]) => {
                (*f, &[Other, One][..], List)
            }
            ("mapAttrs'" | "concatMapAttrs", Many, [f]) => (*f, &[Other, One][..], Other),
            ("foldlAttrs", Many, [f, _]) => (*f, &[Other, Other, One][..], Other),
            ("filter", List, [f]) => (*f, &[One][..], List),
            ("map" | "concatMap", List, [f]) => (*f, &[One][..], List),
            ("any" | "all" | "count" | "concatMapStrings", List, [f]) => (*f, &[One][..], Other),
            ("concatMapStringsSep", List, [_, f]) => (*f, &[One][..], Other),
            ("findFirst", List, [f, _]) => (*f, &[One][..], One),
            ("sort", List, [f]) => (*f, &[One, One][..], List),
            ("foldl'" | "foldl", List, [f, _]) => (*f, &[Other, One][..], Other),
            ("foldr", List, [f, _]) => (*f, &[One, Other][..], Other),
            ("attrNames" | "hasAttr", Many, _) | ("length", List, _) => {
                return self.unknown(before, env);
            }
            ("isAttrs" | "isList" | "isNull" | "typeOf", _, []) => return Other,
            // That name is a string, and counts by itself.
            ("hasAttr" | "getAttr", One, [name])
                if matches!(self.ast.expr(*name), Expr::Str(_)) =>
            {
                return Other;
            }
            ("attrValues", Many, []) => return List,
            ("head" | "last", List, []) | ("getAttr", Many, [_]) => {
                self.unknown(before, env);
                return One;
            }
            ("optional", One, [_]) => {
                self.unknown(before, env);
                return List;
            }
            ("optionalAttrs", Many, [_]) | ("optionals", List, [_]) => {
                self.unknown(before, env);
                return last_kind;
            }
            _ => {
                self.escape_if(last_kind);
                return self.unknown(before, env);
            }
        };
        let (function, kinds, result) = of;
        self.combine(name, function, kinds, result, before, env)
    }

    /// A function that calls another one with services.
    fn combine(
        &mut self,
        name: &str,
        function: ExprId,
        kinds: &[Kind],
        result: Kind,
        before: &[ExprId],
        env: Env,
    ) -> Kind {
        for argument in before.iter().filter(|argument| **argument != function) {
            self.uses(*argument, env);
        }
        self.kind(function, env);
        let Some(function) = self.function(function, env) else {
            // Whatever it is, it is given whole services.
            self.escaped = true;
            return Kind::Other;
        };
        let given = self.call(function, kinds);
        match (name, given) {
            ("filterAttrs" | "filter" | "findFirst" | "sort", _) => result,
            (_, Kind::Other) => Kind::Other,
            ("mapAttrs" | "mapAttrsToList" | "map", Kind::One) => result,
            ("concatMap", Kind::List) => result,
            _ => {
                self.escaped = true;
                Kind::Other
            }
        }
    }
}
