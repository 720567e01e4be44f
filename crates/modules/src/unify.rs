//! A module in its parts, however it is written (`unifyModuleSyntax`).

use nixpact_eval::{Attr, Attrs, Evaluator, Thunk, Value};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;

use crate::names;
use crate::node::RawDeclaration;
use crate::property::RawDefinition;

/// A module in its parts.
#[derive(Clone, Copy)]
pub struct Module<'a> {
    pub file: Option<FileId>,
    pub(crate) options: Option<&'a Thunk<'a>>,
    pub(crate) config: &'a [RawDefinition<'a>],
    pub(crate) freeform_type: Option<&'a Thunk<'a>>,
    /// Attributes beside `config` or `options`, which the module system refuses, in the order of their
    /// names.
    pub unsupported: &'a [Attr<'a>],
    /// The attribute `config` or `options` that makes it refuse them.
    pub explicit: Option<Attr<'a>>,
}

impl<'a> Module<'a> {
    /// The options that it declares.
    pub(crate) fn declaration(&self) -> Option<RawDeclaration<'a>> {
        let is_outside = self.file.is_some_and(|file| file.is_outside());
        self.options.map(|value| RawDeclaration { value, span: None, is_outside })
    }
}

/// The attribute by which a module says that its configuration and options are in attributes of their own.
pub(crate) fn explicit<'a>(attrs: &Attrs<'a>) -> Option<Attr<'a>> {
    [*names::CONFIG, *names::OPTIONS].into_iter().find_map(|name| attrs.get(name)).copied()
}

pub(crate) fn unify<'a>(
    ev: &Evaluator<'a>,
    attrs: &'a Attrs<'a>,
    file: Option<FileId>,
) -> Module<'a> {
    let field = |name: Symbol| attrs.get(name).map(|attr| attr.value);
    let explicit = explicit(attrs);
    let mut config = Vec::new();
    let mut unsupported = Vec::new();
    if explicit.is_some() {
        config.extend(field(*names::CONFIG).map(|value| RawDefinition::new(value, file)));
        if let Some(meta) = attrs.get(*names::META) {
            let meta = ev.value(Value::Attrs(ev.attrs(vec![*meta])));
            config.push(RawDefinition::new(meta, file));
        }
        let is_refused = |name: Symbol| !is_structure(name) || name == *names::REQUIRE;
        unsupported.extend(attrs.unordered().iter().filter(|attr| is_refused(attr.name)));
        unsupported.sort_unstable_by_key(|attr: &Attr<'a>| attr.name.as_str());
    } else {
        let own: Vec<Attr<'a>> = attrs
            .unordered()
            .iter()
            .filter(|attr| !is_structure(attr.name) || attr.name == *names::META)
            .copied()
            .collect();
        let own = ev.value(Value::Attrs(ev.open_attrs(own, None)));
        config.push(RawDefinition::new(own, file));
    }
    Module {
        file,
        options: field(*names::OPTIONS),
        config: ev.arena.alloc_slice_copy(&config),
        freeform_type: field(*names::FREEFORM_TYPE),
        unsupported: ev.arena.alloc_slice_copy(&unsupported),
        explicit,
    }
}

fn is_structure(name: Symbol) -> bool {
    [
        *names::FILE,
        *names::CLASS,
        *names::KEY,
        *names::DISABLED_MODULES,
        *names::REQUIRE,
        *names::IMPORTS,
        *names::OPTIONS,
        *names::CONFIG,
        *names::META,
        *names::FREEFORM_TYPE,
    ]
    .contains(&name)
}
