//! What Nix refuses in a file before it evaluates anything.

use nixpact_eval::{Evaluator, Value};
use nixpact_source::{FileId, Span};
use nixpact_syntax::{Ast, Asts, Expr, GLOBALS, KeyName, Parameter, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::Model;
use crate::nearest::nearest;

/// What nixpkgs hands to every module of NixOS that asks for it.
const ARGUMENTS: &[&str] = &["config", "lib", "modulesPath", "options", "pkgs"];

/// Shorter names are near to too many others.
const MIN_CHARS_TO_GUESS: usize = 3;

/// Why a file does not parse.
#[derive(Clone, Debug)]
pub struct SyntaxError {
    pub message: String,
    pub span: Span,
    /// It is nested deeper than nixpact reads; Nix may read it.
    pub is_limit: bool,
    /// There is nothing but comments in the file, and no host reads it.
    pub is_blank: bool,
}

/// An attribute defined twice in one set where Nix refuses it.
#[derive(Clone, Debug)]
pub struct DuplicateAttribute {
    /// The path from the set in which both stand.
    pub path: String,
    pub first: Span,
    pub second: Span,
}

/// A name that the pattern of one function binds twice, which Nix refuses.
#[derive(Clone, Debug)]
pub struct DuplicateFormal {
    pub name: String,
    pub first: Span,
    pub second: Span,
    /// What to remove, where the second one says no more than the first.
    pub removal: Option<Span>,
}

/// A name that nothing binds, in one file.
#[derive(Clone, Debug)]
pub struct UndefinedVariable {
    pub name: String,
    /// Every use; at least one.
    pub uses: Vec<Span>,
    pub meant: Option<Meant>,
}

/// What an undefined variable was likely meant to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meant {
    /// An argument that every module is given and that this one does not name: where it could, and the
    /// text with which it would.
    Argument { at: Span, text: String },
    /// A name that is bound there, or a function of a set that is, such as `lib.mkIf`.
    Name(String),
}

/// `imported` are the files that a host reads.
pub(crate) fn add<'a>(
    ev: &Evaluator<'a>,
    asts: &'a Asts,
    imported: &FxHashSet<FileId>,
    model: &mut Model,
) {
    for ast in asts.iter() {
        let first = ast.errors.first().map(|error| SyntaxError {
            message: error.message.clone(),
            span: error.span,
            is_limit: error.is_limit,
            is_blank: !imported.contains(&ast.file) && is_blank(&ev.sources.file(ast.file).text),
        });
        model.syntax_errors.extend(first);
        model.duplicate_attributes.extend(ast.duplicates.iter().map(|duplicate| {
            DuplicateAttribute {
                path: duplicate.path.clone(),
                first: duplicate.first,
                second: duplicate.second,
            }
        }));
    }
    let formals = asts.iter().flat_map(|ast| &ast.duplicate_formals);
    model.duplicate_formals.extend(formals.map(|formal| DuplicateFormal {
        name: formal.name.to_string(),
        first: formal.first,
        second: formal.second,
        removal: formal.removal,
    }));
    let with_undefined: Vec<&Ast> = asts.iter().filter(|ast| !ast.undefined.is_empty()).collect();
    // A file that it imports may use names of a scope that it is given.
    if !with_undefined.is_empty() && !asts.iter().any(mentions_scoped_import) {
        for ast in with_undefined.into_iter().filter(|ast| ast.errors.is_empty()) {
            model.undefined_variables.extend(undefined(ev, ast));
        }
    }
}

/// Whether a text has nothing but comments.
fn is_blank(text: &str) -> bool {
    let mut rest = text.trim_start();
    loop {
        let comment = match (rest.strip_prefix('#'), rest.strip_prefix("/*")) {
            (Some(line), _) => line.split_once('\n').map_or("", |(_, rest)| rest),
            (None, Some(block)) => match block.split_once("*/") {
                Some((_, rest)) => rest,
                None => return false,
            },
            (None, None) => return rest.is_empty(),
        };
        rest = comment.trim_start();
    }
}

fn mentions_scoped_import(ast: &Ast) -> bool {
    let name = Symbol::new("scopedImport");
    let is_key = |found: KeyName| matches!(found, KeyName::Static(found) if found == name);
    let is_variable = |expr: &Expr| matches!(expr, Expr::Global(found) | Expr::Dynamic { name: found, .. } if *found == name);
    ast.exprs.iter().any(is_variable) || ast.keys.iter().any(|key| is_key(key.name))
}

fn undefined<'a>(ev: &Evaluator<'a>, ast: &Ast) -> Vec<UndefinedVariable> {
    let mut found: Vec<UndefinedVariable> = Vec::new();
    let mut places: FxHashMap<Symbol, usize> = FxHashMap::default();
    // Attributes are lowered in an order of their own.
    for variable in ast.undefined.iter().filter(|variable| !may_be_built_in(variable.name)) {
        let at = *places.entry(variable.name).or_insert_with(|| {
            let name = variable.name.to_string();
            found.push(UndefinedVariable {
                name,
                uses: Vec::new(),
                meant: meant(ev, ast, variable),
            });
            found.len() - 1
        });
        found[at].uses.push(variable.span);
    }
    found.iter_mut().for_each(|variable| variable.uses.sort_unstable());
    found.sort_by_key(|variable| variable.uses[0]);
    found
}

/// Which names with two underscores there are depends on the version of Nix and on its plugins. `or` is
/// a keyword that older versions take for a name.
fn may_be_built_in(name: Symbol) -> bool {
    name.as_str().starts_with("__") || name.as_str() == "or"
}

fn meant<'a>(
    ev: &Evaluator<'a>,
    ast: &Ast,
    variable: &nixpact_syntax::UndefinedVariable,
) -> Option<Meant> {
    let name = variable.name.as_str();
    if ARGUMENTS.contains(&name) {
        return argument(ev, ast, name);
    }
    let is_function =
        |set: Value<'a>| matches!(set, Value::Attrs(attrs) if attrs.get(variable.name).is_some());
    if variable.visible.contains(&Symbol::new("lib")) && is_function(ev.lib()) {
        return Some(Meant::Name(format!("lib.{name}")));
    }
    if GLOBALS.iter().any(|global| global.strip_prefix("__") == Some(name)) {
        return Some(Meant::Name(format!("builtins.{name}")));
    }
    if name.chars().count() < MIN_CHARS_TO_GUESS {
        return None;
    }
    let globals = GLOBALS.iter().copied().filter(|global| !global.starts_with("__"));
    let candidates = variable.visible.iter().map(|name| name.as_str()).chain(globals);
    nearest(name, candidates).map(|name| Meant::Name(name.to_owned()))
}

/// The place of an argument that a module does not name: before the first one that it names.
fn argument(ev: &Evaluator<'_>, ast: &Ast, name: &str) -> Option<Meant> {
    let Expr::Lambda(lambda) = ast.expr(ast.root) else { return None };
    let Parameter::Pattern { formals, ellipsis: true, .. } =
        &ast.lambdas[lambda as usize].parameter
    else {
        return None;
    };
    let start = formals.first()?.span.0;
    let before = ev.sources.file(ast.file).text.get(..start as usize)?;
    let blanks = &before[before.trim_end().len()..];
    let gap = if blanks.contains('\n') { blanks } else { " " };
    let at = Span::new(ast.file, start, start);
    Some(Meant::Argument { at, text: format!("{name},{gap}") })
}
