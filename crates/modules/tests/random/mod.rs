//! Random modules, with what declares their options.

mod write;

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::model::{Condition, Config, Declaration, Def, Module, Style, Type, Value};
pub use write::write_case;

/// How many conditions are unknown. In real Nix the even ones hold.
pub const UNKNOWN: usize = 3;

#[derive(Clone)]
pub struct Case {
    pub options: BTreeMap<&'static str, Declaration>,
    pub modules: Vec<Module>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&write_case(self))
    }
}

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
        defs.filter_map(|(name, def)| Some((name, def?))).collect::<BTreeMap<_, _>>()
    });
    let update = (set.clone(), condition(), set.clone());
    let set = prop_oneof![
        5 => set.prop_map(Config::Set),
        1 => update.prop_map(|(left, condition, right)| Config::Update(left, condition, right)),
    ];
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

pub fn case() -> impl Strategy<Value = Case> {
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
