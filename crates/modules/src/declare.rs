//! All declarations of one option as one (`mergeOptionDecls`, `typeMerge`).

use nixpact_eval::{Attr, Attrs, ErrorKind, Evaluator, Reason, Stop, Thunk, Unknown, Value};
use nixpact_source::Span;
use nixpact_syntax::Symbol;

use crate::class::Class;
use crate::names;
use crate::node::{RawDeclaration, is_option, may_be_option};
use crate::path::Path;
use crate::types::{MAX_DEPTH, NO_TYPE, Shared, Submodule, Type, TypeRef, sub_modules};

/// What the declarations of an option say together.
pub struct Declared<'a> {
    pub(crate) ty: &'a TypeRef<'a>,
    pub default: Option<&'a Thunk<'a>>,
    /// Why there may be a default that is not known.
    pub(crate) default_doubt: Option<&'a Unknown<'a>>,
    pub(crate) apply: Option<&'a Thunk<'a>>,
    pub description: Option<&'a Thunk<'a>>,
    pub example: Option<&'a Thunk<'a>>,
    pub internal: bool,
    /// `visible = false`, as of an option that was renamed.
    pub hidden: bool,
    pub read_only: bool,
    /// Where its name is declared, in every file that does so.
    pub spans: &'a [Span],
    pub(crate) refused: Option<Refusal>,
    /// Why other modules may declare and define it, too.
    pub(crate) more: Option<&'a Unknown<'a>>,
}

/// Why nixpkgs refuses an option.
#[derive(Clone, Copy)]
pub(crate) enum Refusal {
    Clash(Clash),
    /// It is read-only and has several definitions, true or not.
    ReadOnly,
}

