//! A second, simple implementation of what the module system computes, for random modules.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

pub const ERROR: &str = "«error»";

/// A condition: `true`, `false`, or one that nixpact cannot know but Nix computes.
#[derive(Clone, Copy, Debug)]
pub enum Condition {
    Known(bool),
    /// The number of the unknown condition.
    Unknown(usize),
}

/// A definition with its properties.
#[derive(Clone, Debug)]
pub enum Def {
    Value(Value),
    If(Condition, Box<Def>),
    Merge(Vec<Def>),
    Override(i64, Box<Def>),
    Order(i64, Box<Def>),
}

#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Str(&'static str),
    List(Vec<Def>),
    Attrs(BTreeMap<&'static str, Def>),
}

/// A set of definitions with properties around it.
#[derive(Clone, Debug)]
pub enum Config {
    Set(BTreeMap<&'static str, Def>),
    /// `//`, of which the right side is there only if the condition holds.
    Update(BTreeMap<&'static str, Def>, Condition, BTreeMap<&'static str, Def>),
    If(Condition, Box<Config>),
    Merge(Vec<Config>),
    Override(i64, Box<Config>),
}

/// How a module is written, which changes nothing.
#[derive(Clone, Copy, Debug)]
pub enum Style {
    /// `{ config.lab = …; }`
    Config,
    /// `{ lab = …; }`
    Shorthand,
    /// `{ config, lib, ... }: { config = { lab = …; }; }`
    Function,
    /// `args: let lab = …; in { config = { inherit lab; }; }`
    Let,
    /// `{ config = mkMerge [ { lab = …; } ]; }`
    Merge,
    /// `{ config = mkIf true { lab = …; }; }`
    If,
    /// `{ lab.a = …; lab.b = …; }`, where it is a plain set.
    Paths,
}

#[derive(Clone, Debug)]
pub struct Module {
    pub config: Config,
    pub style: Style,
    pub imports: Vec<Module>,
}

#[derive(Clone, Debug)]
pub enum Type {
    Int,
    Bool,
    BoolByOr,
    Str,
    Lines,
    NullOrInt,
    EitherIntList,
    ListOf(Box<Type>),
    AttrsOf(Box<Type>),
    LazyAttrsOf(Box<Type>),
    Submodule,
    Anything,
    /// `enum [ "a" "b" ]`
    Enum,
    /// `ints.positive`
    Positive,
    NullOr(Box<Type>),
    Unique(Box<Type>),
    /// `coercedTo int (x: [ x ]) (listOf int)`
    Coerced,
    /// `attrTag { p = … int; q = … listOf int; }`
    Tag,
}

#[derive(Clone, Debug)]
pub struct Declaration {
    pub ty: Type,
    pub default: Option<Value>,
    pub read_only: bool,
}

/// What the options of `Type::Submodule` are.
pub fn submodule() -> BTreeMap<&'static str, Declaration> {
    let option = |ty, default| Declaration { ty, default, read_only: false };
    BTreeMap::from([
        ("l", option(Type::ListOf(Box::new(Type::Int)), None)),
        ("n", option(Type::NullOrInt, None)),
        ("x", option(Type::Int, Some(Value::Int(1)))),
    ])
}

/// The value of everything where the unknown conditions are `truth`.
pub fn evaluate(
    declarations: &BTreeMap<&'static str, Declaration>,
    modules: &[Module],
    truth: &[bool],
) -> Json {
    let mut order: Vec<&Module> = modules.iter().collect();
    let mut at = 0;
    while at < order.len() {
        order.extend(order[at].imports.iter());
        at += 1;
    }
    let configs: Vec<Config> = order.iter().rev().map(|module| module.config.clone()).collect();
    options(declarations, &configs, truth)
}

fn options(
    declarations: &BTreeMap<&'static str, Declaration>,
    configs: &[Config],
    truth: &[bool],
) -> Json {
    let mut below: BTreeMap<&str, Vec<Def>> = BTreeMap::new();
    for config in configs {
        for set in push_down(config, truth) {
            for (name, def) in set {
                below.entry(name).or_default().push(def);
            }
        }
    }
    let value = |(name, declaration): (&&'static str, &Declaration)| {
        let mut defs = below.get(name).cloned().unwrap_or_default();
        if let Some(default) = &declaration.default {
            defs.insert(0, Def::Override(1500, Box::new(Def::Value(default.clone()))));
        }
        let refused = declaration.read_only && defs.len() > 1;
        let value = match refused {
            true => None,
            false => merge(&declaration.ty, &defs, truth)
                .and_then(|value| value.or_else(|| empty(&declaration.ty, truth))),
        };
        ((*name).to_owned(), value.unwrap_or_else(|| json!(ERROR)))
    };
    Json::Object(declarations.iter().map(value).collect())
}

