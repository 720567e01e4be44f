//! Modules that pass an option's definitions on to another (`doRename`, `mkMergedOptionModule`), or
//! refuse them (`mkRemovedOptionModule`).
//!
//! The files that they name in `warnings` and `assertions` are not computed, but whether they say it is.

use nixpact_eval::{
    Args, Attr, Builtin, ErrorKind, Eval, Evaluator, Piece, Reason, Stop, Thunk, Value,
};
use nixpact_syntax::Symbol;

use super::options::show_option;
use crate::names;

pub(crate) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "doRename", arity: 1, run: do_rename },
    Builtin {
        name: "mkAliasOptionModule",
        arity: 2,
        run: |ev, args| Ok(ev.partial(&ALIAS, &args[..2])),
    },
    Builtin {
        name: "mkAliasOptionModuleMD",
        arity: 2,
        run: |ev, args| renamed(ev, args[0], args[1]),
    },
    Builtin { name: "mkChangedOptionModule", arity: 3, run: changed },
    Builtin { name: "mkMergedOptionModule", arity: 3, run: |ev, args| module(ev, &MERGED, args) },
    Builtin { name: "mkRemovedOptionModule", arity: 2, run: |ev, args| module(ev, &REMOVED, args) },
    Builtin {
        name: "mkRenamedOptionModule",
        arity: 2,
        run: |ev, args| renamed(ev, args[0], args[1]),
    },
    Builtin { name: "mkRenamedOptionModuleWith", arity: 1, run: renamed_with },
];

/// A function that waits for a module's arguments.
fn module<'a>(ev: &Evaluator<'a>, function: &'static Builtin, args: Args<'a>) -> Eval<'a> {
    Ok(ev.partial(function, args))
}

fn renamed<'a>(ev: &Evaluator<'a>, from: &'a Thunk<'a>, to: &'a Thunk<'a>) -> Eval<'a> {
    Ok(ev.partial(&RENAMED, &[from, to]))
}

fn renamed_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let settings = ev.force_closed_attrs(args[0])?;
    let field = |name| settings.get(Symbol::new(name)).map(|attr| attr.value);
    match (field("from"), field("to")) {
        (Some(from), Some(to)) => renamed(ev, from, to),
        _ => ev.error(ErrorKind::MissingAttribute, "attribute 'from' or 'to' missing"),
    }
}

fn changed<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let from = ev.value(ev.list(&args[..1]));
    Ok(ev.partial(&MERGED, &[from, args[1], args[2]]))
}

fn path<'a>(ev: &Evaluator<'a>, path: &'a Thunk<'a>) -> Eval<'a, Vec<Symbol>> {
    let names = ev.force_items(path)?;
    names.iter().map(|name| ev.force_str(name).map(Symbol::new)).collect()
}

fn attr<'a>(name: Symbol, value: &'a Thunk<'a>) -> Attr<'a> {
    Attr { name, value, span: None }
}

fn set<'a>(ev: &Evaluator<'a>, attrs: Vec<Attr<'a>>) -> &'a Thunk<'a> {
    ev.value(Value::Attrs(ev.attrs(attrs)))
}

/// `setAttrByPath`
fn set_at<'a>(ev: &Evaluator<'a>, path: &[Symbol], value: &'a Thunk<'a>) -> &'a Thunk<'a> {
    path.iter().rev().fold(value, |value, name| set(ev, vec![attr(*name, value)]))
}

/// `setAttrByPath` of names that may depend on the configuration.
fn set_at_computed<'a>(
    ev: &Evaluator<'a>,
    path: &[&'a Thunk<'a>],
    value: &'a Thunk<'a>,
) -> &'a Thunk<'a> {
    path.iter().rev().copied().fold(value, |value, name| {
        ev.lazy(move |ev| {
            let name = Symbol::new(ev.force_str(name)?);
            Ok(Value::Attrs(ev.attrs(vec![attr(name, value)])))
        })
    })
}

/// The attribute of a module's arguments.
fn argument<'a>(ev: &Evaluator<'a>, arguments: &'a Thunk<'a>, name: Symbol) -> Eval<'a> {
    match ev.select(ev.force(arguments)?, name)? {
        Some(value) => ev.force(value),
        None => ev.error(ErrorKind::MissingAttribute, format!("attribute '{name}' missing")),
    }
}

