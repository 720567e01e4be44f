//! A case as Nix.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Case;
use crate::model::{self, Condition, Config, Declaration, Def, Module, Style, Type, Value};

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

/// `left // right`, of which the right side is there only if a condition holds.
fn write_update(
    left: &BTreeMap<&'static str, Def>,
    condition: Condition,
    right: &BTreeMap<&'static str, Def>,
    out: &mut String,
) {
    out.push('(');
    write_set(left, out);
    if (left.len() + right.len()).is_multiple_of(2) {
        out.push_str(" // lib.optionalAttrs ");
        write_condition(condition, out);
        out.push(' ');
        write_set(right, out);
    } else {
        out.push_str(" // builtins.listToAttrs (lib.flatten [ ");
        for (name, def) in right {
            out.push_str("(lib.optional ");
            write_condition(condition, out);
            let _ = write!(out, " {{ name = {name:?}; value = ");
            write_def(def, out);
            out.push_str("; }) ");
        }
        out.push_str("])");
    }
    out.push(')');
}

fn write_config(config: &Config, out: &mut String) {
    match config {
        Config::Set(set) => write_set(set, out),
        Config::Update(left, condition, right) => write_update(left, *condition, right, out),
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
pub fn write_case(case: &Case) -> String {
    let mut out = "{ lib }: with lib; [ ".to_owned();
    for module in &case.modules {
        write_module(module, &mut out);
        out.push_str("\n  ");
    }
    let _ = write!(out, "{{ options.lab = {}; }} ]", write_options(&case.options));
    out
}
