//! flake-parts: a flake whose outputs are the option `flake` of modules.
//!
//! Follows `lib.mkFlake` of flake-parts as far as hosts and modules need it; `perSystem` is unknown.

use nixpact_eval::{Attr, Builtin, Eval, Evaluator, External, Reason, Stop, Thunk, Unknown, Value};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;

use crate::collect::Source;
use crate::node::Node;
use crate::property::Definition;
use crate::universe::{Special, Universe};

/// The outputs of a flake whose `outputs` ended in a call of `mkFlake` with the two arguments that
/// flake-parts takes.
pub(crate) fn outputs<'a>(ev: &Evaluator<'a>, call: &'a Unknown<'a>, flake: FileId) -> Eval<'a> {
    let (Reason::External(_, text), [settings, module]) = (call.reason, call.arguments) else {
        return Err(Stop::Unknown(call));
    };
    if !text.ends_with(".lib.mkFlake") {
        return Err(Stop::Unknown(call));
    }
    let settings = ev.force_attrs(settings)?;
    let given = |name: &str| settings.get(Symbol::new(name)).map(|attr| attr.value);
    let inputs = given("inputs").unwrap_or_else(|| ev.external(External::Input, "inputs"));
    let itself = ev.lazy(move |ev| match ev.select(ev.force(inputs)?, Symbol::new("self"))? {
        Some(itself) => ev.force(itself),
        None => Err(ev.unknown(Reason::External(External::Itself, "self"), None)),
    });
    let mut entries = vec![
        ev.attr("inputs", inputs),
        ev.attr("self", itself),
        ev.attr("withSystem", ev.value(ev.partial(&WITH_SYSTEM, &[]))),
    ];
    for name in ["flake-parts-lib", "getSystem", "moduleWithSystem"] {
        entries.push(ev.attr(name, ev.external(External::Other, name)));
    }
    if let Some(Ok(Value::Attrs(more))) = given("specialArgs").map(|args| ev.force(args)) {
        entries.extend_from_slice(more.unordered());
    }
    let special = Special { args: ev.attrs(entries), rest: None, class: Some("flake") };
    let universe = Universe::flake(ev, &[Source::Module(module, Some(flake))], special);
    match ev.select(ev.force(universe.config(ev))?, Symbol::new("flake"))? {
        Some(outputs) => ev.force(outputs),
        None => Ok(Value::Attrs(ev.attrs(Vec::new()))),
    }
}

/// `withSystem system f`: the arguments of `perSystem` are not known, but what `f` makes of them may be.
static WITH_SYSTEM: Builtin = Builtin {
    name: "withSystem",
    arity: 2,
    run: |ev, args| {
        let per_system = ev.external(External::Nixpkgs, "perSystem");
        ev.call(ev.force(args[1])?, per_system)
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
    let is_module = matches!(
        path[..],
        ["flake", "modules", _, _]
            | ["flake", "nixosModules" | "homeModules" | "darwinModules" | "homeManagerModules", _]
    );
    if is_module {
        let modules: Vec<&'a Thunk<'a>> = definitions.iter().map(|d| d.value).collect();
        let imports = Attr {
            name: Symbol::new("imports"),
            value: ev.value(ev.list(&modules)),
            span: definitions.first().and_then(|definition| definition.span),
        };
        return Some(Ok(Value::Attrs(ev.attrs(vec![imports]))));
    }
    match (&path[..], definitions) {
        (["flake", "modules", _], _) => None,
        (["flake", _, _], [only]) => Some(ev.force(only.value)),
        (["flake", name], [only]) if !MERGED.contains(name) => Some(ev.force(only.value)),
        _ => None,
    }
}

/// The files that `import-tree DIRECTORY` imports: all below it, without those whose path has a part
/// that begins with an underscore. `None` where another function is meant.
pub(crate) fn import_tree<'a>(
    ev: &Evaluator<'a>,
    call: &'a Unknown<'a>,
) -> Option<Eval<'a, Vec<FileId>>> {
    let (Reason::External(_, text), [directory]) = (call.reason, call.arguments) else {
        return None;
    };
    if text.rsplit('.').next() != Some("import-tree") {
        return None;
    }
    Some(ev.force(directory).and_then(|value| ev.to_path(value)).map(|directory| {
        let files = (0..).map(FileId::new).zip(ev.sources.files());
        let below = |path: &'a str| match directory {
            "" => Some(path),
            _ => path.strip_prefix(directory)?.strip_prefix('/'),
        };
        files
            .filter(|(_, file)| {
                below(&file.path).is_some_and(|path| !path.split('/').any(|p| p.starts_with('_')))
            })
            .map(|(id, _)| id)
            .collect()
    }))
}
