//! Which attribute paths stand where in a text, as far as its tokens tell.
//!
//! An editor asks this of texts that do not parse: brackets, names and semicolons are read one after the
//! other, and what does not fit costs its own binding. Nothing rests on it that has to be certain.

use rnix::SyntaxKind::{self, *};

use crate::{guard, line_ends};

mod frame;

use frame::{Frame, Head, Kind};

/// A half-open range of bytes, 0-based.
pub type Bytes = (u32, u32);

/// A step of an attribute path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    Name(String),
    /// `${…}`
    Dynamic,
    /// A member of a list.
    Element,
}

/// Where in a file's value something stands.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Way {
    pub steps: Vec<Step>,
    /// Below a `let` or in a function: the steps begin there and not at the file's value.
    pub is_local: bool,
    /// In an argument of a function that may make anything of it: its value need not stand at this path.
    pub is_argument: bool,
}

impl Way {
    fn local() -> Way {
        Way { is_local: true, ..Way::default() }
    }
}

/// `a.b = …;`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binding {
    /// The path, with that of the sets around it.
    pub way: Way,
    /// Where each name that this binding itself writes stands; the last steps of the path.
    pub names: Vec<Bytes>,
    /// From the first name to the semicolon.
    pub span: Bytes,
    /// The brackets around it, as a position in [`Outline::brackets`].
    pub parent: Option<usize>,
    /// It is an `inherit`.
    pub is_inherited: bool,
}

/// `{ … }`, `[ … ]` or `let … in`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bracket {
    pub way: Way,
    pub span: Bytes,
    /// It holds bindings.
    pub is_set: bool,
}

/// A string without interpolation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// The path of the value that it is part of.
    pub way: Way,
    /// Without its quotes.
    pub span: Bytes,
}

/// `a.b.c` where a value is expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selection {
    pub names: Vec<(String, Bytes)>,
}

/// What was found in a text, each in the order in which it ends.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Outline {
    pub bindings: Vec<Binding>,
    /// In the order in which they begin.
    pub brackets: Vec<Bracket>,
    pub texts: Vec<Text>,
    pub selections: Vec<Selection>,
    /// Paths such as `./options.nix`.
    pub paths: Vec<Bytes>,
}

/// What is being written at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// Of the set in which a name is written, or of the value.
    pub way: Way,
    pub place: Place,
    /// The beginning of the word or string up to the place.
    pub word: Bytes,
    /// The place is between quotes.
    pub is_quoted: bool,
    /// The innermost brackets, by where they begin.
    pub bracket: Option<u32>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// The name of an attribute; the names before it in the same binding are part of the way.
    Name,
    /// A value that is no string; the names before the last dot.
    Value(Vec<String>),
    Text,
}

/// Reads a whole text.
pub fn outline(text: &str) -> Outline {
    let mut scan = Scan::new(text);
    scan.run();
    while scan.frames.len() > 1 {
        scan.close(text.len() as u32);
    }
    scan.end_binding(text.len() as u32);
    scan.found
}

/// What is being written at byte `at`; `None` in a comment and inside of a number or path.
pub fn cursor(text: &str, at: u32) -> Option<Cursor> {
    // What ends a comment is seen by what follows it.
    let text = line_ends::ended(text);
    let before = text.get(..at as usize)?;
    let mut scan = Scan::new(before);
    scan.run();
    scan.cursor(at)
}

/// A string of which the end is not read yet.
#[derive(Clone, Copy, Debug)]
struct OpenString {
    /// Behind its quotes.
    start: u32,
    is_interpolated: bool,
    /// How many frames are around it.
    depth: usize,
}