fn push_down(config: &Config, truth: &[bool]) -> Vec<BTreeMap<&'static str, Def>> {
    let around = |config: &Config, property: &dyn Fn(Def) -> Def| {
        let mut sets = push_down(config, truth);
        for def in sets.iter_mut().flat_map(|set| set.values_mut()) {
            *def = property(def.clone());
        }
        sets
    };
    match config {
        Config::Set(set) => vec![set.clone()],
        Config::Update(left, condition, right) => {
            let mut set = left.clone();
            if holds(*condition, truth) {
                set.extend(right.clone());
            }
            vec![set]
        }
        Config::Merge(configs) => {
            configs.iter().flat_map(|config| push_down(config, truth)).collect()
        }
        Config::If(condition, config) => around(config, &|def| Def::If(*condition, Box::new(def))),
        Config::Override(priority, config) => {
            around(config, &|def| Def::Override(*priority, Box::new(def)))
        }
    }
}

fn holds(condition: Condition, truth: &[bool]) -> bool {
    match condition {
        Condition::Known(known) => known,
        Condition::Unknown(number) => truth[number],
    }
}

fn discharge(def: &Def, truth: &[bool]) -> Vec<Def> {
    match def {
        Def::Merge(defs) => defs.iter().flat_map(|def| discharge(def, truth)).collect(),
        Def::If(condition, def) if holds(*condition, truth) => discharge(def, truth),
        Def::If(..) => Vec::new(),
        _ => vec![def.clone()],
    }
}

/// The merged value; the inner `None` where nothing is defined, the outer where Nix gives an error.
fn merge(ty: &Type, defs: &[Def], truth: &[bool]) -> Option<Option<Json>> {
    let defs: Vec<Def> = defs.iter().flat_map(|def| discharge(def, truth)).collect();
    let priority = |def: &Def| if let Def::Override(priority, _) = def { *priority } else { 100 };
    let Some(highest) = defs.iter().map(priority).min() else { return Some(None) };
    let strip = |def| if let Def::Override(_, content) = def { *content } else { def };
    let mut ordered: Vec<(Option<i64>, Def)> = defs
        .into_iter()
        .filter(|def| priority(def) == highest)
        .map(|def| match strip(def) {
            Def::Order(order, content) => (Some(order), *content),
            other => (None, other),
        })
        .collect();
    // Sorting leaves a mark on definitions that submodules do not expect.
    if matches!(ty, Type::Submodule) && ordered.iter().any(|(order, _)| order.is_some()) {
        return None;
    }
    ordered.sort_by_key(|(order, _)| order.unwrap_or(1000));
    // A property inside of another one is a value, and of no type here.
    let values: Option<Vec<Value>> = ordered
        .into_iter()
        .map(|(_, def)| if let Def::Value(value) = def { Some(value) } else { None })
        .collect();
    merge_values(ty, &values?, truth).map(Some)
}

