//! flake-parts: a flake whose outputs are the option `flake` of modules.
//!
//! Follows `lib.mkFlake` of flake-parts as far as hosts and modules need it; `perSystem` is unknown.

use std::sync::LazyLock;

use nixpact_eval::{
    Attr, Attrs, Builtin, Eval, Evaluator, External, Reason, Stop, Thunk, Unknown, Value, own_text,
};
use nixpact_source::FileId;
use nixpact_syntax::{Ast, Symbol};

use crate::class::Class;
use crate::collect::Source;
use crate::flakes::{open, open_flake, partitions, written};
use crate::library::properties;
use crate::names;
use crate::node::Node;
use crate::path::Path;
use crate::property::Definition;
use crate::universe::{Special, Universe};

static TEXT: LazyLock<Ast> = LazyLock::new(|| own_text(include_str!("flake_parts.nix")));

/// The value of an input that is flake-parts; `text` is what it is called, and `nixpkgs` the input that its
/// `nixpkgs-lib` follows, if any.
pub(crate) fn flake<'a>(
    ev: &Evaluator<'a>,
    text: &'a str,
    nixpkgs: Option<&'a str>,
) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let mut functions = functions(ev)?;
        let nixpkgs = ev.value(nixpkgs.map_or(Value::Null, Value::Str));
        functions.push(ev.attr(MAKE_FLAKE.name, ev.value(ev.partial(&MAKE_FLAKE, &[nixpkgs]))));
        let lib = open(ev, Value::Attrs(ev.attrs(functions)), &format!("{text}.lib"))?;
        open_flake(ev, Value::Attrs(ev.attrs(vec![ev.attr("lib", ev.value(lib))])), text)
    })
}

/// `lib.mkFlake`, with the name of the input that is its flake's nixpkgs, or null.
static MAKE_FLAKE: Builtin = Builtin {
    name: "mkFlake",
    arity: 3,
    run: |ev, args| {
        let nixpkgs = match ev.force(args[0])? {
            Value::Str(name) => Some(Symbol::new(name)),
            _ => None,
        };
        made(ev, nixpkgs, [args[1], args[2]], ev.sources.id("flake.nix"))
    },
};

/// The outputs of a flake whose `outputs` ended in a call of `mkFlake` with the two arguments that
/// flake-parts takes, or in what `evalFlakeModule` makes of them.
pub(crate) fn outputs<'a>(ev: &Evaluator<'a>, call: &'a Unknown<'a>, flake: FileId) -> Eval<'a> {
    let Reason::External(_, text) = call.reason else { return Err(Stop::Unknown(call)) };
    let arguments = if text.ends_with(".lib.mkFlake") {
        call.arguments
    } else if text.ends_with(".lib.evalFlakeModule.config.flake") && call.arguments.is_empty() {
        call.behind
    } else {
        &[]
    };
    let [settings, module] = arguments else { return Err(Stop::Unknown(call)) };
    made(ev, None, [*settings, *module], Some(flake))
}

/// What flake-parts makes of the two arguments of `mkFlake`, which stand in a file; `nixpkgs` is the input that its own
/// follows, if any.
fn made<'a>(
    ev: &Evaluator<'a>,
    nixpkgs: Option<Symbol>,
    [settings, module]: [&'a Thunk<'a>; 2],
    file: Option<FileId>,
) -> Eval<'a> {
    let settings = ev.force_attrs(settings)?;
    let given = |name: &str| settings.get(Symbol::new(name)).map(|attr| attr.value);
    let inputs = given("inputs").unwrap_or_else(|| ev.external(External::Input, "inputs"));
    let itself = ev.lazy(move |ev| match ev.select(ev.force(inputs)?, Symbol::new("self"))? {
        Some(itself) => ev.force(itself),
        None => Err(ev.unknown(Reason::External(External::Itself, "self"), None)),
    });
    let lib = ev.lazy(move |ev| {
        let lib = nixpkgs.and_then(|name| {
            let nixpkgs = ev.select(ev.force(inputs).ok()?, name).ok()??;
            match ev.force(nixpkgs) {
                Err(Stop::Unknown(unknown)) => ev.select_unknown(unknown, *names::LIB).ok(),
                flake => ev.select(flake.ok()?, *names::LIB).ok()?,
            }
        });
        // That of another flake is nixpkgs', too, with something added.
        Ok(lib.and_then(|lib| ev.force(lib).ok()).unwrap_or_else(|| ev.lib_of_others()))
    });
    let mut entries = vec![
        ev.attr("inputs", inputs),
        ev.attr("self", itself),
        ev.attr("withSystem", ev.value(ev.partial(&WITH_SYSTEM, &[]))),
        ev.attr("moduleWithSystem", ev.value(ev.partial(&MODULE_WITH_SYSTEM, &[]))),
        ev.attr("flake-parts-lib", ev.lazy(own_lib)),
    ];
    entries.push(ev.attr("getSystem", ev.external(External::Other, "getSystem")));
    if let Some(Ok(Value::Attrs(more))) = given("specialArgs").map(|args| ev.force(args)) {
        entries.extend_from_slice(more.unordered());
    }
    let args = ev.attrs(entries);
    let special = Special { args, rest: None, class: Class::Named("flake"), lib: Some(lib) };
    let own = Source::Module(ev.lazy(|ev| part(ev, "module")), None);
    let universe = Universe::flake(ev, &[own, Source::Module(module, file)], special);
    let own = match ev.select(ev.force(universe.config(ev))?, Symbol::new("flake"))? {
        // Modules from outside may define outputs, too.
        Some(outputs) => match ev.force_attrs(outputs) {
            Err(Stop::Unknown(unknown)) => ev.open_attrs(Vec::new(), Some(unknown)),
            outputs => outputs?,
        },
        None => ev.attrs(Vec::new()),
    };
    let partitioned = ev.attrs(partitions::outputs(ev, universe));
    Ok(Value::Attrs(ev.update_attrs(own, partitioned)))
}

