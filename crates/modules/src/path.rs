//! The names that lead to an option.

use nixpact_eval::{Eval, Evaluator, Reason, Thunk, Value};
use nixpact_syntax::Symbol;

/// An option's path.
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: Symbol,
    /// Nix may have another last name for it.
    is_guess: bool,
}

impl<'a> Path<'a> {
    pub(crate) fn root(ev: &Evaluator<'a>) -> &'a Path<'a> {
        ev.arena.alloc(Path { parent: None, name: Symbol::new(""), is_guess: false })
    }

    pub(crate) fn child(&'a self, ev: &Evaluator<'a>, name: Symbol) -> &'a Path<'a> {
        ev.arena.alloc(Path { parent: Some(self), name, is_guess: false })
    }

    /// The path of a list of names (`loc`), which nothing but a message may ask for.
    pub(crate) fn of_names(ev: &Evaluator<'a>, names: &'a Thunk<'a>) -> &'a Path<'a> {
        let root = Path::root(ev);
        let unnamed = |path: &'a Path<'a>| path.child(ev, Symbol::new("‹name›")).guessed(ev);
        let Ok(names) = ev.force_items(names) else { return unnamed(root) };
        names.iter().fold(root, |path, name| match ev.force_str(name) {
            Ok(name) => path.child(ev, Symbol::new(name)),
            Err(_) => unnamed(path),
        })
    }

    /// The same path, whose last name is not certain.
    pub(crate) fn guessed(&self, ev: &Evaluator<'a>) -> &'a Path<'a> {
        ev.arena.alloc(Path { is_guess: true, ..*self })
    }

    /// The last name, as the argument `name` of a submodule.
    pub(crate) fn own_name(&self, ev: &Evaluator<'a>) -> Eval<'a> {
        match self.is_guess {
            true => Err(ev.unknown(Reason::Condition, None)),
            false => Ok(Value::Str(self.name.as_str())),
        }
    }

    /// The names from the outermost inwards, as the argument `_prefix`.
    pub(crate) fn names(&self, ev: &Evaluator<'a>) -> Eval<'a> {
        let mut names = Vec::new();
        let mut path = self;
        while let Some(parent) = path.parent {
            names.push(ev.value(path.own_name(ev)?));
            path = parent;
        }
        names.reverse();
        Ok(ev.list(&names))
    }

    pub fn last(&self) -> Symbol {
        self.name
    }

    /// The names from the outermost inwards.
    pub fn segments(&self) -> Vec<Symbol> {
        let mut segments = Vec::new();
        let mut path = self;
        while let Some(parent) = path.parent {
            segments.push(path.name);
            path = parent;
        }
        segments.reverse();
        segments
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(parent) = self.parent {
            if parent.parent.is_some() {
                write!(out, "{parent}.")?;
            }
            write!(out, "{}", self.name)?;
        }
        Ok(())
    }
}