/// Two declarations that do not go together.
#[derive(Clone, Copy, Debug)]
pub struct Clash {
    pub kind: ClashKind,
    /// Where the option's name is declared.
    pub first: Option<Span>,
    /// Where the other declaration stands.
    pub second: Option<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClashKind {
    /// Two declarations say the same thing, such as the default.
    Twice,
    /// Two declarations have types that do not merge.
    Types,
    /// Options are declared below it, and it is no submodule.
    Below,
}

impl Refusal {
    pub fn error<'a>(self, ev: &Evaluator<'a>, path: &Path<'a>) -> Stop<'a> {
        let message = match self {
            Refusal::Clash(Clash { kind: ClashKind::Below, .. }) => {
                format!("the option '{path}' does not support nested options")
            }
            Refusal::Clash(_) => format!("the option '{path}' is already declared"),
            Refusal::ReadOnly => format!("the option '{path}' is read-only and set several times"),
        };
        let error: Result<(), _> = ev.error(ErrorKind::Throw, message);
        match error {
            Err(error) => error,
            Ok(()) => ev.unknown(Reason::Recursion, None),
        }
    }
}

/// None where none of the declarations is an option. `more` says why there may be others, unless these say
/// what only one may say: nearly all of nixpkgs' have a description.
pub(crate) fn merge<'a>(
    ev: &Evaluator<'a>,
    declarations: &[RawDeclaration<'a>],
    more: impl FnOnce() -> Option<&'a Unknown<'a>>,
) -> Option<Declared<'a>> {
    let mut declared: Vec<Declaration<'a>> = Vec::new();
    // Sets of options below the place of this one.
    let mut below: Vec<&RawDeclaration<'a>> = Vec::new();
    // Why one of them may say what is not known.
    let mut doubt = None;
    for declaration in declarations {
        match ev.force(declaration.value) {
            Ok(Value::Attrs(attrs)) if is_option(ev, attrs) => {
                declared.push(Declaration { attrs, span: declaration.span });
            }
            Ok(Value::Attrs(attrs)) => match may_be_option(ev, attrs) {
                Some(unknown) => doubt = doubt.or(Some(unknown)),
                None => below.push(declaration),
            },
            Err(Stop::Unknown(unknown)) => doubt = doubt.or(Some(unknown)),
            _ => {}
        }
    }
    let first = declared.first()?.attrs;
    let field = |name| declared.iter().find_map(|d| d.attrs.get(name)).map(|attr| attr.value);
    let unknown = |name| {
        let rest = |d: &Declaration<'a>| d.attrs.rest.filter(|_| d.attrs.may_have(name));
        doubt.or_else(|| declared.iter().find_map(rest))
    };
    let flag = |name| matches!(field(name).map(|v| ev.force(v)), Some(Ok(Value::Bool(true))));
    let mut types: Vec<&'a TypeRef<'a>> = declared
        .iter()
        .filter_map(|declared| declared.attrs.get(*names::TYPE))
        .map(|ty| TypeRef::new(ev, ty.value))
        .collect();
    let open = |d: &&Declaration<'a>| d.attrs.get(*names::TYPE).is_none();
    let open = declared.iter().filter(open).find_map(|d| d.attrs.rest);
    if let Some(unknown) = doubt.or(open) {
        types.push(TypeRef::known(ev, ev.arena.alloc(Type::Unknown(unknown))));
    }
    let mut clash = twice(&declared).or_else(|| two_types(ev, &declared));
    if let Some(nested) = below.first() {
        match types.first().map(|ty| ty.get(ev)) {
            Some(Type::Submodule(submodule)) if types.len() == declared.len() => {
                let pseudo = below.iter().map(|raw| options_only(ev, submodule, raw.value));
                // They come in the order of the declarations; their place matters to lists alone.
                types.extend(pseudo.collect::<Vec<_>>());
            }
            Some(Type::Unknown(_)) => {}
            // Another declaration, or the type of one, may say that it has options.
            _ if doubt.or(open).is_some() => {}
            // A type of nixpkgs' own `lib` may be a submodule.
            Some(ty @ Type::Custom(_)) if !matches!(sub_modules(ev, ty), Ok(Value::Null)) => {
                let what = Reason::Unsupported("options below a type of nixpkgs' own lib");
                let unknown = Type::Unknown(ev.unknown_ref(what, None));
                types.push(TypeRef::known(ev, ev.arena.alloc(unknown)));
            }
            _ => {
                let (first, second) = (declared[0].span, first_below(ev, nested));
                clash = Some(Clash { kind: ClashKind::Below, first, second });
            }
        }
    }
    let ty = match types[..] {
        [] => {
            let unspecified = match first.rest {
                Some(rest) => Type::Unknown(rest),
                None => Type::Unspecified,
            };
            TypeRef::known(ev, ev.arena.alloc(unspecified))
        }
        // Finding the options of a configuration asks for no type, which may hang on it.
        [only] if doubt.or(open).is_none() => TypeRef::imported(ev, only.value()),
        ref types => merge_values(ev, types),
    };
    // What only adds an `apply` leaves the type to the other one.
    let adds = |name| name == *names::APPLY && types.is_empty();
    let is_only = only_once().into_iter().any(|name| field(name).is_some() && !adds(name));
    let more = if is_only { None } else { more() };
    Some(Declared {
        ty: more.map_or(ty, |more| ty.open(ev, more)),
        more,
        default: field(*names::DEFAULT),
        default_doubt: match field(*names::DEFAULT) {
            Some(_) => None,
            None => unknown(*names::DEFAULT),
        },
        apply: field(*names::APPLY)
            .or_else(|| Some(ev.stopped(Stop::Unknown(unknown(*names::APPLY)?)))),
        description: field(*names::DESCRIPTION),
        example: field(*names::EXAMPLE),
        internal: flag(*names::INTERNAL),
        hidden: matches!(
            field(*names::VISIBLE).map(|visible| ev.force(visible)),
            Some(Ok(Value::Bool(false)))
        ),
        read_only: flag(*names::READ_ONLY),
        spans: {
            let spans: Vec<Span> = declared.iter().filter_map(|declared| declared.span).collect();
            ev.arena.alloc_slice_copy(&spans)
        },
        refused: clash.map(Refusal::Clash),
    })
}

/// Types that are values, as one (`types.optionType`).
pub(crate) fn merge_values<'a>(ev: &Evaluator<'a>, types: &[&'a TypeRef<'a>]) -> &'a TypeRef<'a> {
    match types {
        [] => TypeRef::known(ev, ev.arena.alloc(Type::Unspecified)),
        [first, others @ ..] => {
            let merge = |merged, other: &&'a _| merge_types(ev, merged, other, true, MAX_DEPTH);
            import_modules(ev, others.iter().fold(*first, merge), MAX_DEPTH)
        }
    }
}

