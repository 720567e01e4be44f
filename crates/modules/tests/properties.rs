//! Random modules: what is known of them must be what a simple model of the module system computes,
//! whatever the unknown conditions are. Where `nix-instantiate` and `NIXPKGS_LIB` are present, real Nix
//! is asked whether the model is right.

mod model;
mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Write as _;
use std::process::{Command, Stdio};

use bumpalo::Bump;
use model::{Condition, Config, Declaration, Def, Module, Style, Type, Value};
use nixpact_eval::{Evaluator, Limits, STACK_BYTES};
use nixpact_source::Sources;
use nixpact_syntax::Asts;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value as Json;
use support::{Tally, compare};

/// How many conditions are unknown. In real Nix the even ones hold.
const UNKNOWN: usize = 3;

#[derive(Clone)]
struct Case {
    options: BTreeMap<&'static str, Declaration>,
    modules: Vec<Module>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&write_case(self))
    }
}

// Generating

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        3 => any::<bool>().prop_map(Condition::Known),
        2 => (0..UNKNOWN).prop_map(Condition::Unknown),
    ]
}

fn priority() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![50, 100, 1000, 1500, 10, 90])
}

fn order() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![500, 1000, 1500, 7])
}

/// A definition of a value, with properties in the one order that nixpkgs understands, and rarely in
/// another where the value is not taken for one. An order around a submodule is an error that Nix
/// cannot catch.
fn def(ty: &Type) -> BoxedStrategy<Def> {
    def_of(value(ty), !is_submodule(ty), is_scalar(ty))
}

fn is_submodule(ty: &Type) -> bool {
    match ty {
        Type::Submodule => true,
        Type::NullOr(inner) | Type::Unique(inner) => is_submodule(inner),
        _ => false,
    }
}

fn def_of(value: BoxedStrategy<Value>, has_order: bool, nests: bool) -> BoxedStrategy<Def> {
    let leaf = value.prop_map(Def::Value).boxed();
    let ordered = match has_order {
        false => leaf,
        true => prop_oneof![
            4 => leaf.clone(),
            1 => (order(), leaf).prop_map(|(order, def)| Def::Order(order, Box::new(def))),
        ]
        .boxed(),
    };
    let over = |def: BoxedStrategy<Def>| {
        (priority(), def).prop_map(|(priority, def)| Def::Override(priority, Box::new(def)))
    };
    let overridden = prop_oneof![4 => ordered.clone(), 2 => over(ordered)].boxed();
    let conditional = overridden.clone().prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            2 => (condition(), inner.clone())
                .prop_map(|(condition, def)| Def::If(condition, Box::new(def))),
            1 => prop::collection::vec(inner, 0..3).prop_map(Def::Merge),
        ]
    });
    if nests {
        prop_oneof![12 => conditional.clone(), 1 => over(conditional.boxed())].boxed()
    } else {
        conditional.boxed()
    }
}

fn strings() -> BoxedStrategy<Value> {
    prop::sample::select(vec!["a", "b", "c"]).prop_map(Value::Str).boxed()
}

fn ints() -> BoxedStrategy<Value> {
    (0..3i64).prop_map(Value::Int).boxed()
}

fn list(element: BoxedStrategy<Def>) -> BoxedStrategy<Value> {
    prop::collection::vec(element, 0..3).prop_map(Value::List).boxed()
}

fn attrs(element: BoxedStrategy<Def>) -> BoxedStrategy<Value> {
    let name = prop::sample::select(vec!["p", "q", "r"]);
    prop::collection::btree_map(name, element, 0..3).prop_map(Value::Attrs).boxed()
}

/// Mostly one choice that there is, of the right type.
fn tag() -> BoxedStrategy<Value> {
    let choice = |name: &'static str, ty: &Type| {
        def(ty).prop_map(move |def| Value::Attrs(BTreeMap::from([(name, def)])))
    };
    let numbers = Type::ListOf(Box::new(Type::Int));
    prop_oneof![
        4 => choice("p", &Type::Int),
        4 => choice("q", &numbers),
        1 => attrs(def(&Type::Int)),
    ]
    .boxed()
}

fn is_scalar(ty: &Type) -> bool {
    match ty {
        Type::NullOr(inner) | Type::Unique(inner) => is_scalar(inner),
        Type::AttrsOf(_) | Type::LazyAttrsOf(_) | Type::Submodule | Type::Anything | Type::Tag => {
            false
        }
        _ => true,
    }
}

