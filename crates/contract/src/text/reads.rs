//! Which fields of a contract nothing in the repository reads.

use std::sync::Arc;

use nixpact_syntax::{Ast, Asts, Expr, KeyName, Parameter, Part, Symbol};
use rustc_hash::FxHashSet;

use crate::model::{FieldState, Model, Unread};
use crate::text::facts::{FileFacts, files};
use crate::text::flow::Use;

/// The fields that services of hosts set and that no expression reads, by contract and field.
///
/// A field is read wherever something of its name is selected or inherited, or wherever that name is
/// that of an argument, a variable of a `with` or a string. Where services may be read as a whole, as by
/// `builtins.toJSON`, every field is.
///
/// `options` are those of the contracts.
pub(crate) fn unread(
    asts: &Asts,
    facts: &[Arc<FileFacts>],
    options: &[String],
    candidates: Vec<Candidate>,
) -> Vec<Unread> {
    let mut open = candidates;
    if open.is_empty() || asts.iter().any(|ast| !ast.errors.is_empty()) {
        return Vec::new();
    }
    let mut names: FxHashSet<Symbol> = open.iter().map(|(_, _, name)| *name).collect();
    for read in [selected, named] {
        for ast in asts.iter() {
            if names.is_empty() {
                return Vec::new();
            }
            read(ast, &mut names);
        }
    }
    open.retain(|(_, _, name)| names.contains(name));
    let is_meant = |index: usize| open.iter().any(|(contract, _, _)| *contract == index);
    let options = options.iter().enumerate();
    let is_followed: Vec<bool> = options
        .map(|(index, option)| is_meant(index) && is_followed(asts, facts, option))
        .collect();
    let open = open.into_iter().filter(|(contract, _, _)| is_followed[*contract]);
    open.map(|(contract, field, _)| Unread { contract, field }).collect()
}

/// Whether services of an option are read in the repository, and nowhere as a whole. Where nothing
/// reads them, what does is outside of it.
fn is_followed(asts: &Asts, facts: &[Arc<FileFacts>], option: &str) -> bool {
    let mut path = option.rsplit('.').map(Symbol::new);
    let (Some(last), parent) = (path.next(), path.next()) else { return false };
    let mut is_read = false;
    for file in files(asts, facts) {
        match file.facts.flow(file.ast, last, parent) {
            Use::Nothing => {}
            Use::Fields => is_read = true,
            Use::Whole => return false,
        }
    }
    is_read
}

/// A field of a contract, by their positions, with its name.
pub(crate) type Candidate = (usize, usize, Symbol);

/// What some service of a host defines.
pub(crate) fn candidates(model: &Model) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (index, contract) in model.contracts.iter().enumerate() {
        let services = || {
            let all = model.hosts.iter().flat_map(|host| &host.services);
            all.filter(|service| service.contract == index)
        };
        for (at, decl) in contract.fields.iter().enumerate().filter(|(_, decl)| !decl.internal) {
            if services().any(|service| service.fields[at].state == FieldState::Defined) {
                found.push((index, at, Symbol::new(&decl.name)));
            }
        }
    }
    found
}

/// Takes away the names that a file selects or inherits.
fn selected(ast: &Ast, names: &mut FxHashSet<Symbol>) {
    for key in &ast.keys {
        if let KeyName::Static(name) = key.name {
            names.remove(&name);
        }
    }
    for lambda in &ast.lambdas {
        if let Parameter::Pattern { formals, .. } = &lambda.parameter {
            formals.iter().for_each(|formal| _ = names.remove(&formal.name));
        }
    }
}

/// Takes away the names that stand as strings in a file, or that a `with` may bind.
fn named(ast: &Ast, names: &mut FxHashSet<Symbol>) {
    let text = |text: &str, names: &mut FxHashSet<Symbol>| {
        names.retain(|name| name.as_str() != text);
    };
    for expr in &ast.exprs {
        match expr {
            Expr::Dynamic { name, .. } => _ = names.remove(name),
            Expr::Str(range) => text(ast.text(*range), names),
            _ => {}
        }
    }
    for part in &ast.parts {
        if let Part::Text(range) = part {
            text(ast.text(*range), names);
        }
    }
}