/// One of the declarations of an option.
#[derive(Clone, Copy)]
struct Declaration<'a> {
    attrs: &'a Attrs<'a>,
    /// Where the option's name stands.
    span: Option<Span>,
}

/// What only one of an option's declarations may say.
pub(crate) fn only_once() -> [Symbol; 4] {
    [*names::DEFAULT, *names::EXAMPLE, *names::DESCRIPTION, *names::APPLY]
}

/// Two declarations that say the same thing.
fn twice(declared: &[Declaration<'_>]) -> Option<Clash> {
    only_once().into_iter().find_map(|name| {
        let mut both = declared.iter().filter(|declared| declared.attrs.get(name).is_some());
        let (first, second) = (both.next()?.span, both.next()?.span);
        Some(Clash { kind: ClashKind::Twice, first, second })
    })
}

/// Two declarations whose types surely do not merge.
fn two_types<'a>(ev: &Evaluator<'a>, declared: &[Declaration<'a>]) -> Option<Clash> {
    // Most options are declared once: their types need not be looked at.
    if declared.len() < 2 {
        return None;
    }
    let mut typed = declared.iter().filter_map(|declared| {
        let ty = declared.attrs.get(*names::TYPE)?;
        Some((TypeRef::new(ev, ty.value).get(ev), declared.span))
    });
    let (ty, first) = typed.next()?;
    let (_, second) = typed.find(|(other, _)| surely_differ(ev, ty, other))?;
    Some(Clash { kind: ClashKind::Types, first, second })
}

/// Whether two types have functors of different names, as far as that is beyond doubt.
fn surely_differ<'a>(ev: &Evaluator<'a>, a: &Type<'a>, b: &Type<'a>) -> bool {
    // A type may be inside of itself.
    let differ = |a: &'a TypeRef<'a>, b: &'a TypeRef<'a>| {
        ev.nested(|| Ok(surely_differ(ev, a.get(ev), b.get(ev)))).unwrap_or(false)
    };
    match (functor(a), functor(b)) {
        (
            Type::AttrsOf { element: a, lazy, placeholder },
            Type::AttrsOf { element: b, lazy: other, placeholder: named },
        ) => lazy != other || both(placeholder, named).is_none() || differ(a, b),
        (Type::ListOf { element: a, .. }, Type::ListOf { element: b, .. })
        | (Type::NullOr(a), Type::NullOr(b)) => differ(a, b),
        (a, b) => matches!((plain_name(a), plain_name(b)), (Some(a), Some(b)) if a != b),
    }
}

/// The placeholder of two merged types, of which one at most has one of its own.
fn both<'a>(a: &Option<&'a str>, b: &Option<&'a str>) -> Option<Option<&'a str>> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => None,
        _ => Some(a.or(*b)),
    }
}

/// The functor's name, for the types that have the same one in every nixpkgs.
fn plain_name(ty: &Type<'_>) -> Option<&'static str> {
    Some(match ty {
        Type::Attrs => "attrs",
        Type::AttrsOf { .. } => "attrsOf",
        Type::Bool => "bool",
        Type::Enum(_) => "enum",
        Type::Float => "float",
        Type::Int | Type::IntBetween { .. } => "int",
        Type::ListOf { .. } => "listOf",
        Type::NullOr(_) => "nullOr",
        Type::Package => "package",
        Type::Path { absolute: Some(true), in_store: None } => "path",
        Type::SeparatedString(_) => "separatedString",
        Type::Str => "str",
        Type::Submodule(_) => "submodule",
        _ => return None,
    })
}

/// The name of the first option that a set of options holds.
fn first_below<'a>(ev: &Evaluator<'a>, raw: &RawDeclaration<'a>) -> Option<Span> {
    let first = match ev.force(raw.value) {
        Ok(Value::Attrs(attrs)) => attrs.sorted().iter().find_map(|attr| attr.span),
        _ => None,
    };
    first.or(raw.span)
}

