//! From text to expressions.
//!
//! Architecture Invariant: this is the only crate that names rnix and rowan. No tree leaves it: a
//! file is parsed, lowered to an [`Ast`] and its tree dropped on the thread that made it.

mod ast;
mod asts;
mod error;
mod guard;
mod lexer;
mod line_ends;
mod lower;
pub mod outline;
mod parser;
mod passing_on;
mod suppression;
mod symbol;
mod tree;

pub use ast::{
    Ast, Attribute, DuplicateAttribute, DuplicateFormal, DynamicAttribute, Expr, ExprId, Formal,
    Key, KeyName, Lambda, Operator, Parameter, Part, Range, SelectOr, SetLiteral,
    UndefinedVariable,
};
pub use asts::Asts;
pub use error::SyntaxError;
pub use lower::GLOBALS;
pub use passing_on::passes_on;
pub use suppression::{SuppressionComment, anchor, suppressions};
pub use symbol::Symbol;

use std::cell::Cell;

use nixpact_source::FileId;

use tree::Tree;

/// Parses and lowers one file. Any text gives an [`Ast`]; what is wrong with it stands in
/// [`Ast::errors`], [`Ast::duplicates`], [`Ast::duplicate_formals`] and [`Ast::undefined`].
///
/// Deep nesting uses the stack: call it on a thread with at least [`STACK_BYTES`].
pub fn parse(file: FileId, text: &str) -> Ast {
    if let Some(error) = guard::refused(file, text) {
        return lower::broken(file, text, vec![error]);
    }
    let mut scratch = SCRATCH.take();
    let tree = match parser::read(text, scratch.tree) {
        Some(tree) => tree,
        None => {
            let parse = rnix::Root::parse(&line_ends::ended(text));
            if !parse.errors().is_empty() {
                let errors = parse.errors().iter();
                let errors =
                    errors.map(|error| SyntaxError::from_rnix(file, text, error)).collect();
                return lower::broken(file, text, errors);
            }
            Tree::from_rnix(&parse.syntax())
        }
    };
    let ast = lower::lower(file, text, &tree, &mut scratch.tables);
    if text.len() <= MAX_KEPT {
        SCRATCH.set(Scratch { tree, ..scratch });
    }
    Ast { has_null: text.contains('\0'), ..ast }
}

/// Room that the next file uses again: most files are small, and fresh memory is slow.
#[derive(Default)]
struct Scratch {
    tree: Tree,
    tables: lower::Tables,
}

thread_local! {
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// The room of a file with more bytes is given back.
const MAX_KEPT: usize = 256 << 10;

/// The stack that [`parse`] may need for the deepest nesting that it accepts, in bytes.
pub const STACK_BYTES: usize = 128 << 20;

#[cfg(test)]
mod tests;