/// The attribute at a path, when there is one.
fn at<'a>(
    ev: &Evaluator<'a>,
    mut value: Value<'a>,
    path: &[Symbol],
) -> Eval<'a, Option<Value<'a>>> {
    for name in path {
        let Value::Attrs(_) = value else { return Ok(None) };
        match ev.select(value, *name)? {
            Some(thunk) => value = ev.force(thunk)?,
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

/// The attribute `name` of the option at a path of `options`.
fn of_option<'a>(
    ev: &Evaluator<'a>,
    arguments: &'a Thunk<'a>,
    option: &'a [Symbol],
    name: &'static str,
) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let options = argument(ev, arguments, *names::OPTIONS)?;
        let option = at(ev, options, option)?;
        let attribute = match option {
            Some(option) => ev.select(option, Symbol::new(name))?,
            None => None,
        };
        match attribute {
            Some(value) => ev.force(value),
            None => ev.error(ErrorKind::MissingAttribute, format!("attribute '{name}' missing")),
        }
    })
}

fn tagged<'a>(ev: &Evaluator<'a>, tag: &'static str, mut attrs: Vec<Attr<'a>>) -> &'a Thunk<'a> {
    attrs.push(attr(*names::TYPE_TAG, ev.value(Value::Str(tag))));
    set(ev, attrs)
}

fn mk_if<'a>(
    ev: &Evaluator<'a>,
    condition: &'a Thunk<'a>,
    content: &'a Thunk<'a>,
) -> &'a Thunk<'a> {
    tagged(ev, "if", vec![attr(*names::CONDITION, condition), attr(*names::CONTENT, content)])
}

fn mk_merge<'a>(ev: &Evaluator<'a>, contents: &'a Thunk<'a>) -> &'a Thunk<'a> {
    tagged(ev, "merge", vec![attr(*names::CONTENTS, contents)])
}

/// What is told to the user, a text which names files.
fn told<'a>(ev: &Evaluator<'a>) -> &'a Thunk<'a> {
    let unknown = ev.unknown_ref(Reason::Unsupported("what a renamed option says"), None);
    ev.value(Value::Template(ev.arena.alloc_slice_copy(&[Piece::Unknown(unknown)])))
}

/// The attribute `warnings`: a text for each of these conditions that holds.
fn warnings<'a>(ev: &Evaluator<'a>, conditions: &'a [&'a Thunk<'a>]) -> Attr<'a> {
    let warnings = ev.lazy(move |ev| {
        let (mut texts, mut rest) = (Vec::new(), None);
        for condition in conditions {
            match ev.force_bool(condition) {
                Ok(true) => texts.push(told(ev)),
                Ok(false) => {}
                Err(Stop::Unknown(unknown)) => rest = rest.or(Some(unknown)),
                Err(error) => return Err(error),
            }
        }
        Ok(ev.open_list(&texts, rest))
    });
    ev.attr("warnings", warnings)
}

fn made<'a>(ev: &Evaluator<'a>, options: &'a Thunk<'a>, config: &'a Thunk<'a>) -> Eval<'a> {
    let attrs = vec![attr(*names::OPTIONS, options), attr(*names::CONFIG, config)];
    Ok(Value::Attrs(ev.attrs(attrs)))
}

/// `mkRenamedOptionModule`: from, to, and the module's arguments.
static RENAMED: Builtin = Builtin {
    name: "doRename",
    arity: 3,
    run: |ev, args| rename(ev, &Renaming::new(ev, args, false), args[2]),
};
/// `mkAliasOptionModule`
static ALIAS: Builtin = Builtin {
    name: "doRename",
    arity: 3,
    run: |ev, args| rename(ev, &Renaming::new(ev, args, true), args[2]),
};

/// What `doRename` is given.
struct Renaming<'a> {
    from: &'a Thunk<'a>,
    to: &'a Thunk<'a>,
    visible: &'a Thunk<'a>,
    warn: &'a Thunk<'a>,
    /// What becomes of the value that the old option shows.
    apply: Option<&'a Thunk<'a>>,
    with_priority: Option<&'a Thunk<'a>>,
    condition: Option<&'a Thunk<'a>>,
}

impl<'a> Renaming<'a> {
    fn new(ev: &Evaluator<'a>, args: Args<'a>, is_alias: bool) -> Renaming<'a> {
        let [visible, warn] = [is_alias, !is_alias].map(|flag| ev.value(Value::Bool(flag)));
        let (apply, with_priority, condition) = (None, None, None);
        Renaming { from: args[0], to: args[1], visible, warn, apply, with_priority, condition }
    }
}