/// The submodule with nothing but options (`optionTreeToOption`).
fn options_only<'a>(
    ev: &Evaluator<'a>,
    like: &Submodule<'a>,
    options: &'a Thunk<'a>,
) -> &'a TypeRef<'a> {
    let options = Attr { name: *names::OPTIONS, value: options, span: None };
    let module = ev.value(Value::Attrs(ev.attrs(vec![options])));
    let submodule = Submodule {
        modules: ev.arena.alloc_slice_copy(&[module]),
        special_args: None,
        class: Class::Any,
        rest: None,
        shared: ev.arena.alloc(Shared::default()),
        ..*like
    };
    TypeRef::known(ev, ev.arena.alloc(Type::Submodule(submodule)))
}

/// `a.typeMerge b.functor`. Submodules that are the option's own (not one among others) add up in
/// reverse, as `mergeOptionDecls` collects them.
fn merge_types<'a>(
    ev: &Evaluator<'a>,
    a: &'a TypeRef<'a>,
    b: &'a TypeRef<'a>,
    own: bool,
    depth: usize,
) -> &'a TypeRef<'a> {
    let Some(depth) = depth.checked_sub(1) else {
        return TypeRef::known(ev, ev.arena.alloc(refuse(ev)));
    };
    let merge = |a, b| merge_types(ev, a, b, own, depth);
    let merged = match (functor(a.get(ev)), functor(b.get(ev))) {
        (Type::Unknown(_), _) => return a,
        (_, Type::Unknown(_)) => return b,
        (Type::Submodule(a), Type::Submodule(b)) => match merge_submodules(ev, a, b, own) {
            Some(merged) => Type::Submodule(merged),
            None => refuse(ev),
        },
        (
            Type::AttrsOf { element: a, lazy, placeholder },
            Type::AttrsOf { element: b, lazy: other, placeholder: named },
        ) if lazy == other => match both(placeholder, named) {
            Some(placeholder) => Type::AttrsOf { element: merge(a, b), lazy: *lazy, placeholder },
            None => refuse(ev),
        },
        (Type::ListOf { element: a, .. }, Type::ListOf { element: b, .. }) => {
            Type::ListOf { element: merge(a, b), non_empty: false }
        }
        (Type::NullOr(a), Type::NullOr(b)) => Type::NullOr(merge(a, b)),
        (Type::Unique(a), Type::Unique(b)) => Type::Unique(merge(a, b)),
        (Type::FunctionTo(a), Type::FunctionTo(b)) => Type::FunctionTo(merge(a, b)),
        (Type::Either(a, b), Type::Either(c, d)) => {
            let merge = |a, b| merge_types(ev, a, b, false, depth);
            let left = merge(a, c);
            // A type that refers to itself would be merged again and again.
            if matches!(left.get(ev), Type::Unknown(_)) {
                return left;
            }
            Type::Either(left, merge(b, d))
        }
        (Type::Enum(a), Type::Enum(b)) => {
            let (a, b) = (*a, *b);
            Type::Enum(ev.lazy(move |ev| {
                let (a, b) = (ev.force_list(a)?, ev.force_list(b)?);
                Ok(ev.open_list(&[a.items, b.items].concat(), a.rest.or(b.rest)))
            }))
        }
        (Type::StrMatching(a), Type::StrMatching(b)) if a == b => Type::StrMatching(a),
        (Type::SeparatedString(a), Type::SeparatedString(b)) if a == b => Type::SeparatedString(a),
        (Type::Int | Type::IntBetween { .. }, Type::Int | Type::IntBetween { .. }) => Type::Int,
        (Type::Anything, Type::Anything) => Type::Anything,
        (Type::Attrs, Type::Attrs) => Type::Attrs,
        (Type::Bool, Type::Bool) => Type::Bool,
        (Type::BoolByOr, Type::BoolByOr) => Type::BoolByOr,
        (Type::DeferredModule(None), Type::DeferredModule(None)) => Type::DeferredModule(None),
        (Type::Float, Type::Float) => Type::Float,
        (Type::NonEmptyStr, Type::NonEmptyStr) => Type::NonEmptyStr,
        (Type::Number, Type::Number) => Type::Number,
        (Type::Package, Type::Package) => Type::Package,
        (
            &Type::Path { absolute, in_store },
            &Type::Path { absolute: other_absolute, in_store: other_in_store },
        ) if absolute == other_absolute && in_store == other_in_store => {
            Type::Path { absolute, in_store }
        }
        (Type::Raw, Type::Raw) => Type::Raw,
        (Type::SingleLineStr, Type::SingleLineStr) => Type::SingleLineStr,
        (Type::Str, Type::Str) => Type::Str,
        (Type::Unspecified, Type::Unspecified) => Type::Unspecified,
        _ => refuse(ev),
    };
    // A part that does not merge is no type for the whole.
    let parts = merged.parts().into_iter().flatten();
    if let Some(part) = parts.into_iter().find(|part| matches!(part.get(ev), Type::Unknown(_))) {
        return part;
    }
    TypeRef::known(ev, ev.arena.alloc(merged))
}

