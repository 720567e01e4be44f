//! The groups of `lib` that belong to the module system: `modules`, `options` and `types`.

use nixpact_eval::{Args, Attr, Builtin, Eval, Evaluator, Group, Value};
use nixpact_syntax::Symbol;

use crate::evaluation;
use crate::names;
use crate::renames;
use crate::types::type_value;

/// What [`Evaluator::new`] is given so that modules can be evaluated.
pub const GROUPS: &[Group] = &[
    Group { name: "modules", functions: MODULES, top_level: true },
    Group { name: "modules", functions: renames::FUNCTIONS, top_level: true },
    Group { name: "options", functions: OPTIONS, top_level: true },
    Group { name: "types", functions: TYPES, top_level: false },
];

const MODULES: &[Builtin] = &[
    Builtin { name: "evalModules", arity: 1, run: evaluation::eval_modules },
    Builtin { name: "mkAfter", arity: 1, run: |ev, args| order(ev, 1500, args) },
    Builtin { name: "mkBefore", arity: 1, run: |ev, args| order(ev, 500, args) },
    Builtin { name: "mkDefault", arity: 1, run: |ev, args| override_(ev, 1000, args) },
    Builtin { name: "mkForce", arity: 1, run: |ev, args| override_(ev, 50, args) },
    Builtin { name: "mkIf", arity: 2, run: mk_if },
    Builtin { name: "mkImageMediaOverride", arity: 1, run: |ev, args| override_(ev, 60, args) },
    Builtin { name: "mkMerge", arity: 1, run: mk_merge },
    Builtin { name: "mkOptionDefault", arity: 1, run: |ev, args| override_(ev, 1500, args) },
    Builtin { name: "mkOrder", arity: 2, run: mk_order },
    Builtin { name: "mkOverride", arity: 2, run: mk_override },
    Builtin { name: "mkVMOverride", arity: 1, run: |ev, args| override_(ev, 10, args) },
    Builtin { name: "nixosSystem", arity: 1, run: evaluation::eval_modules },
];

const OPTIONS: &[Builtin] = &[
    Builtin { name: "literalExpression", arity: 1, run: literal_expression },
    Builtin { name: "literalMD", arity: 1, run: literal_expression },
    Builtin { name: "literalExample", arity: 1, run: literal_expression },
    Builtin { name: "literalDocBook", arity: 1, run: literal_expression },
    Builtin { name: "mdDoc", arity: 1, run: |ev, args| ev.force(args[0]) },
    Builtin { name: "mkEnableOption", arity: 1, run: mk_enable_option },
    Builtin { name: "mkOption", arity: 1, run: mk_option },
    Builtin { name: "mkPackageOption", arity: 3, run: mk_package_option },
];

macro_rules! simple {
    ($name:literal) => {
        simple!($name, $name)
    };
    ($lib:literal, $name:literal) => {
        Builtin { name: $lib, arity: 0, run: |ev, args| Ok(type_value(ev, $name, args)) }
    };
}

macro_rules! with_payload {
    ($name:literal, $arity:literal) => {
        Builtin { name: $name, arity: $arity, run: |ev, args| Ok(type_value(ev, $name, args)) }
    };
}

