//! The options that values of a type have (`getSubOptions`).

use nixpact_eval::{Eval, Evaluator, Stop, Thunk, Value};

use super::{Shared, Submodule, Type, TypeRef};
use crate::names;
use crate::path::Path;
use crate::universe::Universe;

/// The options in a type, whose own option is at the path `prefix`.
pub(super) fn of<'a>(ev: &Evaluator<'a>, ty: &Type<'a>, prefix: &'a Thunk<'a>) -> Eval<'a> {
    let inner = |ty: &'a TypeRef<'a>, prefix| ev.nested(|| of(ev, ty.get(ev), prefix));
    match ty {
        Type::AttrsOf { element, placeholder, .. } => {
            let name = format!("<{}>", placeholder.unwrap_or("name"));
            inner(element, below(ev, prefix, &name))
        }
        Type::ListOf { element, .. } => inner(element, below(ev, prefix, "*")),
        Type::FunctionTo(body) => inner(body, below(ev, prefix, "<function body>")),
        Type::CoercedTo { to: ty, .. } | Type::NullOr(ty) | Type::Unique(ty) => inner(ty, prefix),
        Type::Checked { base, .. } | Type::Described { base, .. } | Type::Merged { base, .. } => {
            of(ev, base, prefix)
        }
        Type::Submodule(submodule) => of_submodule(ev, *submodule, prefix),
        Type::Custom(attrs) => match attrs.get(*names::GET_SUB_OPTIONS) {
            Some(function) => ev.call(ev.force(function.value)?, prefix),
            None => ev.unsupported("the options of a type"),
        },
        Type::AttrTag(_) | Type::DeferredModule(_) => ev.unsupported("the options of a type"),
        Type::Unknown(unknown) => Err(Stop::Unknown(unknown)),
        _ => Ok(Value::Attrs(ev.attrs(Vec::new()))),
    }
}

fn below<'a>(ev: &Evaluator<'a>, prefix: &'a Thunk<'a>, name: &str) -> &'a Thunk<'a> {
    let name = ev.value(ev.list(&[ev.value(ev.str(name))]));
    ev.apply_builtin("concatLists", &[ev.value(ev.list(&[prefix, name]))])
}

/// The options of the modules, which nobody defines.
fn of_submodule<'a>(
    ev: &Evaluator<'a>,
    submodule: Submodule<'a>,
    prefix: &'a Thunk<'a>,
) -> Eval<'a> {
    // Nobody gives it a name; the last of the path is none.
    let set = |name, value| ev.value(Value::Attrs(ev.attrs(vec![ev.attr(name, value)])));
    let name = set("name", ev.value(Value::Str("‹name›")));
    let name = set("_module", set("args", name));
    let submodule = Submodule {
        modules: ev.arena.alloc_slice_copy(&[submodule.modules, &[name]].concat()),
        shared: ev.arena.alloc(Shared::default()),
        ..submodule
    };
    let universe = Universe::submodule(ev, Path::of_names(ev, prefix), submodule, &[], None, None);
    let options = ev.force_attrs(universe.options(ev))?;
    let Some(freeform) = universe.freeform_type(ev) else { return Ok(Value::Attrs(options)) };
    let others = ev.lazy(move |ev| of(ev, freeform.get(ev), prefix));
    let others = ev.attrs(vec![ev.attr("_freeformOptions", others)]);
    Ok(Value::Attrs(ev.update_attrs(options, others)))
}