/// The type that a type merges as: checks that were added get lost.
fn functor<'t, 'a>(ty: &'t Type<'a>) -> &'t Type<'a> {
    match ty {
        Type::Checked { base, .. } | Type::Described { base, .. } | Type::Merged { base, .. } => {
            functor(base)
        }
        other => other,
    }
}

/// Two types that do not merge: an error in nixpkgs, which is reported where the option is.
fn refuse<'a>(ev: &Evaluator<'a>) -> Type<'a> {
    Type::Unknown(ev.unknown_ref(Reason::Unsupported("declaring an option with two types"), None))
}

fn merge_submodules<'a>(
    ev: &Evaluator<'a>,
    a: &Submodule<'a>,
    b: &Submodule<'a>,
    own: bool,
) -> Option<Submodule<'a>> {
    let modules =
        if own { [b.modules, a.modules].concat() } else { [a.modules, b.modules].concat() };
    // Both would have to be known to differ in all names.
    if a.shorthand_only != b.shorthand_only || a.special_args.is_some() && b.special_args.is_some()
    {
        return None;
    }
    Some(Submodule {
        modules: ev.arena.alloc_slice_copy(&modules),
        special_args: a.special_args.or(b.special_args),
        shorthand_only: a.shorthand_only,
        class: a.class.merged(b.class)?,
        rest: a.rest.or(b.rest),
        is_imported: false,
        shared: ev.arena.alloc(Shared::default()),
    })
}

/// `fixupOptionType`: the modules of an option's own submodules become imports of others, and checks
/// that were added to such a type get lost.
pub(crate) fn import_modules<'a>(
    ev: &Evaluator<'a>,
    ty: &'a TypeRef<'a>,
    depth: usize,
) -> &'a TypeRef<'a> {
    let Some(depth) = depth.checked_sub(1) else { return ty };
    let known = |changed| TypeRef::made_of(ev, ty, ev.arena.alloc(changed));
    // The same type where nothing in it changes.
    let inner = |element: &'a TypeRef<'a>, with: &dyn Fn(&'a TypeRef<'a>) -> Type<'a>| {
        let imported = import_modules(ev, element, depth);
        match imported.get(ev) {
            // It is asked for its modules.
            Type::Unknown(unknown) if unknown.reason == NO_TYPE => known(Type::Unknown(unknown)),
            _ if std::ptr::eq(imported, element) => ty,
            _ => known(with(imported)),
        }
    };
    match ty.get(ev) {
        Type::DeferredModule(always) => known(Type::DeferredModule(*always)),
        Type::Submodule(submodule) => {
            known(Type::Submodule(Submodule { is_imported: true, ..*submodule }))
        }
        &Type::AttrsOf { element, lazy, placeholder } => {
            inner(element, &|element| Type::AttrsOf { element, lazy, placeholder })
        }
        Type::ListOf { element, non_empty } => {
            inner(element, &|element| Type::ListOf { element, non_empty: *non_empty })
        }
        Type::NullOr(element) => inner(element, &Type::NullOr),
        Type::Unique(element) => inner(element, &Type::Unique),
        Type::FunctionTo(element) => inner(element, &Type::FunctionTo),
        Type::CoercedTo { from, coerce, to } => {
            inner(to, &|to| Type::CoercedTo { from, coerce, to })
        }
        Type::Checked { base, .. } | Type::Described { base, .. } | Type::Merged { base, .. } => {
            let base = TypeRef::known(ev, base);
            let imported = import_modules(ev, base, depth);
            if std::ptr::eq(imported, base) { ty } else { imported }
        }
        _ => ty,
    }
}