fn value(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Int | Type::Positive => ints(),
        Type::Bool | Type::BoolByOr => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Str | Type::Lines | Type::Enum => strings(),
        Type::NullOr(inner) => prop_oneof![1 => Just(Value::Null), 3 => value(inner)].boxed(),
        Type::Unique(inner) => value(inner),
        Type::Coerced => prop_oneof![ints(), list(def(&Type::Int))].boxed(),
        Type::Tag => tag(),
        Type::NullOrInt => prop_oneof![Just(Value::Null), ints()].boxed(),
        Type::EitherIntList => prop_oneof![ints(), list(def(&Type::Int))].boxed(),
        Type::ListOf(inner) => list(def(inner)),
        Type::AttrsOf(inner) | Type::LazyAttrsOf(inner) => attrs(def(inner)),
        Type::Submodule => (
            prop::option::of(def(&Type::Int)),
            prop::option::of(def(&Type::ListOf(Box::new(Type::Int)))),
            prop::option::of(def(&Type::NullOrInt)),
        )
            .prop_map(|(x, l, n)| {
                let options = [("x", x), ("l", l), ("n", n)].into_iter();
                Value::Attrs(options.filter_map(|(name, def)| Some((name, def?))).collect())
            })
            .boxed(),
        Type::Anything => {
            let member = |value| attrs(def_of(value, true, false));
            let inner = prop_oneof![ints(), member(ints())].boxed();
            prop_oneof![1 => ints(), 3 => member(inner)].boxed()
        }
    }
}

const NAMES: [&str; 3] = ["a", "b", "c"];

fn ty() -> BoxedStrategy<Type> {
    let boxed = |of: fn(Box<Type>) -> Type, ty| of(Box::new(ty));
    prop::sample::select(vec![
        Type::Int,
        Type::Bool,
        Type::BoolByOr,
        Type::Str,
        Type::Lines,
        Type::NullOrInt,
        Type::EitherIntList,
        boxed(Type::ListOf, Type::Int),
        boxed(Type::ListOf, boxed(Type::ListOf, Type::Str)),
        boxed(Type::ListOf, Type::Submodule),
        boxed(Type::AttrsOf, Type::Int),
        boxed(Type::AttrsOf, boxed(Type::AttrsOf, Type::Int)),
        boxed(Type::AttrsOf, boxed(Type::ListOf, Type::Int)),
        boxed(Type::AttrsOf, Type::Submodule),
        boxed(Type::LazyAttrsOf, Type::NullOrInt),
        boxed(Type::LazyAttrsOf, boxed(Type::AttrsOf, Type::Int)),
        Type::Submodule,
        Type::Anything,
        Type::Enum,
        Type::Positive,
        Type::Coerced,
        Type::Tag,
        boxed(Type::AttrsOf, Type::Tag),
        boxed(Type::AttrsOf, Type::Coerced),
        boxed(Type::ListOf, Type::Coerced),
        boxed(Type::NullOr, Type::Lines),
        boxed(Type::NullOr, boxed(Type::ListOf, Type::Int)),
        boxed(Type::NullOr, Type::Submodule),
        boxed(Type::AttrsOf, boxed(Type::NullOr, Type::Submodule)),
        boxed(Type::Unique, Type::Lines),
        boxed(Type::Unique, boxed(Type::AttrsOf, Type::Int)),
    ])
    .boxed()
}

fn config(types: Vec<Type>) -> BoxedStrategy<Config> {
    let member = |at: usize| prop::option::of(def(&types[at]));
    let set = (member(0), member(1), member(2)).prop_map(|(a, b, c)| {
        let defs = NAMES.into_iter().zip([a, b, c]);
        Config::Set(defs.filter_map(|(name, def)| Some((name, def?))).collect())
    });
    // A priority around a set stands around its definitions, whose own ones are then values: sound
    // only where no set is expected.
    let nests = types.iter().all(is_scalar);
    set.prop_recursive(2, 4, 2, move |inner| {
        let conditional = (condition(), inner.clone())
            .prop_map(|(condition, config)| Config::If(condition, Box::new(config)));
        let merged = prop::collection::vec(inner.clone(), 0..3).prop_map(Config::Merge);
        let over = (priority(), inner)
            .prop_map(|(priority, config)| Config::Override(priority, Box::new(config)));
        match nests {
            true => prop_oneof![2 => conditional, 1 => merged, 1 => over].boxed(),
            false => prop_oneof![2 => conditional, 1 => merged].boxed(),
        }
    })
    .boxed()
}