const TYPES: &[Builtin] = &[
    Builtin { name: "addCheck", arity: 2, run: add_check },
    simple!("anything"),
    simple!("attrs"),
    with_payload!("attrsOf", 1),
    simple!("bool"),
    simple!("boolByOr"),
    with_payload!("coercedTo", 3),
    Builtin { name: "commas", arity: 0, run: |ev, _| separated(ev, ",") },
    simple!("deferredModule"),
    with_payload!("either", 2),
    with_payload!("enum", 1),
    Builtin { name: "envVar", arity: 0, run: |ev, _| separated(ev, ":") },
    simple!("float"),
    with_payload!("functionTo", 1),
    simple!("int"),
    Builtin { name: "ints", arity: 0, run: ints },
    with_payload!("lazyAttrsOf", 1),
    Builtin { name: "lines", arity: 0, run: |ev, _| separated(ev, "\n") },
    with_payload!("listOf", 1),
    Builtin { name: "loaOf", arity: 1, run: |ev, args| Ok(type_value(ev, "attrsOf", args)) },
    Builtin { name: "mkOptionType", arity: 1, run: |ev, args| ev.force(args[0]) },
    with_payload!("nonEmptyListOf", 1),
    simple!("nonEmptyStr"),
    with_payload!("nullOr", 1),
    simple!("number"),
    Builtin { name: "oneOf", arity: 1, run: one_of },
    simple!("optionType"),
    simple!("package"),
    simple!("path"),
    Builtin {
        name: "port",
        arity: 0,
        run: |ev, _| between(ev, "unsignedInt16", Some(0), Some(65535)),
    },
    simple!("raw"),
    with_payload!("separatedString", 1),
    simple!("shellPackage", "package"),
    simple!("singleLineStr"),
    simple!("str"),
    with_payload!("strMatching", 1),
    simple!("string", "str"),
    Builtin { name: "submodule", arity: 1, run: submodule },
    Builtin { name: "submoduleWith", arity: 1, run: submodule_with },
    Builtin { name: "uniq", arity: 1, run: |ev, args| Ok(type_value(ev, "unique", args)) },
    Builtin { name: "unique", arity: 2, run: |ev, args| Ok(type_value(ev, "unique", &args[1..])) },
    simple!("unspecified"),
];

fn entry<'a>(name: Symbol, value: &'a nixpact_eval::Thunk<'a>) -> Attr<'a> {
    Attr { name, value, span: None }
}

fn tagged<'a>(ev: &Evaluator<'a>, tag: &'static str, mut attrs: Vec<Attr<'a>>) -> Eval<'a> {
    attrs.push(entry(*names::TYPE_TAG, ev.value(Value::Str(tag))));
    Ok(Value::Attrs(ev.attrs(attrs)))
}

fn mk_if<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let condition = entry(*names::CONDITION, args[0]);
    tagged(ev, "if", vec![condition, entry(*names::CONTENT, args[1])])
}

fn mk_merge<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    tagged(ev, "merge", vec![entry(*names::CONTENTS, args[0])])
}

fn mk_override<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let priority = entry(*names::PRIORITY, args[0]);
    tagged(ev, "override", vec![priority, entry(*names::CONTENT, args[1])])
}

fn override_<'a>(ev: &Evaluator<'a>, priority: i64, args: Args<'a>) -> Eval<'a> {
    let args = ev.arena.alloc_slice_copy(&[ev.value(Value::Int(priority)), args[0]]);
    mk_override(ev, args)
}

fn mk_order<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let priority = entry(*names::PRIORITY, args[0]);
    tagged(ev, "order", vec![priority, entry(*names::CONTENT, args[1])])
}

fn order<'a>(ev: &Evaluator<'a>, priority: i64, args: Args<'a>) -> Eval<'a> {
    let args = ev.arena.alloc_slice_copy(&[ev.value(Value::Int(priority)), args[0]]);
    mk_order(ev, args)
}

fn literal_expression<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    tagged(ev, "literalExpression", vec![ev.attr("text", args[0])])
}

fn mk_option<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let tag = ev.attrs(vec![entry(*names::TYPE_TAG, ev.value(Value::Str("option")))]);
    Ok(Value::Attrs(ev.update_attrs(attrs, tag)))
}

fn mk_enable_option<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = args[0];
    let description = ev.lazy(move |ev| {
        let parts = [ev.value(Value::Str("Whether to enable ")), name, ev.value(Value::Str("."))];
        ev.builtin("concatStringsSep", &[ev.value(Value::Str("")), ev.value(ev.list(&parts))])
    });
    let attrs = vec![
        entry(*names::DEFAULT, ev.value(Value::Bool(false))),
        entry(*names::EXAMPLE, ev.value(Value::Bool(true))),
        entry(*names::DESCRIPTION, description),
        entry(*names::TYPE, ev.value(type_value(ev, "bool", &[]))),
    ];
    tagged(ev, "option", attrs)
}