/// What is written for flake-parts in Nix: its own `module`, and the `functions` to declare options with.
fn part<'a>(ev: &Evaluator<'a>, name: &str) -> Eval<'a> {
    let parts = written(ev, &TEXT, "perSystem", Vec::new())?;
    match ev.select(parts, Symbol::new(name))? {
        Some(part) => ev.force(part),
        None => ev.unsupported("flake-parts"),
    }
}

fn functions<'a>(ev: &Evaluator<'a>) -> Eval<'a, Vec<Attr<'a>>> {
    Ok(ev.force_attrs(ev.value(part(ev, "functions")?))?.unordered().to_vec())
}

/// A definition in the modules of a flake: that of `flake` may be a module itself, a function.
pub(crate) fn definition<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    attr: &Attr<'a>,
) -> &'a Thunk<'a> {
    let value = attr.value;
    if attr.name.as_str() != "flake" {
        return value;
    }
    let result = ev.lazy(move |ev| match ev.force(value)? {
        function if function.is_function() => {
            ev.call_with(function, output_arguments(ev, universe))
        }
        other => Ok(other),
    });
    result.set_origin(value);
    result
}

/// Outputs that modules of flake-parts itself declare, in every version.
const DECLARED: &[&str] = &[
    "apps",
    "checks",
    "devShells",
    "formatter",
    "legacyPackages",
    "nixosConfigurations",
    "nixosModules",
    "overlays",
    "packages",
];

/// Makes `flake` an option among the options of modules, as flake-parts declares it: a submodule, which has what they
/// declare below it.
pub(crate) fn declare_outputs<'a>(ev: &Evaluator<'a>, options: &mut Vec<Attr<'a>>) {
    let name = Symbol::new("flake");
    let below = match options.iter().position(|option| option.name == name) {
        Some(at) => options.remove(at).value,
        None => ev.value(Value::Attrs(ev.attrs(Vec::new()))),
    };
    let set = |tag, attr| {
        let tag = ev.attr("_type", ev.value(Value::Str(tag)));
        ev.value(Value::Attrs(ev.open_attrs(vec![tag, attr], Some(not_known(ev)))))
    };
    let sub_options = ev.value(ev.partial(&SUB_OPTIONS, &[below]));
    let ty = set("option-type", ev.attr(SUB_OPTIONS.name, sub_options));
    options.push(Attr { name, value: set("option", ev.attr("type", ty)), span: None });
}

/// Why more is not known of what flake-parts itself declares.
fn not_known<'a>(ev: &Evaluator<'a>) -> &'a Unknown<'a> {
    ev.unknown_ref(Reason::External(External::Other, "flake-parts"), None)
}

/// What modules declare below `flake`, and a prefix, which says nothing.
static SUB_OPTIONS: Builtin = Builtin {
    name: "getSubOptions",
    arity: 2,
    run: |ev, args| {
        let unknown = ev.stopped(Stop::Unknown(not_known(ev)));
        let mut options: Vec<_> = DECLARED.iter().map(|name| ev.attr(name, unknown)).collect();
        options.extend_from_slice(ev.force_attrs(args[0])?.unordered());
        Ok(Value::Attrs(ev.open_attrs(options, Some(not_known(ev)))))
    },
};