/// `doRename`
fn do_rename<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    static MODULE: Builtin = Builtin {
        name: "doRename",
        arity: 2,
        run: |ev, args| {
            let given = ev.force_closed_attrs(args[0])?;
            let field = |name| given.get(Symbol::new(name)).map(|attr| attr.value);
            let required = |name| match field(name) {
                Some(value) => Ok(value),
                None => {
                    let message = format!("function called without required argument '{name}'");
                    ev.error(ErrorKind::Type, message)
                }
            };
            let renaming = Renaming {
                from: required("from")?,
                to: required("to")?,
                visible: required("visible")?,
                warn: required("warn")?,
                apply: Some(required("use")?),
                with_priority: field("withPriority"),
                condition: field("condition"),
            };
            rename(ev, &renaming, args[1])
        },
    };
    const KNOWN: &[&str] = &["from", "to", "visible", "warn", "use", "withPriority", "condition"];
    ev.refuse_others(ev.force_attrs(args[0])?, "doRename", KNOWN)?;
    Ok(ev.partial(&MODULE, args))
}

fn rename<'a>(ev: &Evaluator<'a>, renaming: &Renaming<'a>, arguments: &'a Thunk<'a>) -> Eval<'a> {
    let from: &'a [Symbol] = ev.arena.alloc_slice_copy(&path(ev, renaming.from)?);
    let to = renaming.to;
    // The type of the other option, or a submodule where that is a set of options.
    let ty = ev.lazy(move |ev| {
        let options = argument(ev, arguments, *names::OPTIONS)?;
        let ty = match at(ev, options, &path(ev, to)?)? {
            Some(option @ Value::Attrs(_)) => ev.select(option, *names::TYPE)?,
            _ => None,
        };
        match ty {
            Some(ty) => ev.force(ty),
            None => {
                let module = set(ev, Vec::new());
                Ok(super::types::submodule_of(ev, module))
            }
        }
    });
    let nothing = ev.value(Value::Null);
    let apply = renaming.apply.unwrap_or(nothing);
    let apply = ev.value(ev.partial(&VALUE_AT, &[to, arguments, apply]));
    let description = ev.lazy(move |ev| {
        let names = path(ev, to)?;
        let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        Ok(ev.str(&format!("Alias of {{option}}`{}`.", names.join("."))))
    });
    let attrs = vec![
        attr(*names::APPLY, apply),
        attr(*names::DESCRIPTION, description),
        attr(*names::TYPE, ty),
        attr(*names::VISIBLE, renaming.visible),
    ];
    let option = tagged(ev, "option", attrs);
    let priority = of_option(ev, arguments, from, "highestPrio");
    let definitions = of_option(ev, arguments, from, "definitions");
    let with_priority = renaming.with_priority;
    let definitions = ev.lazy(move |ev| {
        if !with_priority.map_or(Ok(true), |flag| ev.force_bool(flag))? {
            return ev.force(definitions);
        }
        let definitions = ev.force_list(definitions)?;
        let with_priority = |value: &'a Thunk<'a>| {
            let attrs = vec![attr(*names::PRIORITY, priority), attr(*names::CONTENT, value)];
            tagged(ev, "override", attrs)
        };
        let items: Vec<_> = definitions.items.iter().copied().map(with_priority).collect();
        Ok(ev.open_list(&items, definitions.rest))
    });
    let is_defined = of_option(ev, arguments, from, "isDefined");
    let passed = set_at_computed(ev, ev.force_items(to)?, mk_merge(ev, definitions));
    let passed = mk_if(ev, is_defined, passed);
    let warn = renaming.warn;
    let is_told =
        ev.lazy(move |ev| Ok(Value::Bool(ev.force_bool(warn)? && ev.force_bool(is_defined)?)));
    let conditions: &[_] = ev.arena.alloc_slice_copy(&[is_told]);
    let warning = ev.lazy(move |ev| {
        let options = argument(ev, arguments, *names::OPTIONS)?;
        let has_warnings = ev.select(options, Symbol::new("warnings"))?.is_some();
        let attrs = if has_warnings { vec![warnings(ev, conditions)] } else { Vec::new() };
        Ok(Value::Attrs(ev.attrs(attrs)))
    });
    let config = mk_merge(ev, ev.value(ev.list(&[warning, passed])));
    let config = renaming.condition.map_or(config, |condition| mk_if(ev, condition, config));
    made(ev, set_at(ev, from, option), config)
}