fn style() -> impl Strategy<Value = Style> {
    prop::sample::select(vec![
        Style::Config,
        Style::Shorthand,
        Style::Function,
        Style::Let,
        Style::Merge,
        Style::If,
        Style::Paths,
    ])
}

fn module(types: Vec<Type>) -> BoxedStrategy<Module> {
    let leaf = (config(types.clone()), style()).prop_map(|(config, style)| Module {
        config,
        style,
        imports: Vec::new(),
    });
    leaf.prop_recursive(2, 6, 2, move |inner| {
        (config(types.clone()), style(), prop::collection::vec(inner, 0..3))
            .prop_map(|(config, style, imports)| Module { config, style, imports })
    })
    .boxed()
}

fn plain(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(|def| matches!(def, Def::Value(v) if plain(v))),
        Value::Attrs(attrs) => attrs.values().all(|def| matches!(def, Def::Value(v) if plain(v))),
        _ => true,
    }
}

fn case() -> impl Strategy<Value = Case> {
    prop::collection::vec((ty(), any::<bool>(), 0..8u8), 3).prop_flat_map(|drawn| {
        let types: Vec<Type> = drawn.iter().map(|(ty, _, _)| ty.clone()).collect();
        let defaults: Vec<_> = drawn
            .iter()
            .map(|(ty, has, _)| match has {
                true => value(ty).prop_map(Some).boxed(),
                false => Just(None).boxed(),
            })
            .collect();
        (defaults, prop::collection::vec(module(types), 1..4)).prop_map(
            move |(defaults, modules)| {
                let declared = drawn.iter().zip(defaults);
                let options = declared.map(|((ty, _, read_only), default)| Declaration {
                    ty: ty.clone(),
                    default: default.filter(plain),
                    read_only: *read_only == 0,
                });
                Case { options: NAMES.into_iter().zip(options).collect(), modules }
            },
        )
    })
}

// Writing

fn write_condition(condition: Condition, out: &mut String) {
    let _ = match condition {
        Condition::Known(known) => write!(out, "{known}"),
        Condition::Unknown(number) => {
            let sign = if number % 2 == 0 { '>' } else { '<' };
            write!(out, "(builtins.currentTime {sign} {number})")
        }
    };
}

fn write_def(def: &Def, out: &mut String) {
    match def {
        Def::Value(value) => write_value(value, out),
        Def::If(condition, def) => {
            out.push_str("(mkIf ");
            write_condition(*condition, out);
            out.push(' ');
            write_def(def, out);
            out.push(')');
        }
        Def::Merge(defs) => {
            out.push_str("(mkMerge [ ");
            for def in defs {
                write_def(def, out);
                out.push(' ');
            }
            out.push_str("])");
        }
        Def::Override(priority, def) => {
            let _ = write!(out, "(mkOverride {priority} ");
            write_def(def, out);
            out.push(')');
        }
        Def::Order(order, def) => {
            let _ = write!(out, "(mkOrder {order} ");
            write_def(def, out);
            out.push(')');
        }
    }
}

fn write_value(value: &Value, out: &mut String) {
    let _ = match value {
        Value::Null => write!(out, "null"),
        Value::Bool(value) => write!(out, "{value}"),
        Value::Int(value) => write!(out, "{value}"),
        Value::Str(value) => write!(out, "{value:?}"),
        Value::List(items) => {
            out.push_str("[ ");
            for item in items {
                write_def(item, out);
                out.push(' ');
            }
            write!(out, "]")
        }
        Value::Attrs(attrs) => {
            write_set(attrs, out);
            Ok(())
        }
    };
}

fn write_set(set: &BTreeMap<&'static str, Def>, out: &mut String) {
    out.push_str("{ ");
    for (name, def) in set {
        let _ = write!(out, "{name} = ");
        write_def(def, out);
        out.push_str("; ");
    }
    out.push('}');
}

