//! What is open at a place of a text: brackets, and the binding that is being written.

use super::{Bytes, Step, Way};

/// What a bracket or a `let` has opened.
#[derive(Debug)]
pub(super) struct Frame {
    pub kind: Kind,
    /// The path of what is inside, for a set without that of its bindings.
    pub way: Way,
    /// The names of the binding that is being written.
    pub names: Vec<(Step, Bytes)>,
    /// Its `=` was read.
    pub in_value: bool,
    pub in_inherit: bool,
    /// The last token was a dot.
    pub after_dot: bool,
    /// The names of the selection that is being written.
    pub chain: Vec<(String, Bytes)>,
    /// `with` and `assert` whose semicolon is still to come.
    pub scopes: u32,
    /// The last name before, which may be a function.
    pub function: Option<String>,
    /// What the value begins with, to which all that follows without an operator is an argument.
    pub head: Head,
    /// As a position in [`Outline::brackets`].
    pub bracket: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Head {
    Nothing,
    /// A function of nixpkgs' `lib` that gives its last argument back, or marks it.
    PassesOn,
    Other,
}

impl Head {
    /// That of a value that begins with the function of a name.
    pub fn of(function: &str) -> Head {
        match crate::passes_on(function) || function == "recursiveUpdate" {
            true => Head::PassesOn,
            false => Head::Other,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    File,
    Set,
    Let,
    List,
    Paren,
    Interpolation,
}

impl Frame {
    pub fn new(kind: Kind, way: Way, bracket: Option<usize>) -> Frame {
        Frame {
            kind,
            way,
            names: Vec::new(),
            in_value: false,
            in_inherit: false,
            after_dot: false,
            chain: Vec::new(),
            scopes: 0,
            function: None,
            head: Head::Nothing,
            bracket,
        }
    }

    /// Takes what a value begins with, unless it has begun.
    pub fn begin_with(&mut self, head: Head) {
        if self.head == Head::Nothing {
            self.head = head;
        }
    }

    pub fn holds_bindings(&self) -> bool {
        matches!(self.kind, Kind::Set | Kind::Let)
    }

    /// The path of a value that begins here.
    pub fn value_way(&self) -> Way {
        match self.holds_bindings() {
            true => self.name_way(),
            false => self.way.clone(),
        }
    }

    /// The path of a set with the names of the binding that is being written.
    pub fn name_way(&self) -> Way {
        let mut way = self.way.clone();
        way.steps.extend(self.names.iter().map(|(step, _)| step.clone()));
        way
    }

    pub fn push_name(&mut self, step: Step, span: Bytes) {
        if !self.after_dot {
            // A word that is not finished stands before it.
            self.names.clear();
        }
        self.after_dot = false;
        self.names.push((step, span));
    }
}