/// The value of another option: its path, the module's arguments, what becomes of the value, and the value
/// of its own.
static VALUE_AT: Builtin = Builtin {
    name: "the value of a renamed option",
    arity: 4,
    run: |ev, args| {
        let config = argument(ev, args[1], *names::CONFIG)?;
        let found = at(ev, config, &path(ev, args[0])?)?;
        match (found, ev.force(args[2])?) {
            (Some(value), Value::Null) => Ok(value),
            (Some(value), apply) => ev.call(apply, ev.value(value)),
            (None, _) => ev.error(ErrorKind::Abort, "the option's new name does not exist"),
        }
    },
};

/// `mkRemovedOptionModule`: the option, a text, and the module's arguments.
static REMOVED: Builtin = Builtin {
    name: "mkRemovedOptionModule",
    arity: 3,
    run: |ev, args| {
        let from = path(ev, args[0])?;
        let apply = attr(*names::APPLY, ev.value(ev.partial(&REFUSED, &[])));
        let visible = attr(*names::VISIBLE, ev.value(Value::Bool(false)));
        let options = set_at(ev, &from, tagged(ev, "option", vec![apply, visible]));
        let is_defined = of_option(ev, args[2], ev.arena.alloc_slice_copy(&from), "isDefined");
        let assertion = ev.lazy(move |ev| Ok(Value::Bool(!ev.force_bool(is_defined)?)));
        let message = ev.lazy(move |ev| removed(ev, args));
        let assertion = set(ev, vec![ev.attr("assertion", assertion), ev.attr("message", message)]);
        let assertions = ev.attr("assertions", ev.value(ev.list(&[assertion])));
        made(ev, options, set(ev, vec![assertions]))
    },
};

/// What is told of an option that was removed: its path and a text.
fn removed<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let option = ev.force_str(ev.value(show_option(ev, &args[..1])?))?;
    let begin = format!("The option definition `{option}' in ");
    let files = ev.unknown_ref(Reason::Unsupported("the files of a definition"), None);
    let mut pieces = vec![Piece::Known(ev.arena.alloc_str(&begin)), Piece::Unknown(files)];
    pieces.push(Piece::Known(" no longer has any effect; please remove it.\n"));
    match ev.force(args[1])? {
        Value::Str(text) => pieces.push(Piece::Known(text)),
        Value::Template(text) => pieces.extend_from_slice(text),
        other => return ev.type_error(other, "a string"),
    }
    pieces.push(Piece::Known("\n"));
    Ok(Value::Template(ev.arena.alloc_slice_copy(&pieces)))
}

static REFUSED: Builtin = Builtin {
    name: "the value of a removed option",
    arity: 1,
    run: |ev, _| ev.error(ErrorKind::Throw, "the option has been removed"),
};

/// The default by which `mkMergedOptionModule` knows that nobody defines an option.
const UNUSED: &str = "_mkMergedOptionModule";

/// `mkMergedOptionModule`: from, to, the function, and the module's arguments.
static MERGED: Builtin = Builtin { name: "mkMergedOptionModule", arity: 4, run: merge };

fn merge<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (sources, function, arguments) = (args[0], args[2], args[3]);
    let to = path(ev, args[1])?;
    let default = attr(*names::DEFAULT, ev.value(Value::Str(UNUSED)));
    let visible = attr(*names::VISIBLE, ev.value(Value::Bool(false)));
    let option = tagged(ev, "option", vec![default, visible]);
    let Some(update) = ev.select(ev.whole_lib(), Symbol::new("recursiveUpdate"))? else {
        return ev.unsupported("recursiveUpdate");
    };
    let mut options = set(ev, Vec::new());
    for from in ev.force_items(sources)? {
        let more = set_at(ev, &path(ev, from)?, option);
        options = ev.apply(update, &[options, more]);
    }
    let used = ev.force_items(sources)?.iter().map(|from| {
        ev.lazy(move |ev| {
            let config = argument(ev, arguments, *names::CONFIG)?;
            match at(ev, config, &path(ev, from)?)? {
                Some(value) => Ok(Value::Bool(!matches!(value, Value::Str(UNUSED)))),
                None => ev.error(ErrorKind::MissingAttribute, "attribute missing"),
            }
        })
    });
    let used: &[_] = ev.arena.alloc_slice_copy(&used.collect::<Vec<_>>());
    let is_used = ev.lazy(move |ev| {
        for used in used {
            if ev.force_bool(used)? {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    });
    let value = ev.lazy(move |ev| {
        let config = ev.value(argument(ev, arguments, *names::CONFIG)?);
        ev.call(ev.force(function)?, config)
    });
    let config =
        ev.list(&[set(ev, vec![warnings(ev, used)]), set_at(ev, &to, mk_if(ev, is_used, value))]);
    made(ev, options, mk_merge(ev, ev.value(config)))
}
