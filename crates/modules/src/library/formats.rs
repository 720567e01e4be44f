//! `pkgs.formats`: the types of configuration files. What writes them stays unknown.

use nixpact_eval::{Builtin, Eval, Evaluator, External, Reason, Thunk, Value};
use nixpact_syntax::Symbol;

use super::types::{described, one_of, serializable};
use super::{entry, set, tagged};
use crate::names;
use crate::types::type_value;

macro_rules! plain {
    ($name:literal, $description:literal, $nullable:literal) => {
        Builtin {
            name: $name,
            arity: 1,
            run: |ev, args| {
                ev.force_attrs(args[0])?;
                Ok(format(ev, $name, |ev| Ok(serializable(ev, $description, $nullable))))
            },
        }
    };
}

/// A format whose type depends on its settings.
macro_rules! set_up {
    ($name:literal, $ty:expr) => {
        Builtin {
            name: $name,
            arity: 1,
            run: |ev, args| {
                let settings = args[0];
                ev.force_attrs(settings)?;
                Ok(format(ev, $name, move |ev| $ty(ev, settings)))
            },
        }
    };
}

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain!("cdn", "CDN value", true),
    set_up!("gitIni", git_ini),
    set_up!("ini", ini),
    set_up!("iniWithGlobalSection", ini_with_global_section),
    plain!("json", "JSON value", true),
    set_up!("keyValue", key_value),
    plain!("toml", "TOML value", false),
    plain!("yaml", "YAML value", true),
    plain!("yaml_1_1", "YAML 1.1 value", true),
    plain!("yaml_1_2", "YAML 1.2 value", true),
];

/// A format: its type, and what comes from outside.
fn format<'a>(
    ev: &Evaluator<'a>,
    name: &str,
    ty: impl Fn(&Evaluator<'a>) -> Eval<'a> + 'a,
) -> Value<'a> {
    let text = ev.arena.alloc_str(&format!("pkgs.formats.{name}"));
    let rest = ev.unknown_ref(Reason::External(External::Other, text), None);
    Value::Attrs(ev.open_attrs(vec![entry(*names::TYPE, ev.lazy(ty))], Some(rest)))
}

fn git_ini<'a>(ev: &Evaluator<'a>, settings: &'a Thunk<'a>) -> Eval<'a> {
    let atom = atom(ev, settings, "INI atom (null, bool, int, float or string)")?;
    let nested = type_value(ev, "either", &[atom, attrs_of(ev, atom)]);
    ev.force(attrs_of(ev, attrs_of(ev, ev.value(nested))))
}

fn ini<'a>(ev: &Evaluator<'a>, settings: &'a Thunk<'a>) -> Eval<'a> {
    let atom = atom(ev, settings, "INI atom (null, bool, int, float or string)")?;
    ev.force(attrs_of(ev, section(ev, atom)))
}

fn key_value<'a>(ev: &Evaluator<'a>, settings: &'a Thunk<'a>) -> Eval<'a> {
    let atom = atom(ev, settings, "atom (null, bool, int, float or string)")?;
    ev.force(attrs_of(ev, atom))
}

fn attrs_of<'a>(ev: &Evaluator<'a>, element: &'a Thunk<'a>) -> &'a Thunk<'a> {
    ev.value(type_value(ev, "attrsOf", &[element]))
}

fn section<'a>(ev: &Evaluator<'a>, atom: &'a Thunk<'a>) -> &'a Thunk<'a> {
    let attrs = type_value(ev, "attrsOf", &[atom]);
    ev.value(described(ev, attrs, "section of an INI file"))
}

/// What one key may have: a scalar, or a list of them where the settings of the format say so.
///
/// Versions of nixpkgs disagree on whether a scalar becomes a list there.
fn atom<'a>(
    ev: &Evaluator<'a>,
    settings: &'a Thunk<'a>,
    description: &'static str,
) -> Eval<'a, &'a Thunk<'a>> {
    let settings = ev.force_closed_attrs(settings)?;
    let given = |name: &str| settings.get(Symbol::new(name)).map(|attr| ev.force(attr.value));
    let has_lists = !matches!(given("listsAsDuplicateKeys"), None | Some(Ok(Value::Bool(false))))
        || !matches!(given("listToValue"), None | Some(Ok(Value::Null)));
    if has_lists {
        return ev.unsupported("a format whose keys may have lists");
    }
    let simple = |name| ev.value(type_value(ev, name, &[]));
    let scalar = one_of(ev, &["bool", "int", "float", "str"].map(simple))?;
    let scalar = type_value(ev, "nullOr", &[ev.value(scalar)]);
    Ok(ev.value(described(ev, scalar, description)))
}

fn ini_with_global_section<'a>(ev: &Evaluator<'a>, settings: &'a Thunk<'a>) -> Eval<'a> {
    let section = section(ev, atom(ev, settings, "INI atom (null, bool, int, float or string)")?);
    let option = |ty| {
        let attrs = vec![entry(*names::TYPE, ty), entry(*names::DEFAULT, set(ev, Vec::new()))];
        tagged(ev, "option", attrs).map(|option| ev.value(option))
    };
    let options = vec![
        ev.attr("sections", option(attrs_of(ev, section))?),
        ev.attr("globalSection", option(section)?),
    ];
    let module = set(ev, vec![entry(*names::OPTIONS, set(ev, options))]);
    Ok(super::types::submodule_of(ev, module))
}