/// The default is a package, and none where the caller says so.
fn mk_package_option<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let settings = ev.force_attrs(args[2])?;
    let flag = |name| settings.get(Symbol::new(name)).map(|attr| ev.force(attr.value));
    let nullable = matches!(flag("nullable"), Some(Ok(Value::Bool(true))));
    let package = ev.value(type_value(ev, "package", &[]));
    let ty = if nullable { ev.value(type_value(ev, "nullOr", &[package])) } else { package };
    let mut attrs = vec![entry(*names::TYPE, ty)];
    match flag("default") {
        Some(Ok(Value::Null)) if nullable => {
            attrs.push(entry(*names::DEFAULT, ev.value(Value::Null)));
        }
        Some(Ok(Value::Null)) => {}
        _ => {
            let (packages, name) = (args[0], args[1]);
            let default = ev.lazy(move |ev| {
                ev.force(packages)?;
                ev.force(name)?;
                ev.unsupported("the package of mkPackageOption")
            });
            attrs.push(entry(*names::DEFAULT, default));
        }
    }
    tagged(ev, "option", attrs)
}

fn add_check<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    ev.force_attrs(args[0])?;
    Ok(type_value(ev, "addCheck", args))
}

fn separated<'a>(ev: &Evaluator<'a>, separator: &'static str) -> Eval<'a> {
    Ok(type_value(ev, "separatedString", &[ev.value(Value::Str(separator))]))
}

fn bound<'a>(ev: &Evaluator<'a>, bound: Option<i64>) -> &'a nixpact_eval::Thunk<'a> {
    ev.value(bound.map_or(Value::Null, Value::Int))
}

fn between<'a>(
    ev: &Evaluator<'a>,
    name: &'static str,
    low: Option<i64>,
    high: Option<i64>,
) -> Eval<'a> {
    Ok(type_value(ev, name, &[bound(ev, low), bound(ev, high)]))
}

fn ints<'a>(ev: &Evaluator<'a>, _: Args<'a>) -> Eval<'a> {
    let sized = |low, high| Ok(ev.value(between(ev, "intBetween", Some(low), Some(high))?));
    let attrs = vec![
        ev.attr("positive", ev.value(between(ev, "positiveInt", Some(1), None)?)),
        ev.attr("unsigned", ev.value(between(ev, "unsignedInt", Some(0), None)?)),
        ev.attr("between", ev.value(ev.partial(&BETWEEN, &[]))),
        ev.attr("u8", sized(0, 255)?),
        ev.attr("u16", sized(0, 65_535)?),
        ev.attr("u32", sized(0, 4_294_967_295)?),
        ev.attr("s8", sized(-128, 127)?),
        ev.attr("s16", sized(-32_768, 32_767)?),
        ev.attr("s32", sized(-2_147_483_648, 2_147_483_647)?),
    ];
    Ok(Value::Attrs(ev.attrs(attrs)))
}

static BETWEEN: Builtin = Builtin {
    name: "ints.between",
    arity: 2,
    run: |ev, args| match (ev.force(args[0])?, ev.force(args[1])?) {
        (Value::Int(low), Value::Int(high)) if low > high => ev.error(
            nixpact_eval::ErrorKind::Assert,
            "ints.between: lowest must be smaller than highest",
        ),
        _ => Ok(type_value(ev, "intBetween", args)),
    },
};

fn one_of<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let items = ev.force_items(args[0])?;
    let Some((first, others)) = items.split_first() else {
        return ev.error(
            nixpact_eval::ErrorKind::Throw,
            "types.oneOf needs to get at least one type in its argument",
        );
    };
    // `foldl' either`
    let merged = others
        .iter()
        .fold(*first, |merged, other| ev.value(type_value(ev, "either", &[merged, *other])));
    ev.force(merged)
}

fn submodule<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let shorthand = ev.value(Value::Bool(true));
    Ok(type_value(ev, "submodule", &[args[0], ev.value(Value::Null), shorthand]))
}

fn submodule_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let field = |name: &str| {
        attrs.get(Symbol::new(name)).map_or_else(|| ev.value(Value::Null), |attr| attr.value)
    };
    let payload = [field("modules"), field("specialArgs"), field("shorthandOnlyDefinesConfig")];
    Ok(type_value(ev, "submodule", &payload))
}