fn write_config(config: &Config, out: &mut String) {
    match config {
        Config::Set(set) => write_set(set, out),
        Config::If(condition, config) => {
            out.push_str("(mkIf ");
            write_condition(*condition, out);
            out.push(' ');
            write_config(config, out);
            out.push(')');
        }
        Config::Merge(configs) => {
            out.push_str("(mkMerge [ ");
            for config in configs {
                write_config(config, out);
                out.push(' ');
            }
            out.push_str("])");
        }
        Config::Override(priority, config) => {
            let _ = write!(out, "(mkOverride {priority} ");
            write_config(config, out);
            out.push(')');
        }
    }
}

fn write_type(ty: &Type) -> String {
    match ty {
        Type::Int => "types.int".to_owned(),
        Type::Bool => "types.bool".to_owned(),
        Type::BoolByOr => "types.boolByOr".to_owned(),
        Type::Str => "types.str".to_owned(),
        Type::Lines => "types.lines".to_owned(),
        Type::NullOrInt => "(types.nullOr types.int)".to_owned(),
        Type::EitherIntList => "(types.either types.int (types.listOf types.int))".to_owned(),
        Type::ListOf(inner) => format!("(types.listOf {})", write_type(inner)),
        Type::AttrsOf(inner) => format!("(types.attrsOf {})", write_type(inner)),
        Type::LazyAttrsOf(inner) => format!("(types.lazyAttrsOf {})", write_type(inner)),
        Type::Submodule => {
            format!("(types.submodule {{ options = {}; }})", write_options(&model::submodule()))
        }
        Type::Anything => "types.anything".to_owned(),
        Type::Enum => "(types.enum [ \"a\" \"b\" ])".to_owned(),
        Type::Positive => "types.ints.positive".to_owned(),
        Type::NullOr(inner) => format!("(types.nullOr {})", write_type(inner)),
        Type::Unique(inner) => format!("(types.uniq {})", write_type(inner)),
        Type::Coerced => {
            "(types.coercedTo types.int (x: [ x ]) (types.listOf types.int))".to_owned()
        }
        Type::Tag => "(types.attrTag { p = mkOption { type = types.int; }; \
                      q = mkOption { type = types.listOf types.int; }; })"
            .to_owned(),
    }
}

fn write_options(options: &BTreeMap<&'static str, Declaration>) -> String {
    let mut out = "{ ".to_owned();
    for (name, Declaration { ty, default, read_only }) in options {
        let _ = write!(out, "{name} = mkOption {{ type = {}; ", write_type(ty));
        if let Some(default) = default {
            out.push_str("default = ");
            write_value(default, &mut out);
            out.push_str("; ");
        }
        if *read_only {
            out.push_str("readOnly = true; ");
        }
        out.push_str("}; ");
    }
    out + "}"
}

fn write_module(module: &Module, out: &mut String) {
    let mut imports = String::new();
    for import in &module.imports {
        write_module(import, &mut imports);
        imports.push(' ');
    }
    let mut config = String::new();
    write_config(&module.config, &mut config);
    let _ = match (module.style, &module.config) {
        (Style::Paths, Config::Set(set)) => {
            let _ = write!(out, "{{ imports = [ {imports}]; ");
            for (name, def) in set {
                let _ = write!(out, "lab.{name} = ");
                write_def(def, out);
                out.push_str("; ");
            }
            write!(out, "}}")
        }
        (Style::Config | Style::Paths, _) => {
            write!(out, "{{ imports = [ {imports}]; config.lab = {config}; }}")
        }
        (Style::Shorthand, _) => write!(out, "{{ imports = [ {imports}]; lab = {config}; }}"),
        (Style::Function, _) => write!(
            out,
            "({{ config, lib, ... }}: {{ imports = [ {imports}]; config = {{ lab = {config}; }}; }})"
        ),
        (Style::Let, _) => write!(
            out,
            "(args: let lab = {config}; in {{ imports = [ {imports}]; config = {{ inherit lab; }}; }})"
        ),
        (Style::Merge, _) => {
            write!(out, "{{ imports = [ {imports}]; config = mkMerge [ {{ lab = {config}; }} ]; }}")
        }
        (Style::If, _) => {
            write!(out, "{{ imports = [ {imports}]; config = mkIf true {{ lab = {config}; }}; }}")
        }
    };
}