struct Scan<'t> {
    text: &'t str,
    frames: Vec<Frame>,
    found: Outline,
    /// The open strings.
    strings: Vec<OpenString>,
    last: Option<(SyntaxKind, Bytes)>,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str) -> Scan<'t> {
        let file = Frame::new(Kind::File, Way::default(), None);
        Scan {
            text,
            frames: vec![file],
            found: Outline::default(),
            strings: Vec::new(),
            last: None,
        }
    }

    fn run(&mut self) {
        if guard::is_too_long(self.text) {
            return;
        }
        let mut start = 0;
        let text = line_ends::ended(self.text);
        for (kind, token) in rnix::tokenize(&text) {
            let span = (start, start + token.len() as u32);
            start = span.1;
            if kind != TOKEN_WHITESPACE && kind != TOKEN_COMMENT {
                self.token(kind, span);
            }
            if kind != TOKEN_WHITESPACE {
                self.last = Some((kind, span));
            }
        }
    }

    fn top(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(Kind::File, Way::default(), None));
        }
        let at = self.frames.len() - 1;
        &mut self.frames[at]
    }

    fn token(&mut self, kind: SyntaxKind, span: Bytes) {
        match kind {
            TOKEN_STRING_START => {
                let (start, depth) = (span.1, self.frames.len());
                return self.strings.push(OpenString { start, is_interpolated: false, depth });
            }
            // What a string holds that is not closed is no token of its own.
            TOKEN_STRING_CONTENT | TOKEN_ERROR => return,
            TOKEN_STRING_END => return self.string_ends(span),
            TOKEN_INTERPOL_START => return self.interpolation(span),
            TOKEN_IDENT | TOKEN_OR => return self.name(span),
            TOKEN_DOT => {
                self.top().after_dot = true;
                return;
            }
            _ => {}
        }
        if kind == TOKEN_ASSIGN {
            return self.assign(span);
        }
        self.end_chain();
        match kind {
            TOKEN_L_BRACE => self.open(Kind::Set, span),
            TOKEN_L_BRACK => self.open(Kind::List, span),
            TOKEN_L_PAREN => self.open(Kind::Paren, span),
            TOKEN_LET => self.open(Kind::Let, span),
            TOKEN_R_BRACE => self.close_to(Kind::Set, span),
            TOKEN_R_BRACK => self.close_to(Kind::List, span),
            TOKEN_R_PAREN => self.close_to(Kind::Paren, span),
            TOKEN_INTERPOL_END => self.close_to(Kind::Interpolation, span),
            TOKEN_IN => self.close_to(Kind::Let, span),
            TOKEN_WITH | TOKEN_ASSERT => self.top().scopes += 1,
            // That of a `with` is not that of its binding.
            TOKEN_SEMICOLON if self.top().scopes > 0 => self.top().scopes -= 1,
            TOKEN_SEMICOLON => self.end_binding(span.1),
            TOKEN_INHERIT => {
                let top = self.top();
                top.in_inherit = top.holds_bindings() && !top.in_value;
                top.names.clear();
            }
            TOKEN_COLON => {
                let top = self.top();
                // The arguments of a function are those of anyone who calls it.
                if top.kind == Kind::Paren {
                    top.way = Way::local();
                }
            }
            TOKEN_PATH_REL | TOKEN_PATH_ABS => self.found.paths.push(span),
            _ => {}
        }
        match kind {
            TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_L_PAREN | TOKEN_LET | TOKEN_REC => {}
            TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_R_PAREN | TOKEN_INTERPOL_END | TOKEN_INTEGER
            | TOKEN_FLOAT | TOKEN_URI | TOKEN_PATH_REL | TOKEN_PATH_ABS | TOKEN_PATH_HOME
            | TOKEN_PATH_SEARCH => self.top().begin_with(Head::Other),
            // Operators, and words such as `then`.
            _ => self.top().head = Head::Nothing,
        }
    }

    fn string_ends(&mut self, span: Bytes) {
        let Some(OpenString { start, is_interpolated, .. }) = self.strings.pop() else { return };
        let inside = (start, span.0.max(start));
        let way = self.value_way();
        let text = self.text.get(inside.0 as usize..inside.1 as usize).unwrap_or_default();
        let step = match is_interpolated {
            true => Step::Dynamic,
            false => Step::Name(text.to_owned()),
        };
        let top = self.top();
        if top.holds_bindings() && !top.in_value && !top.in_inherit {
            top.push_name(step, inside);
        } else if top.after_dot && !top.chain.is_empty() && !is_interpolated {
            top.chain.push((text.to_owned(), inside));
            top.after_dot = false;
        } else {
            self.end_chain();
            self.top().begin_with(Head::Other);
            if !is_interpolated {
                self.found.texts.push(Text { way, span: inside });
            }
        }
    }

    fn interpolation(&mut self, span: Bytes) {
        let depth = self.frames.len();
        let in_string = match self.strings.last_mut() {
            Some(string) if string.depth == depth => {
                string.is_interpolated = true;
                true
            }
            _ => false,
        };
        let top = self.top();
        if !in_string && top.holds_bindings() && !top.in_value {
            top.push_name(Step::Dynamic, span);
        }
        let way = Way::local();
        self.frames.push(Frame::new(Kind::Interpolation, way, None));
    }

    fn name(&mut self, span: Bytes) {
        let text = self.text[span.0 as usize..span.1 as usize].to_owned();
        let top = self.top();
        if top.holds_bindings() && top.in_inherit {
            let mut way = top.way.clone();
            way.steps.push(Step::Name(text));
            let parent = top.bracket;
            let binding = Binding { way, names: vec![span], span, parent, is_inherited: true };
            self.found.bindings.push(binding);
        } else if top.holds_bindings() && !top.in_value {
            top.push_name(Step::Name(text), span);
        } else {
            if !top.after_dot {
                self.end_chain();
            }
            let top = self.top();
            top.after_dot = false;
            top.chain.push((text, span));
        }
    }

    fn assign(&mut self, span: Bytes) {
        let top = self.top();
        if top.holds_bindings() && top.in_value {
            // The semicolon before this binding is not written yet.
            let chain = std::mem::take(&mut top.chain);
            let start = chain.first().map_or(span.0, |(_, span)| span.0);
            self.end_binding(start);
            let names = chain.into_iter().map(|(name, span)| (Step::Name(name), span));
            self.top().names = names.collect();
        }
        let top = self.top();
        top.after_dot = false;
        if top.holds_bindings() {
            top.in_value = true;
            top.in_inherit = false;
            top.function = None;
            top.head = Head::Nothing;
        }
    }

    fn end_chain(&mut self) {
        let top = self.top();
        top.after_dot = false;
        let names = std::mem::take(&mut top.chain);
        if let Some((last, _)) = names.last() {
            top.function = Some(last.clone());
            top.begin_with(Head::of(last));
            self.found.selections.push(Selection { names });
        }
    }

    /// The path of a value that begins here.
    fn value_way(&mut self) -> Way {
        self.top().value_way()
    }

    fn open(&mut self, kind: Kind, span: Bytes) {
        let mut way = self.value_way();
        if kind == Kind::Let {
            way = Way::local();
        }
        let top = self.top();
        way.is_argument |= top.head == Head::Other && top.kind != Kind::List;
        let function = top.function.take();
        let is_transparent = matches!(function.as_deref(), Some("mkMerge"));
        let bracket = (kind != Kind::Paren).then(|| {
            let is_set = kind != Kind::List;
            let end = self.text.len() as u32;
            self.found.brackets.push(Bracket { way: way.clone(), span: (span.0, end), is_set });
            self.found.brackets.len() - 1
        });
        if kind == Kind::List && !is_transparent {
            way.steps.push(Step::Element);
        }
        let mut frame = Frame::new(kind, way, bracket);
        if bracket.is_none() {
            frame.bracket = self.top().bracket;
        }
        self.frames.push(frame);
    }

    /// Closes what is open up to a frame of a kind, if there is one.
    fn close_to(&mut self, kind: Kind, span: Bytes) {
        let Some(at) = self.frames.iter().rposition(|frame| frame.kind == kind) else { return };
        // An `in` or a parenthesis of its own does not end the sets around it.
        let crosses = self.frames[at + 1..].iter().any(|frame| frame.kind == Kind::Interpolation);
        if crosses {
            return;
        }
        while self.frames.len() > at + 1 {
            self.close(span.0);
        }
        self.close(span.1);
    }

    fn close(&mut self, end: u32) {
        self.end_chain();
        self.end_binding(end);
        let Some(frame) = self.frames.pop() else { return };
        if let (Some(at), true) = (frame.bracket, frame.kind != Kind::Paren)
            && let Some(bracket) = self.found.brackets.get_mut(at)
        {
            bracket.span.1 = end;
        }
    }

    fn end_binding(&mut self, end: u32) {
        self.end_chain();
        let top = self.top();
        top.in_inherit = false;
        let names = std::mem::take(&mut top.names);
        let in_value = std::mem::take(&mut top.in_value);
        top.function = None;
        top.head = Head::Nothing;
        top.scopes = 0;
        if !in_value || names.is_empty() {
            return;
        }
        let mut way = top.way.clone();
        way.steps.extend(names.iter().map(|(step, _)| step.clone()));
        let names: Vec<Bytes> = names.into_iter().map(|(_, span)| span).collect();
        let span = (names[0].0, end);
        let parent = top.bracket;
        self.found.bindings.push(Binding { way, names, span, parent, is_inherited: false });
    }

    fn cursor(mut self, at: u32) -> Option<Cursor> {
        let bracket = self.frames.iter().rev().find_map(|frame| frame.bracket);
        let bracket = bracket.and_then(|at| self.found.brackets.get(at)).map(|it| it.span.0);
        if let Some(OpenString { start, is_interpolated, depth }) = self.strings.last().copied()
            && depth == self.frames.len()
        {
            if is_interpolated {
                return None;
            }
            let top = self.top();
            let way = top.value_way();
            let place = if top.holds_bindings() && !top.in_value {
                Place::Name
            } else if top.after_dot && !top.chain.is_empty() {
                Place::Value(top.chain.iter().map(|(name, _)| name.clone()).collect())
            } else {
                Place::Text
            };
            return Some(Cursor { way, place, word: (start, at), is_quoted: true, bracket });
        }
        let (kind, span) = self.last.unwrap_or((TOKEN_WHITESPACE, (at, at)));
        let touches = span.1 == at;
        let word = match kind {
            TOKEN_IDENT | TOKEN_OR if touches => span,
            TOKEN_COMMENT if touches => return None,
            TOKEN_INTEGER | TOKEN_FLOAT if touches => span,
            TOKEN_PATH_REL | TOKEN_PATH_ABS | TOKEN_URI if touches => return None,
            _ => (at, at),
        };
        let top = self.top();
        if top.in_inherit {
            return None;
        }
        if top.holds_bindings() && !top.in_value {
            let is_new = word.0 == at && !top.after_dot;
            if word.0 < at {
                top.names.pop();
            } else if is_new {
                top.names.clear();
            }
            let way = top.name_way();
            return Some(Cursor { way, place: Place::Name, word, is_quoted: false, bracket });
        }
        let way = top.value_way();
        let mut names: Vec<String> = top.chain.iter().map(|(name, _)| name.clone()).collect();
        if word.0 < at && matches!(kind, TOKEN_IDENT | TOKEN_OR) {
            names.pop();
        } else if !top.after_dot {
            names.clear();
        }
        Some(Cursor { way, place: Place::Value(names), word, is_quoted: false, bracket })
    }
}

#[cfg(test)]
mod tests;
