//! What a module function is called with.

use nixpact_eval::{Attr, Attrs, Evaluator, External, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use super::{Kind, Universe};
use crate::names;
use crate::packages;
use crate::system;

impl<'a> Universe<'a> {
    /// What a module function is called with: `config`, `options`, `lib`, the special arguments and
    /// those of `_module.args` that it names. What else it may name is unknown where that is.
    pub(crate) fn module_args(
        &'a self,
        ev: &Evaluator<'a>,
        named: &mut dyn Iterator<Item = Symbol>,
        unnamed: Option<&'a Unknown<'a>>,
    ) -> &'a Attrs<'a> {
        let entry = |name: Symbol, value| Attr { name, value, span: None };
        // A special argument that is not known may replace it; hosts give none of these names.
        let given = self.special.args.rest.filter(|_| self.is_own());
        let own = |name, value| match given.filter(|_| self.special.args.may_have(name)) {
            Some(unknown) => ev.stopped(Stop::Unknown(unknown)),
            None => value,
        };
        let mut entries = vec![
            entry(*names::LIB, self.special.lib.unwrap_or_else(|| ev.value(ev.lib()))),
            entry(
                *names::CONFIG,
                ev.lazy(move |ev| {
                    self.asked.set(true);
                    self.ready(ev)?;
                    self.in_full(ev).inner_config(ev)
                }),
            ),
            entry(
                *names::OPTIONS,
                ev.lazy(move |ev| {
                    self.asked.set(true);
                    self.ready(ev)?;
                    let whole = self.in_full(ev);
                    whole.ready(ev)?;
                    ev.force(whole.options(ev))
                }),
            ),
            entry(*names::SPECIAL_ARGS, ev.value(Value::Attrs(self.special.args))),
            entry(*names::CLASS, own(*names::CLASS, self.special.class.value(ev))),
            entry(
                *names::OWN_PREFIX,
                own(
                    *names::OWN_PREFIX,
                    ev.lazy(move |ev| {
                        self.asked.set(true);
                        self.path.names(ev)
                    }),
                ),
            ),
        ];
        entries.extend_from_slice(self.special.args.unordered());
        let known = entries.len();
        for name in named {
            if !entries[..known].iter().any(|entry| entry.name == name) {
                entries.push(entry(name, self.module_arg(ev, name)));
            }
        }
        let rest = match (self.kind, self.special.args.rest) {
            (Kind::Submodule, _) => unnamed,
            (_, rest) => rest.or(unnamed),
        };
        ev.open_attrs(entries, rest)
    }

    /// `config._module.args.<name>`
    pub(super) fn module_arg(&'a self, ev: &Evaluator<'a>, name: Symbol) -> &'a Thunk<'a> {
        ev.lazy(move |ev| {
            self.asked.set(true);
            let is_packages = name.as_str() == "pkgs";
            if let Some(whole) = self.whole(ev) {
                return ev.force(whole.module_arg(ev, name));
            }
            let node = match self.ready(ev) {
                Ok(()) => self.try_node(ev, &[*names::MODULE, *names::ARGS, name])?,
                // `modulesPath` and the like, which are special arguments of NixOS itself.
                Err(_) => None,
            };
            match node {
                // The name itself is a definition as others are.
                Some(_) if self.is_submodule() && name == *names::NAME => {
                    ev.unsupported("a name that a module sets")
                }
                Some(node) => match ev.force(node.value(ev)) {
                    Err(Stop::Unknown(unknown))
                        if is_packages && system::is_package_set(unknown) =>
                    {
                        packages::of_host(ev, unknown)
                    }
                    value => value,
                },
                None if self.is_submodule() && name == *names::NAME => self.path.own_name(ev),
                None if is_packages && self.is_nixos() && self.ready(ev).is_ok() => {
                    Ok(packages::of_nixos(ev, self))
                }
                None => {
                    let kind = if is_packages { External::Packages } else { External::Other };
                    ev.force(ev.external(kind, name.as_str()))
                }
            }
        })
    }
}
