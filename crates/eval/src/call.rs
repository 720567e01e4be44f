//! Calls.

use nixpact_syntax::{Formal, Parameter, Symbol};

use crate::evaluator::Evaluator;
use crate::nixlib::prelude;
use crate::thunk::{Env, Thunk};
use crate::unknown::{ErrorKind, Eval, External, Reason, Stop, Unknown};
use crate::value::{Attr, Attrs, Closure, Partial, Value};

impl<'a> Evaluator<'a> {
    /// Calls `function` with one argument.
    pub fn call(&self, function: Value<'a>, argument: &'a Thunk<'a>) -> Eval<'a> {
        match function {
            Value::Lambda(closure) if closure.ast.file == prelude::FILE => {
                self.nested(|| self.native(|| self.call_closure(closure, argument)))
            }
            Value::Lambda(closure) => self.nested(|| self.call_closure(closure, argument)),
            Value::Builtin(partial) => {
                let mut arguments = Vec::with_capacity(partial.arguments.len() + 1);
                arguments.extend_from_slice(partial.arguments);
                arguments.push(argument);
                if arguments.len() < partial.builtin.arity {
                    let arguments = self.arena.alloc_slice_copy(&arguments);
                    let builtin = partial.builtin;
                    return Ok(Value::Builtin(self.arena.alloc(Partial { builtin, arguments })));
                }
                // Builtins keep what they need of their arguments.
                let arguments = self.arena.alloc_slice_copy(&arguments);
                self.nested(|| self.native(|| (partial.builtin.run)(self, arguments)))
            }
            Value::Attrs(attrs) => match attrs.get(Symbol::new("__functor")) {
                Some(functor) => {
                    let this = self.value(function);
                    let method = self.call(self.force(functor.value)?, this)?;
                    self.call(method, argument)
                }
                None => match attrs.rest {
                    Some(rest) => Err(self.call_unknown(rest, argument)),
                    None => self.type_error(function, "a function"),
                },
            },
            other => self.type_error(other, "a function"),
        }
    }

    /// Calls the function that an expression gave, which may be unknown.
    pub fn call_result(&self, function: Eval<'a>, argument: &'a Thunk<'a>) -> Eval<'a> {
        match function {
            Ok(function) => self.call(function, argument),
            Err(Stop::Unknown(unknown)) => match unknown.reason {
                Reason::Impure(name) => match self.fetched_tree(name, argument) {
                    Some(tree) => Ok(tree),
                    None => Err(self.call_unknown(unknown, argument)),
                },
                _ => Err(self.call_unknown(unknown, argument)),
            },
            Err(error) => Err(error),
        }
    }

    pub fn call_all(&self, function: Value<'a>, arguments: &[&'a Thunk<'a>]) -> Eval<'a> {
        let mut result = Ok(function);
        for argument in arguments {
            result = self.call_result(result, argument);
        }
        result
    }

    /// What a function of a set gives with those of some arguments that it names; any other value is what it is
    /// (`autoCallFunction`).
    pub fn auto_call(&self, mut value: Value<'a>, given: &'a Attrs<'a>) -> Eval<'a> {
        if let Value::Attrs(attrs) = value
            && let Some(functor) = attrs.get(Symbol::new("__functor"))
        {
            value = self.call(self.force(functor.value)?, self.value(value))?;
        }
        let Value::Lambda(closure) = value else { return Ok(value) };
        let Parameter::Pattern { formals, ellipsis, .. } = &closure.lambda().parameter else {
            return Ok(value);
        };
        let is_named = |attr: &&Attr<'a>| {
            *ellipsis || formals.iter().any(|formal: &Formal| formal.name == attr.name)
        };
        let arguments: Vec<_> = given.unordered().iter().filter(is_named).copied().collect();
        self.call(value, self.value(Value::Attrs(self.attrs(arguments))))
    }

    /// What an unknown function gives: unknown too, with the argument kept as a hint.
    fn call_unknown(&self, function: &'a Unknown<'a>, argument: &'a Thunk<'a>) -> Stop<'a> {
        let reason = match function.reason {
            // `import nixpkgs { … }` is a package set.
            Reason::External(External::Nixpkgs, text) => Reason::External(External::Packages, text),
            Reason::External(_, text) => Reason::External(External::Other, text),
            Reason::Impure(name) => match self.fetched(name, argument) {
                // Its address is no file of the repository.
                Some(reason) => {
                    return Stop::Unknown(self.arena.alloc(Unknown { reason, ..*function }));
                }
                None => function.reason,
            },
            other => other,
        };
        let arguments = self.arena.alloc_slice_copy(&[function.arguments, &[argument]].concat());
        Stop::Unknown(self.arena.alloc(Unknown { reason, arguments, ..*function }))
    }

    fn call_closure(&self, closure: &'a Closure<'a>, argument: &'a Thunk<'a>) -> Eval<'a> {
        let env = self.scope_of_call(closure, argument)?;
        self.eval(closure.ast, closure.lambda().body, env)
    }

    /// The scope in which a function's body is evaluated.
    pub(crate) fn scope_of_call(
        &self,
        closure: &'a Closure<'a>,
        argument: &'a Thunk<'a>,
    ) -> Eval<'a, &'a Env<'a>> {
        let env = self.arena.alloc(closure.env.inner());
        let lambda = closure.lambda();
        match &lambda.parameter {
            Parameter::Name(_) => env.slots.set(self.arena.alloc_slice_copy(&[argument])),
            Parameter::Pattern { formals, ellipsis, whole } => {
                let slots = match self.force(argument) {
                    Ok(Value::Attrs(attrs)) => {
                        if !ellipsis {
                            self.refuse_unexpected(attrs, formals)?;
                        }
                        self.bind(closure, formals, attrs, env, argument, *whole)?
                    }
                    Ok(other) => return self.type_error(other, "a set"),
                    Err(Stop::Unknown(unknown)) => {
                        let bound = formals.iter().map(|formal| {
                            self.select_unknown(unknown, formal.name)
                                .unwrap_or_else(|stop| self.stopped(stop))
                        });
                        bound.chain(whole.map(|_| argument)).collect()
                    }
                    Err(error) => return Err(error),
                };
                env.slots.set(self.arena.alloc_slice_copy(&slots));
            }
        }
        Ok(env)
    }

