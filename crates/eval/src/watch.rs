//! Which results hang on the text of one file: those that do not can be kept while it is edited.
//!
//! The file's expressions are told apart by when they are evaluated. What is evaluated first, while
//! the modules are put together, is its *structure*; a text in which that is the same leads to the same
//! modules. What is computed after that, in parts, hangs on the text where an expression that is not of
//! the structure was evaluated on the way, however far back: every value that is remembered remembers
//! that too.

use std::cell::{Cell, OnceCell, RefCell};

use nixpact_source::FileId;
use nixpact_syntax::{Ast, ExprId};
use rustc_hash::FxHashSet;

use crate::evaluator::Evaluator;
use crate::structure::Structure;

/// What is noted about the watched file.
pub(crate) struct Watch {
    file: FileId,
    /// The expressions of its structure, by [`ExprId`].
    structure: RefCell<Vec<bool>>,
    is_settled: Cell<bool>,
    /// What is computed at the moment hangs on the text.
    touched: Cell<bool>,
    /// The addresses of what remembers a value that hangs on the text.
    marked: RefCell<FxHashSet<usize>>,
    /// Something was done of which nothing can be told.
    is_lost: Cell<bool>,
}

impl Watch {
    fn see(&self, expr: ExprId) {
        let mut structure = self.structure.borrow_mut();
        let Some(seen) = structure.get_mut(expr.0 as usize) else { return };
        match self.is_settled.get() {
            true if !*seen => self.touched.set(true),
            true => {}
            false => *seen = true,
        }
    }

    /// The text was read as a text.
    fn see_text(&self) {
        match self.is_settled.get() {
            true => self.touched.set(true),
            false => self.is_lost.set(true),
        }
    }

    /// Begins what is to be remembered; whether what is around it hangs on the text.
    fn begin(&self) -> bool {
        self.touched.replace(false)
    }

    fn end(&self, address: usize, outer: bool) {
        if self.touched.get() {
            self.marked.borrow_mut().insert(address);
        }
        self.touched.set(self.touched.get() || outer);
    }

    fn recall(&self, address: usize) {
        if !self.touched.get() && self.marked.borrow().contains(&address) {
            self.touched.set(true);
        }
    }
}

fn address<T>(of: &T) -> usize {
    std::ptr::from_ref(of).addr()
}

impl<'a> Evaluator<'a> {
    /// Watches a file from now on, when nothing is evaluated yet.
    pub fn watch(&mut self, file: FileId) {
        let Some(ast) = self.asts.get(file) else { return };
        self.watch = Some(Watch {
            file,
            structure: RefCell::new(vec![false; ast.exprs.len()]),
            is_settled: Cell::new(false),
            touched: Cell::new(false),
            marked: RefCell::default(),
            is_lost: Cell::new(!ast.errors.is_empty()),
        });
    }

    /// Says that the modules are put together: what comes from now on comes in parts.
    pub fn settle(&self) {
        if let Some(watch) = &self.watch {
            watch.is_settled.set(true);
        }
    }

    /// Computes a part of the result; whether it is the same for every text of the watched file with the
    /// same structure. Without such a file, and before [`settle`](Self::settle), none is.
    pub fn part<T>(&self, compute: impl FnOnce() -> T) -> (T, bool) {
        let Some(watch) = self.watch.as_ref().filter(|watch| watch.is_settled.get()) else {
            return (compute(), false);
        };
        let outer = watch.begin();
        let result = compute();
        let is_kept = !watch.touched.replace(outer);
        (result, is_kept)
    }

    /// The structure of the watched file; none where it cannot be told what hangs on its text.
    pub fn structure(&self) -> Option<Structure> {
        let watch = self.watch.as_ref().filter(|watch| !watch.is_lost.get())?;
        Some(Structure::new(watch.file, watch.structure.borrow().clone()))
    }

    /// What a cell remembers.
    pub fn recall<'c, T>(&self, cell: &'c OnceCell<T>) -> Option<&'c T> {
        let known = cell.get();
        if let (Some(watch), Some(_)) = (&self.watch, known) {
            watch.recall(address(cell));
        }
        known
    }

    /// Computes what a cell, or another place in the arena, is to remember.
    pub fn remember<T, R>(&self, place: &T, compute: impl FnOnce() -> R) -> R {
        let Some(watch) = &self.watch else { return compute() };
        let outer = watch.begin();
        let result = compute();
        watch.end(address(place), outer);
        result
    }

    /// What a place has remembered is used.
    pub(crate) fn recalled<T>(&self, place: &T) {
        if let Some(watch) = &self.watch {
            watch.recall(address(place));
        }
    }

    /// An expression is evaluated, or looked at.
    pub(crate) fn see(&self, ast: &Ast, expr: ExprId) {
        if let Some(watch) = self.watch.as_ref().filter(|watch| watch.file == ast.file) {
            watch.see(expr);
        }
    }

    /// The text of a file is looked at.
    pub fn see_text(&self, file: FileId) {
        if let Some(watch) = self.watch.as_ref().filter(|watch| watch.file == file) {
            watch.see_text();
        }
    }

    /// Something is about to happen that hangs on what else is being computed.
    #[cold]
    pub(crate) fn lose_track(&self) {
        if let Some(watch) = &self.watch {
            watch.is_lost.set(true);
        }
    }

    /// Whether any file is watched.
    pub fn is_watching(&self) -> bool {
        self.watch.is_some()
    }

    /// Whether the text of a file may change what its expressions are.
    pub(crate) fn is_watched(&self, file: FileId) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.file == file)
    }
}