/// The case as a function of `{ lib }` that gives modules. The module that declares comes last, so
/// that its imports are the others.
fn write_case(case: &Case) -> String {
    let mut out = "{ lib }: with lib; [ ".to_owned();
    for module in &case.modules {
        write_module(module, &mut out);
        out.push_str("\n  ");
    }
    let _ = write!(out, "{{ options.lab = {}; }} ]", write_options(&case.options));
    out
}

// Checking

/// What is known of the case, compared with each of the values.
fn tally(text: String, expected: Vec<Json>) -> Tally {
    let main =
        "{ lib }: (lib.evalModules { modules = import ./case.nix { inherit lib; }; }).config.lab";
    let run = move || {
        let files = [("case.nix".to_owned(), text), ("main.nix".to_owned(), main.to_owned())];
        let sources = Sources::from_memory(files);
        let asts = Asts::of(&sources);
        let arena = Bump::new();
        let groups = nixpact_modules::GROUPS;
        let ev = Evaluator::new(&arena, &sources, &asts, groups, Limits::default());
        let lib = ev
            .value(nixpact_eval::Value::Attrs(ev.attrs(vec![ev.attr("lib", ev.value(ev.lib()))])));
        let config = ev.apply(ev.file(sources.id("main.nix").unwrap()), &[lib]);
        let mut tally = Tally::default();
        for expected in &expected {
            compare(&ev, config, expected, "lab", &mut tally);
        }
        tally
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap()
}

/// The values for all truths of the unknown conditions.
fn values(case: &Case) -> Vec<Json> {
    (0..1 << UNKNOWN)
        .map(|bits| {
            let truth: Vec<bool> = (0..UNKNOWN).map(|number| bits >> number & 1 == 1).collect();
            model::evaluate(&case.options, &case.modules, &truth)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn known_values_hold_for_every_condition(case in case()) {
        let text = write_case(&case);
        let tally = tally(text, values(&case));
        prop_assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    }
}

/// Random modules without unknown conditions are known as a whole.
#[test]
fn most_values_are_known() {
    let mut runner = TestRunner::deterministic();
    let (mut known, mut unknown) = (0, 0);
    for _ in 0..100 {
        let case = case().new_tree(&mut runner).unwrap().current();
        let text = write_case(&case).replace("builtins.currentTime", "1");
        let truth = [true, false, true];
        let expected = model::evaluate(&case.options, &case.modules, &truth);
        let tally = tally(text.replace("(1 < 1)", "false"), vec![expected]);
        known += tally.known;
        unknown += tally.unknown;
    }
    assert!(unknown == 0, "{known} known, {unknown} unknown");
}

#[test]
fn the_model_computes_what_real_nix_does() {
    let Some(library) = std::env::var_os("NIXPKGS_LIB") else { return };
    let count = std::env::var("NIXPACT_SAMPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let mut runner = TestRunner::deterministic();
    let cases: Vec<Case> =
        (0..count).map(|_| case().new_tree(&mut runner).unwrap().current()).collect();
    let texts: Vec<String> = cases.iter().map(write_case).collect();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.nix");
    let library = library.to_str().unwrap();
    let expression = format!(
        "let lib = import {library}; in map (case: import {golden} {{ inherit lib case; }}) [ {} ]",
        texts.iter().map(|text| format!("({text})")).collect::<String>()
    );
    let Some(output) = real_nix(&expression) else { return };
    // On an error it may still print a list that looks complete.
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let real: Vec<Json> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(real.len(), cases.len());
    let truth: Vec<bool> = (0..UNKNOWN).map(|number| number % 2 == 0).collect();
    for ((case, text), real) in cases.iter().zip(&texts).zip(&real) {
        let model = model::evaluate(&case.options, &case.modules, &truth);
        assert_eq!(&model, real, "{text}");
    }
}

/// What `nix-instantiate` says to an expression, which may be too long for an argument; none where it is
/// not installed.
#[allow(clippy::disallowed_methods, reason = "real Nix is the judge")]
fn real_nix(expression: &str) -> Option<std::process::Output> {
    let nix = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut nix = match nix {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        nix => nix.unwrap(),
    };
    // Dropped when all is written, which ends the expression.
    nix.stdin.take().unwrap().write_all(expression.as_bytes()).unwrap();
    Some(nix.wait_with_output().unwrap())
}