/// What a function at `flake` is called with: the configuration there, and `lib`.
fn output_arguments<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> &'a Attrs<'a> {
    let config = ev.lazy(move |ev| {
        match ev.select(ev.force(universe.config(ev))?, Symbol::new("flake"))? {
            Some(outputs) => ev.force(outputs),
            None => Err(ev.unknown(Reason::Recursion, None)),
        }
    });
    let lib = universe.special.lib.unwrap_or_else(|| ev.value(ev.lib_of_others()));
    let entries = vec![ev.attr("config", config), ev.attr("lib", lib)];
    let rest = ev.unknown_ref(Reason::External(External::Other, "arguments"), None);
    ev.open_attrs(entries, Some(rest))
}

/// Whether only the repository's own modules are assumed to define a place among the outputs: that of `flake.modules`,
/// or of one of its classes.
pub(crate) fn is_of_modules(node: &Node<'_>) -> bool {
    let path = node.path.segments();
    let is_meant = matches!(path[..], [flake, modules] | [flake, modules, _]
            if flake.as_str() == "flake" && modules.as_str() == "modules");
    is_meant && node.universe.is_flake()
}

/// Whether a place is that of all outputs of a flake, whose type is a free-form one.
pub(crate) fn is_outputs(path: &Path<'_>) -> bool {
    matches!(path.segments()[..], [flake] if flake.as_str() == "flake")
}

/// Whether a place is that of one flake's modules: those of others define outputs, and what all systems have.
pub(crate) fn is_of_one(node: &Node<'_>) -> bool {
    const COMMON: &[&str] =
        &["debug", "flake", "perInput", "perSystem", "systems", "transposition"];
    let first = node.path.segments().first().copied();
    node.universe.is_flake() && first.is_some_and(|name| !COMMON.contains(&name.as_str()))
}

/// Whether what is not known is a module for the tools of a repository, which makes no hosts.
pub(crate) fn is_tool(module: &Unknown<'_>) -> bool {
    const TOOLS: &[&str] = &[
        "actions-nix",
        "agenix-rekey",
        "devenv",
        "devshell",
        "disko",
        "flake-file",
        "flake-parts.",
        "git-hooks",
        "hci-effects",
        "hercules-ci-effects",
        "home-manager.",
        "hooks",
        "make-shell",
        "nixvim",
        "pkgs-by-name",
        "pre-commit",
        "process-compose",
        "topology",
        "treefmt",
    ];
    let Reason::External(_, text) = module.reason else { return false };
    TOOLS.iter().any(|tool| text.contains(tool))
}

/// The argument `flake-parts-lib` of the modules.
fn own_lib<'a>(ev: &Evaluator<'a>) -> Eval<'a> {
    let rest = ev.unknown_ref(Reason::External(External::Other, "flake-parts-lib"), None);
    Ok(Value::Attrs(ev.known_in_part(functions(ev)?, rest)))
}

/// `withSystem system f`: of the arguments of `perSystem` only the system is known, but what `f` makes of them
/// may be.
static WITH_SYSTEM: Builtin = Builtin {
    name: "withSystem",
    arity: 2,
    run: |ev, args| {
        let rest = ev.unknown_ref(Reason::External(External::Nixpkgs, "perSystem"), None);
        let per_system = ev.open_attrs(vec![ev.attr("system", args[0])], Some(rest));
        ev.call(ev.force(args[1])?, ev.value(Value::Attrs(per_system)))
    },
};

/// `moduleWithSystem f`: a module that imports what `f` makes of those arguments of `perSystem` that it names.
static MODULE_WITH_SYSTEM: Builtin = Builtin {
    name: "moduleWithSystem",
    arity: 2,
    run: |ev, args| {
        let Value::Attrs(named) = ev.builtin("functionArgs", &[args[0]])? else {
            return ev.unsupported("a module that can be called");
        };
        let per_system = |name: Symbol| {
            let text = ev.arena.alloc_str(&format!("perSystem.{name}"));
            Attr { name, value: ev.external(External::Nixpkgs, text), span: None }
        };
        let given = ev.attrs(named.unordered().iter().map(|it| per_system(it.name)).collect());
        let module = ev.apply(args[0], &[ev.value(Value::Attrs(given))]);
        let imports = ev.attr("imports", ev.value(ev.list(&[module])));
        Ok(Value::Attrs(ev.attrs(vec![imports])))
    },
};

/// Outputs to which `perSystem`, or other modules of flake-parts, may add.
const MERGED: &[&str] = &[
    "apps",
    "checks",
    "darwinConfigurations",
    "darwinModules",
    "devShells",
    "formatter",
    "homeConfigurations",
    "homeManagerModules",
    "homeModules",
    "legacyPackages",
    "modules",
    "nixosConfigurations",
    "nixosModules",
    "overlays",
    "packages",
];