    fn bind(
        &self,
        closure: &'a Closure<'a>,
        formals: &'a [Formal],
        attrs: &'a Attrs<'a>,
        env: &'a Env<'a>,
        argument: &'a Thunk<'a>,
        whole: Option<Symbol>,
    ) -> Eval<'a, Vec<&'a Thunk<'a>>> {
        let mut slots = Vec::with_capacity(formals.len() + 1);
        for formal in formals {
            slots.push(match (attrs.get(formal.name), attrs.rest, formal.default) {
                (Some(attr), _, _) => attr.value,
                (None, Some(rest), _) => self.select_unknown(rest, formal.name)?,
                (None, None, Some(default)) => self.expr(closure.ast, default, env),
                (None, None, None) => {
                    let message =
                        format!("function called without required argument '{}'", formal.name);
                    return self.error(ErrorKind::Type, message);
                }
            });
        }
        slots.extend(whole.map(|_| argument));
        Ok(slots)
    }

    fn refuse_unexpected(&self, attrs: &Attrs<'a>, formals: &[Formal]) -> Eval<'a, ()> {
        match unexpected(attrs, |name| formals.iter().any(|formal| formal.name == name)) {
            Some(Attr { name, .. }) => self.error(
                ErrorKind::UnexpectedArgument,
                format!("function called with unexpected argument '{name}'"),
            ),
            None => Ok(()),
        }
    }

    /// An error at the place of an argument that a function of Rust, which names its arguments, does not
    /// name.
    pub fn refuse_others(&self, attrs: &Attrs<'a>, function: &str, names: &[&str]) -> Eval<'a, ()> {
        let Some(Attr { name, span, .. }) = unexpected(attrs, |it| names.contains(&it.as_str()))
        else {
            return Ok(());
        };
        let message = format!("function '{function}' called with unexpected argument '{name}'");
        let stop = self.error_stop(ErrorKind::UnexpectedArgument, message);
        Err(span.map_or(stop, |span| self.at(stop, span)))
    }
}

/// The first attribute that a function does not name.
fn unexpected<'s, 'a>(
    attrs: &'s Attrs<'a>,
    is_named: impl Fn(Symbol) -> bool,
) -> Option<&'s Attr<'a>> {
    let others = attrs.unordered().iter().filter(|attr| !is_named(attr.name));
    others.min_by_key(|attr| attr.name.as_str())
}