fn merge_values(ty: &Type, values: &[Value], truth: &[bool]) -> Option<Json> {
    if !values.iter().all(|value| check(ty, value)) {
        return None;
    }
    match ty {
        Type::Int | Type::Bool | Type::Str => equal(values),
        Type::BoolByOr => {
            Some(json!(values.iter().any(|value| matches!(value, Value::Bool(true)))))
        }
        Type::Lines => {
            let lines =
                values.iter().map(|value| if let Value::Str(text) = value { *text } else { "" });
            Some(json!(lines.collect::<Vec<_>>().join("\n")))
        }
        Type::NullOrInt | Type::Enum | Type::Positive => equal(values),
        Type::NullOr(inner) => {
            let nulls = values.iter().filter(|value| matches!(value, Value::Null)).count();
            match nulls {
                0 => merge_values(inner, values, truth),
                _ => (nulls == values.len()).then_some(Json::Null),
            }
        }
        Type::Unique(inner) => match values {
            [_] => merge_values(inner, values, truth),
            _ => None,
        },
        Type::Coerced => {
            let lists: Vec<Value> = values
                .iter()
                .map(|value| match value {
                    Value::Int(_) => Value::List(vec![Def::Value(value.clone())]),
                    other => other.clone(),
                })
                .collect();
            merge_values(&Type::ListOf(Box::new(Type::Int)), &lists, truth)
        }
        Type::Tag => {
            let sets: Vec<_> = values.iter().filter_map(attributes).collect();
            let (name, _) = sets.first()?.first_key_value()?;
            let ty = tag(name)?;
            let defs: Option<Vec<Def>> = sets.iter().map(|set| set.get(name).cloned()).collect();
            let value = defs.and_then(|defs| merge(&ty, &defs, truth));
            let value = value.and_then(|value| value.or_else(|| empty(&ty, truth)));
            Some(json!({ *name: value.unwrap_or_else(|| json!(ERROR)) }))
        }
        Type::EitherIntList => {
            let list = Type::ListOf(Box::new(Type::Int));
            if values.iter().all(|value| check(&Type::Int, value)) {
                merge_values(&Type::Int, values, truth)
            } else if values.iter().all(|value| check(&list, value)) {
                merge_values(&list, values, truth)
            } else {
                None
            }
        }
        Type::ListOf(element) => {
            let mut merged = Vec::new();
            for value in values {
                let Value::List(items) = value else { continue };
                for item in items {
                    match merge(element, std::slice::from_ref(item), truth) {
                        Some(Some(value)) => merged.push(value),
                        Some(None) => {}
                        None => merged.push(json!(ERROR)),
                    }
                }
            }
            Some(Json::Array(merged))
        }
        Type::AttrsOf(element) | Type::LazyAttrsOf(element) => {
            let is_lazy = matches!(ty, Type::LazyAttrsOf(_));
            let mut merged = serde_json::Map::new();
            for (name, defs) in members(values) {
                let value = match merge(element, &defs, truth) {
                    Some(Some(value)) => value,
                    Some(None) if is_lazy => empty(element, truth).unwrap_or_else(|| json!(ERROR)),
                    Some(None) => continue,
                    None => json!(ERROR),
                };
                merged.insert(name.to_owned(), value);
            }
            Some(Json::Object(merged))
        }
        Type::Submodule => {
            let configs: Vec<Config> = values
                .iter()
                .rev()
                .map(|value| match value {
                    Value::Attrs(attrs) => Config::Set(attrs.clone()),
                    _ => Config::Merge(Vec::new()),
                })
                .collect();
            Some(options(&submodule(), &configs, truth))
        }
        Type::Anything => {
            let sets = values.iter().filter_map(attributes).count();
            match sets {
                0 => equal(values),
                _ if sets == values.len() => {
                    merge_values(&Type::AttrsOf(Box::new(Type::Anything)), values, truth)
                }
                _ => None,
            }
        }
    }
}

/// The type of a choice of `Type::Tag`.
fn tag(name: &str) -> Option<Type> {
    match name {
        "p" => Some(Type::Int),
        "q" => Some(Type::ListOf(Box::new(Type::Int))),
        _ => None,
    }
}

fn attributes(value: &Value) -> Option<&BTreeMap<&'static str, Def>> {
    match value {
        Value::Attrs(attrs) => Some(attrs),
        _ => None,
    }
}

fn members(values: &[Value]) -> BTreeMap<&'static str, Vec<Def>> {
    let mut members: BTreeMap<&str, Vec<Def>> = BTreeMap::new();
    for (name, def) in values.iter().filter_map(attributes).flatten() {
        members.entry(name).or_default().push(def.clone());
    }
    members
}

fn check(ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Enum, Value::Str(text)) => return matches!(*text, "a" | "b"),
        (Type::Positive, Value::Int(number)) => return *number > 0,
        (Type::NullOr(inner), value) => {
            return matches!(value, Value::Null) || check(inner, value);
        }
        (Type::Unique(inner), value) => return check(inner, value),
        (Type::Tag, Value::Attrs(attrs)) => {
            return attrs.len() == 1 && attrs.keys().all(|name| tag(name).is_some());
        }
        _ => {}
    }
    matches!(
        (ty, value),
        (Type::Int | Type::NullOrInt | Type::EitherIntList, Value::Int(_))
            | (Type::Bool | Type::BoolByOr, Value::Bool(_))
            | (Type::Str | Type::Lines, Value::Str(_))
            | (Type::NullOrInt, Value::Null)
            | (Type::ListOf(_) | Type::EitherIntList | Type::Coerced, Value::List(_))
            | (Type::Coerced, Value::Int(_))
            | (Type::AttrsOf(_) | Type::LazyAttrsOf(_) | Type::Submodule, Value::Attrs(_))
            | (Type::Anything, _)
    )
}

fn scalar(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Str(value) => json!(value),
        _ => Json::Null,
    }
}

fn equal(values: &[Value]) -> Option<Json> {
    let first = scalar(values.first()?);
    values.iter().all(|value| scalar(value) == first).then_some(first)
}

fn empty(ty: &Type, truth: &[bool]) -> Option<Json> {
    match ty {
        Type::NullOrInt | Type::NullOr(_) => Some(Json::Null),
        Type::ListOf(_) | Type::Coerced => Some(json!([])),
        Type::Unique(inner) => empty(inner, truth),
        Type::AttrsOf(_) | Type::LazyAttrsOf(_) => Some(json!({})),
        Type::Submodule => Some(options(&submodule(), &[], truth)),
        _ => None,
    }
}
