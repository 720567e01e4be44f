//! `with`, and the names that only it binds.

use nixpact_syntax::{Ast, ExprId, Symbol};

use crate::builtins;
use crate::evaluator::Evaluator;
use crate::nixlib::{may_be_of_lib, may_be_type};
use crate::thunk::{Env, Thunk};
use crate::unknown::{Eval, External, Reason, Stop, Unknown};
use crate::value::{Attrs, Value};

impl<'a> Evaluator<'a> {
    pub(crate) fn with(&self, ast: &'a Ast, scope: ExprId, env: &'a Env<'a>) -> &'a Env<'a> {
        let with = Some(self.expr(ast, scope, env));
        self.arena.alloc(Env { with, ..env.inner() })
    }

    /// The variable `name`, bound by a `with`: the innermost scope that has it, from `depth` outwards.
    pub(crate) fn dynamic(
        &self,
        name: Symbol,
        depth: u32,
        env: &'a Env<'a>,
    ) -> Eval<'a, &'a Thunk<'a>> {
        if let Some(found) = self.scoped_name(name, env)? {
            return Ok(found);
        }
        let mut scope = env.up(depth);
        let mut lacking = None;
        while let Some(env) = scope {
            if let Some(with) = env.with {
                match self.force(with) {
                    // What no version of Nix or of `lib` has is another scope's, if any has it.
                    Ok(Value::Attrs(attrs))
                        if attrs.get(name).is_none() && self.surely_lacks(attrs, name) =>
                    {
                        lacking = lacking.or(attrs.rest);
                    }
                    Ok(value) => {
                        if let Some(found) = self.select(value, name)? {
                            return Ok(found);
                        }
                    }
                    Err(Stop::Unknown(unknown)) => return self.select_unknown(unknown, name),
                    Err(error) => return Err(error),
                }
            }
            scope = env.parent;
        }
        match lacking {
            Some(rest) => self.select_unknown(rest, name),
            None => self.undefined(name),
        }
    }

    /// The innermost scope, from `depth` outwards, of which it is not known whether it binds `name`.
    pub(crate) fn unknown_scope(
        &self,
        name: Symbol,
        depth: u32,
        env: &'a Env<'a>,
    ) -> Option<&'a Thunk<'a>> {
        let scopes = std::iter::successors(env.up(depth), |env| env.parent);
        scopes.filter_map(|env| env.with).find(|with| match self.force(with) {
            Ok(Value::Attrs(attrs)) => {
                attrs.get(name).is_none() && attrs.rest.is_some() && !self.surely_lacks(attrs, name)
            }
            value => matches!(value, Err(Stop::Unknown(_))),
        })
    }

    /// Whether none of the attributes that a set may have beside the known ones has the name. If it is `builtins`
    /// or `lib`, no version has the name there; if it is a group of `lib`, it is the name of something else in
    /// `lib`.
    pub(crate) fn surely_lacks(&self, attrs: &Attrs<'a>, name: Symbol) -> bool {
        if !attrs.may_have(name) {
            return true;
        }
        match attrs.rest.map(|rest| rest.reason) {
            Some(Reason::External(External::Builtins, "builtins")) => {
                !builtins::may_be_builtin(name)
            }
            Some(Reason::Unsupported("lib")) => !may_be_of_lib(name),
            Some(Reason::Unsupported(LIB_OR_BUILTINS)) => {
                !may_be_of_lib(name) && !builtins::may_be_builtin(name)
            }
            Some(Reason::Unsupported("lib.types")) => !may_be_type(name),
            Some(Reason::Unsupported(group)) if is_plain_group(group) => match self.lib() {
                Value::Attrs(lib) => lib.get(name).is_some(),
                _ => false,
            },
            _ => false,
        }
    }
}

/// What stands for the names that neither `lib` nor `builtins` has here.
pub(crate) const LIB_OR_BUILTINS: &str = "a name that lib or builtins may have";

/// Whether what a set may have beside its known attributes is limited to certain names.
pub(crate) fn lists_names(rest: &Unknown<'_>) -> bool {
    match rest.reason {
        Reason::External(External::Builtins, "builtins") => true,
        Reason::Unsupported("lib" | "lib.types" | LIB_OR_BUILTINS) => true,
        Reason::Unsupported(group) => is_plain_group(group),
        _ => false,
    }
}

/// Whether no version of nixpkgs has a function in this group of `lib` that `lib` itself has, by the same name,
/// for something else. `lib.path.hasPrefix` is such a one.
fn is_plain_group(group: &str) -> bool {
    matches!(
        group,
        "lib.asserts"
            | "lib.attrsets"
            | "lib.cli"
            | "lib.customisation"
            | "lib.debug"
            | "lib.derivations"
            | "lib.filesystem"
            | "lib.fixedPoints"
            | "lib.generators"
            | "lib.lists"
            | "lib.meta"
            | "lib.modules"
            | "lib.options"
            | "lib.strings"
            | "lib.stringsWithDeps"
            | "lib.trivial"
            | "lib.versions"
    )
}