/// The value of an output, where it is not merged as other options are: modules add up, everything
/// else that is defined once is passed as it is.
pub(crate) fn output<'a>(
    ev: &Evaluator<'a>,
    node: &'a Node<'a>,
    definitions: &[Definition<'a>],
) -> Option<Eval<'a>> {
    let path: Vec<&str> = node.path.segments().iter().map(|name| name.as_str()).collect();
    let is_module = match path[..] {
        ["flake", "modules", _, _] => declares_modules(ev, node.universe),
        ["flake", "nixosModules" | "homeModules" | "darwinModules" | "homeManagerModules", _] => {
            true
        }
        _ => false,
    };
    if is_module {
        // What stands in no class is passed on without one.
        let is_classed = path[2] != "generic" || path[1] != "modules";
        let module = collected(ev, definitions, is_classed);
        return Some(Ok(match path[1] == "modules" && is_classed && gives_functions(ev, node) {
            true => ev.partial(&CLASSED, &[ev.value(module)]),
            false => module,
        }));
    }
    // What declares it may make something else of it.
    if let Some(unknown) = node.undeclared(ev) {
        return Some(Err(Stop::Unknown(unknown)));
    }
    // Those of the highest priority, where all surely count.
    let highest = definitions.iter().map(|definition| definition.priority).min();
    let counts = |definition: &&Definition<'a>| Some(definition.priority) == highest;
    let counting: Vec<_> = definitions.iter().filter(counts).collect();
    if counting.iter().any(|definition| definition.condition.is_some()) {
        return None;
    }
    match (&path[..], &counting[..]) {
        (["flake", "modules", _], _) => None,
        (["flake", _, _] | ["flake", "modules", _, _], [only]) => Some(ev.force(only.value)),
        (["flake", name], [only]) if !MERGED.contains(name) => Some(ev.force(only.value)),
        _ => None,
    }
}

/// Whether there is an option `flake.modules`, which a module of flake-parts declares: without one only one module
/// may define it, and what that says is passed on as it is.
fn declares_modules<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> bool {
    let path = ["flake", "modules"].map(Symbol::new);
    let node = universe.node(ev, &path);
    node.is_some_and(|node| node.definitions.len() > 1)
        || universe.collected(ev).has_foreign(|text| text.ends_with("flakeModules.modules"))
}

/// The module that definitions make up (`types.deferredModule`), with the class that flake-parts adds. How deep
/// modules import each other decides about their order, so there are as many around them as there.
fn collected<'a>(
    ev: &Evaluator<'a>,
    definitions: &[Definition<'a>],
    is_classed: bool,
) -> Value<'a> {
    let span = definitions.first().and_then(|definition| definition.span);
    let importing = |modules: &[&'a Thunk<'a>]| {
        let value = ev.value(ev.list(modules));
        let imports = Attr { name: Symbol::new("imports"), value, span };
        Value::Attrs(ev.attrs(vec![imports]))
    };
    let placed = definitions.iter().map(|definition| ev.value(importing(&[definition.value])));
    let module = importing(&placed.collect::<Vec<_>>());
    if is_classed { importing(&[ev.value(module)]) } else { module }
}

/// Since when `flake.modules` gives modules with a class as functions, in seconds since 1970.
const FUNCTIONS_SINCE: i64 = 1_765_495_779;

/// Whether the version that `flake.lock` names does so, or that may be the newest one.
fn gives_functions<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>) -> bool {
    let date = |name: &str| {
        let inputs = node.universe.special.args.get(Symbol::new("inputs"))?;
        let flake = ev.select(ev.force(inputs.value).ok()?, Symbol::new(name)).ok()??;
        let date = ev.select(ev.force(flake).ok()?, Symbol::new("lastModified")).ok()??;
        ev.force_int(date).ok()
    };
    let locked = ["flake-parts", "parts"].into_iter().find_map(date);
    locked.is_none_or(|date| date >= FUNCTIONS_SINCE)
}

/// A module as a function of what modules are given, of which it needs nothing.
static CLASSED: Builtin = Builtin { name: "module", arity: 2, run: |ev, args| ev.force(args[0]) };

/// The module that `importApply` of flake-parts makes of a file, if an unknown call is that.
pub(crate) fn import_apply<'a>(ev: &Evaluator<'a>, call: &'a Unknown<'a>) -> Option<Eval<'a>> {
    let Reason::External(_, text) = call.reason else { return None };
    let is_meant = text.ends_with("lib.importApply") && call.arguments.len() == 2;
    is_meant.then(|| properties::import_apply(ev, call.arguments))
}
