//! What the text of a file tells, found when it is first asked for and kept with the file.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use nixpact_syntax::{Ast, Asts, ExprId, Symbol};

use crate::nix::imports;
use crate::secrets;
use crate::secrets::plaintext::{self, PlainSecret};
use crate::text::flow;
use crate::text::scan::{Scan, scan};

/// The facts of one file, for as long as its text stays the same.
#[derive(Default)]
pub struct FileFacts {
    has_secrets: OnceLock<bool>,
    scan: OnceLock<Scan>,
    plain_secrets: OnceLock<Vec<PlainSecret>>,
    paths: OnceLock<Vec<(ExprId, String)>>,
    /// By the last name of an option and the one before it; see [`flow::reads`].
    flows: Mutex<Vec<(Symbol, Option<Symbol>, flow::Use)>>,
}

impl std::fmt::Debug for FileFacts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("FileFacts").finish_non_exhaustive()
    }
}

impl FileFacts {
    /// Finds out what will surely be asked for. Deep nesting needs the stack of the parser.
    pub fn prepare(&self, ast: &Ast) {
        if self.has_secrets(ast) {
            self.scan(ast);
        }
    }

    pub(crate) fn has_secrets(&self, ast: &Ast) -> bool {
        *self.has_secrets.get_or_init(|| secrets::are_mentioned(ast))
    }

    pub(crate) fn scan(&self, ast: &Ast) -> &Scan {
        self.scan.get_or_init(|| scan(ast))
    }

    pub(crate) fn plain_secrets(&self, ast: &Ast) -> &[PlainSecret] {
        self.plain_secrets.get_or_init(|| plaintext::in_file(ast))
    }

    /// The path literals of the file, which is at `path`, and where in the repository they lead.
    pub(crate) fn paths(&self, ast: &Ast, path: &str) -> &[(ExprId, String)] {
        self.paths.get_or_init(|| imports::paths(ast, path))
    }

    /// What the file does with the services of an option.
    pub(crate) fn flow(&self, ast: &Ast, option: Symbol, parent: Option<Symbol>) -> flow::Use {
        let flows = || self.flows.lock().unwrap_or_else(PoisonError::into_inner);
        let known = flows().iter().find(|it| (it.0, it.1) == (option, parent)).map(|it| it.2);
        known.unwrap_or_else(|| {
            let found = flow::reads(ast, option, parent);
            flows().push((option, parent, found));
            found
        })
    }
}

/// A file with its facts.
#[derive(Clone, Copy)]
pub(crate) struct File<'f> {
    pub ast: &'f Ast,
    pub facts: &'f FileFacts,
}

impl<'f> File<'f> {
    pub fn scan(self) -> &'f Scan {
        self.facts.scan(self.ast)
    }
}

/// All files; there are as many facts as trees.
pub(crate) fn files<'f>(
    asts: &'f Asts,
    facts: &'f [Arc<FileFacts>],
) -> impl Iterator<Item = File<'f>> + Clone {
    asts.iter().zip(facts).map(|(ast, facts)| File { ast, facts })
}
