//! A parser for texts without mistakes, several times as fast as rnix's, which builds a tree of every
//! blank.
//!
//! It reads what rnix reads without an error, and makes the same nodes of it (`parser/tests.rs` compares
//! them); of everything else it says nothing, so that what is wrong with a text is always rnix's word.

use rnix::SyntaxKind::{self, *};

use crate::lexer::Lexer;
use crate::tree::{NodeId, Siblings, Tree};

mod pieces;
#[cfg(test)]
mod tests;

/// How many expressions may be around each other; rnix's limit.
const MAX_DEPTH: u32 = 512;

/// The tree of a text; None where rnix may find a mistake.
///
/// Deep nesting uses the stack as in [`parse`](crate::parse).
///
/// What `room` holds is overwritten.
pub(crate) fn read(text: &str, mut room: Tree) -> Option<Tree> {
    u32::try_from(text.len()).ok()?;
    room.make_room(text.len());
    let mut parser =
        Parser { text, lexer: Lexer::new(text), token: None, span: (0, 0), tree: room, depth: 0 };
    parser.advance();
    parser.expression()?;
    parser.token.is_none().then_some(parser.tree)
}

/// On which side operations of one level are nested.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nests {
    Left,
    Right,
    Never,
}

/// How tightly an operator binds.
type Level = u8;

/// The level of `!`, which stands between those of `//` and `+`.
const INVERT: Level = 9;
const TIGHTEST: Level = 12;

fn operator(token: SyntaxKind) -> Option<(Level, Nests)> {
    Some(match token {
        TOKEN_PIPE_LEFT => (1, Nests::Right),
        TOKEN_PIPE_RIGHT => (2, Nests::Left),
        TOKEN_IMPLICATION => (3, Nests::Right),
        TOKEN_OR_OR => (4, Nests::Left),
        TOKEN_AND_AND => (5, Nests::Left),
        TOKEN_EQUAL | TOKEN_NOT_EQUAL => (6, Nests::Never),
        TOKEN_LESS | TOKEN_LESS_OR_EQ | TOKEN_MORE | TOKEN_MORE_OR_EQ => (7, Nests::Never),
        TOKEN_UPDATE => (8, Nests::Right),
        TOKEN_ADD | TOKEN_SUB => (10, Nests::Left),
        TOKEN_MUL | TOKEN_DIV => (11, Nests::Left),
        TOKEN_CONCAT => (TIGHTEST, Nests::Right),
        _ => return None,
    })
}

struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    /// The next token; None at the end.
    token: Option<SyntaxKind>,
    /// Its byte range, or an empty one at the end.
    span: (u32, u32),
    tree: Tree,
    depth: u32,
}

/// Each method reads what its name says from the next token on, and makes a node of it.
impl Parser<'_> {
    fn advance(&mut self) {
        let (token, start) = self.lexer.next();
        self.token = token;
        self.span = (start as u32, self.lexer.at as u32);
    }

    fn at(&self, token: SyntaxKind) -> bool {
        self.token == Some(token)
    }

    /// Goes past a token that has to be here; where it ends, in bytes.
    fn expect(&mut self, token: SyntaxKind) -> Option<u32> {
        let (_, end) = self.span;
        self.at(token).then(|| self.advance())?;
        Some(end)
    }

    /// A node from `start` to the end of its last child.
    fn node<const N: usize>(
        &mut self,
        kind: SyntaxKind,
        start: u32,
        children: [NodeId; N],
    ) -> NodeId {
        self.node_with(kind, kind, start, children)
    }

    fn node_with<const N: usize>(
        &mut self,
        kind: SyntaxKind,
        token: SyntaxKind,
        start: u32,
        children: [NodeId; N],
    ) -> NodeId {
        let end = children.last().map_or(start, |last| self.tree.span(*last).1);
        let children = self.tree.siblings(children);
        self.tree.push(kind, token, (start, end), children)
    }

    /// A node without children, of the next token.
    fn leaf(&mut self, kind: SyntaxKind, token: SyntaxKind) -> NodeId {
        let node = self.tree.push(kind, token, self.span, Siblings::NONE);
        self.advance();
        node
    }

    fn expression(&mut self) -> Option<NodeId> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let (start, _) = self.span;
        let node = match self.token? {
            TOKEN_LET => self.let_in(),
            TOKEN_WITH => self.scoped(NODE_WITH),
            TOKEN_ASSERT => self.scoped(NODE_ASSERT),
            TOKEN_IF => {
                self.advance();
                let condition = self.expression()?;
                self.expect(TOKEN_THEN)?;
                let then = self.expression()?;
                self.expect(TOKEN_ELSE)?;
                let otherwise = self.expression()?;
                Some(self.node(NODE_IF_ELSE, start, [condition, then, otherwise]))
            }
            _ => self.operation(0),
        };
        self.depth -= 1;
        node
    }

    /// `with …; …` or `assert …; …`
    fn scoped(&mut self, kind: SyntaxKind) -> Option<NodeId> {
        let (start, _) = self.span;
        self.advance();
        let scope = self.expression()?;
        self.expect(TOKEN_SEMICOLON)?;
        let body = self.expression()?;
        Some(self.node(kind, start, [scope, body]))
    }

    fn let_in(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        self.advance();
        if self.at(TOKEN_L_BRACE) {
            self.advance();
            let (bindings, end) = self.bindings(TOKEN_R_BRACE)?;
            return Some(self.tree.push(NODE_LEGACY_LET, NODE_LEGACY_LET, (start, end), bindings));
        }
        let (mut children, _) = self.bindings(TOKEN_IN)?;
        let body = self.expression()?;
        self.tree.append(&mut children, body);
        let (_, end) = self.tree.span(body);
        Some(self.tree.push(NODE_LET_IN, NODE_LET_IN, (start, end), children))
    }

    /// Operations that bind at least as tightly as `loosest`.
    fn operation(&mut self, loosest: Level) -> Option<NodeId> {
        let (start, _) = self.span;
        let mut tightest = TIGHTEST;
        let mut left = match self.at(TOKEN_INVERT) {
            true if loosest > INVERT => return None,
            true => {
                self.advance();
                let operand = self.operation(INVERT)?;
                tightest = INVERT;
                self.node_with(NODE_UNARY_OP, TOKEN_INVERT, start, [operand])
            }
            false => self.has_attribute()?,
        };
        while let Some(token) = self.token
            && let Some((level, nests)) = operator(token)
            && (loosest..=tightest).contains(&level)
        {
            self.advance();
            let right = self.operation(level + Level::from(nests != Nests::Right))?;
            left = self.node_with(NODE_BIN_OP, token, start, [left, right]);
            tightest = level - Level::from(nests == Nests::Never);
        }
        Some(left)
    }

    fn has_attribute(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        let mut node = self.negation()?;
        while self.at(TOKEN_QUESTION) {
            self.advance();
            let path = self.attribute_path()?;
            node = self.node(NODE_HAS_ATTR, start, [node, path]);
        }
        Some(node)
    }

    fn negation(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        if !self.at(TOKEN_SUB) {
            return self.application();
        }
        self.advance();
        let operand = self.negation()?;
        Some(self.node_with(NODE_UNARY_OP, TOKEN_SUB, start, [operand]))
    }

    fn application(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        let mut function = self.selection()?;
        while self.token.is_some_and(SyntaxKind::is_fn_arg) {
            let argument = self.selection()?;
            function = self.node(NODE_APPLY, start, [function, argument]);
        }
        Some(function)
    }

    /// Something that ends by itself, and what is selected of it.
    fn selection(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        let base = self.primary()?;
        if self.at(TOKEN_DOT) {
            self.advance();
            let path = self.attribute_path()?;
            if !self.at(TOKEN_OR) {
                return Some(self.node(NODE_SELECT, start, [base, path]));
            }
            self.advance();
            let default = self.selection()?;
            return Some(self.node(NODE_SELECT, start, [base, path, default]));
        }
        if self.at(TOKEN_OR) {
            // Without a selection `or` is a name, and an argument of what is right before it.
            let name = self.leaf(NODE_IDENT, NODE_IDENT);
            return Some(self.node(NODE_APPLY, start, [base, name]));
        }
        Some(base)
    }

    fn primary(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        let token = self.token?;
        match token {
            TOKEN_IDENT => self.name_or_function(),
            TOKEN_STRING_START => self.string(),
            TOKEN_L_BRACE if self.is_pattern() => self.function(start, Siblings::NONE),
            TOKEN_L_BRACE => self.set(start),
            TOKEN_REC => {
                self.advance();
                self.at(TOKEN_L_BRACE).then(|| self.set(start))?
            }
            TOKEN_L_BRACK => {
                self.advance();
                let mut items = Siblings::NONE;
                while !self.at(TOKEN_R_BRACK) {
                    let item = self.selection()?;
                    self.tree.append(&mut items, item);
                }
                let end = self.expect(TOKEN_R_BRACK)?;
                Some(self.tree.push(NODE_LIST, TOKEN_R_BRACK, (start, end), items))
            }
            TOKEN_L_PAREN => {
                self.advance();
                let inner = self.expression()?;
                let end = self.expect(TOKEN_R_PAREN)?;
                let inner = self.tree.siblings([inner]);
                Some(self.tree.push(NODE_PAREN, TOKEN_R_PAREN, (start, end), inner))
            }
            TOKEN_PATH_ABS => self.path(token, NODE_PATH_ABS),
            TOKEN_PATH_REL => self.path(token, NODE_PATH_REL),
            TOKEN_PATH_HOME => self.path(token, NODE_PATH_HOME),
            TOKEN_PATH_SEARCH => {
                let piece = self.leaf(token, token);
                // rnix takes an interpolation behind a path for a part of it.
                (!self.at(TOKEN_INTERPOL_START))
                    .then(|| self.node(NODE_PATH_SEARCH, start, [piece]))
            }
            TOKEN_INTEGER | TOKEN_FLOAT | TOKEN_URI => Some(self.leaf(NODE_LITERAL, token)),
            _ => None,
        }
    }

    fn name_or_function(&mut self) -> Option<NodeId> {
        let (start, end) = self.span;
        let is_position = &self.text[start as usize..end as usize] == "__curPos";
        self.advance();
        match self.token {
            Some(TOKEN_COLON) => {
                let name = self.tree.push(NODE_IDENT, NODE_IDENT, (start, end), Siblings::NONE);
                let parameter = self.node(NODE_IDENT_PARAM, start, [name]);
                self.advance();
                let body = self.expression()?;
                Some(self.node(NODE_LAMBDA, start, [parameter, body]))
            }
            Some(TOKEN_AT) => {
                let name = self.tree.push(NODE_IDENT, NODE_IDENT, (start, end), Siblings::NONE);
                let name = self.tree.siblings([name]);
                let (_, end) = self.span;
                self.advance();
                let whole = self.tree.push(NODE_PAT_BIND, NODE_PAT_BIND, (start, end), name);
                let whole = self.tree.siblings([whole]);
                self.at(TOKEN_L_BRACE).then(|| self.function(start, whole))?
            }
            _ => {
                let kind = if is_position { NODE_CUR_POS } else { NODE_IDENT };
                Some(self.tree.push(kind, kind, (start, end), Siblings::NONE))
            }
        }
    }

    /// Whether a brace begins a pattern, as far as the next two tokens tell.
    fn is_pattern(&self) -> bool {
        let mut lexer = self.lexer.clone();
        let Some(first @ (TOKEN_IDENT | TOKEN_ELLIPSIS | TOKEN_R_BRACE)) = lexer.next().0 else {
            return false;
        };
        matches!(
            (first, lexer.next().0),
            (TOKEN_IDENT, Some(TOKEN_COMMA | TOKEN_QUESTION | TOKEN_R_BRACE))
                | (TOKEN_ELLIPSIS, Some(TOKEN_R_BRACE))
                | (TOKEN_R_BRACE, Some(TOKEN_COLON | TOKEN_AT))
        )
    }

    /// A function from the brace of its pattern on; `whole` is the name before it, if there is one.
    fn function(&mut self, start: u32, whole: Siblings) -> Option<NodeId> {
        let mut children = whole;
        let is_bound = !whole.is_empty();
        self.advance();
        let mut ellipsis = NODE_PATTERN;
        while !self.at(TOKEN_R_BRACE) {
            if self.at(TOKEN_ELLIPSIS) {
                ellipsis = TOKEN_ELLIPSIS;
                self.advance();
                break;
            }
            let formal = self.formal()?;
            self.tree.append(&mut children, formal);
            if !self.at(TOKEN_COMMA) {
                break;
            }
            self.advance();
        }
        let mut end = self.expect(TOKEN_R_BRACE)?;
        if self.at(TOKEN_AT) {
            let (at, _) = self.span;
            self.advance();
            if is_bound || !self.at(TOKEN_IDENT) {
                return None;
            }
            let name = self.leaf(NODE_IDENT, NODE_IDENT);
            let whole = self.node(NODE_PAT_BIND, at, [name]);
            self.tree.append(&mut children, whole);
            end = self.tree.span(whole).1;
        }
        let pattern = self.tree.push(NODE_PATTERN, ellipsis, (start, end), children);
        self.expect(TOKEN_COLON)?;
        let body = self.expression()?;
        Some(self.node(NODE_LAMBDA, start, [pattern, body]))
    }

    fn formal(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        let name = self.at(TOKEN_IDENT).then(|| self.leaf(NODE_IDENT, NODE_IDENT))?;
        if !self.at(TOKEN_QUESTION) {
            return Some(self.node(NODE_PAT_ENTRY, start, [name]));
        }
        self.advance();
        let default = self.expression()?;
        Some(self.node(NODE_PAT_ENTRY, start, [name, default]))
    }

    /// A set from its brace on; it began at `start`, perhaps with `rec`.
    fn set(&mut self, start: u32) -> Option<NodeId> {
        self.advance();
        let (bindings, end) = self.bindings(TOKEN_R_BRACE)?;
        Some(self.tree.push(NODE_ATTR_SET, TOKEN_R_BRACE, (start, end), bindings))
    }

    /// Bindings up to a token, and where that ends.
    fn bindings(&mut self, until: SyntaxKind) -> Option<(Siblings, u32)> {
        let mut bindings = Siblings::NONE;
        while !self.at(until) {
            let binding = match self.token? {
                TOKEN_INHERIT => self.inherit()?,
                _ => self.binding()?,
            };
            self.tree.append(&mut bindings, binding);
        }
        Some((bindings, self.expect(until)?))
    }

    fn binding(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        let path = self.attribute_path()?;
        self.expect(TOKEN_ASSIGN)?;
        let value = self.expression()?;
        let end = self.expect(TOKEN_SEMICOLON)?;
        let children = self.tree.siblings([path, value]);
        Some(self.tree.push(NODE_ATTRPATH_VALUE, NODE_ATTRPATH_VALUE, (start, end), children))
    }

    fn inherit(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        self.advance();
        let mut children = Siblings::NONE;
        if self.at(TOKEN_L_PAREN) {
            let (start, _) = self.span;
            self.advance();
            let from = self.expression()?;
            let end = self.expect(TOKEN_R_PAREN)?;
            let from = self.tree.siblings([from]);
            let from = self.tree.push(NODE_INHERIT_FROM, NODE_INHERIT_FROM, (start, end), from);
            self.tree.append(&mut children, from);
        }
        while !self.at(TOKEN_SEMICOLON) {
            let name = self.attribute()?;
            self.tree.append(&mut children, name);
        }
        let end = self.expect(TOKEN_SEMICOLON)?;
        Some(self.tree.push(NODE_INHERIT, NODE_INHERIT, (start, end), children))
    }

    fn attribute_path(&mut self) -> Option<NodeId> {
        let (start, _) = self.span;
        let mut names = Siblings::NONE;
        loop {
            let name = self.attribute()?;
            self.tree.append(&mut names, name);
            if !self.at(TOKEN_DOT) {
                let (_, end) = self.tree.span(name);
                return Some(self.tree.push(NODE_ATTRPATH, NODE_ATTRPATH, (start, end), names));
            }
            self.advance();
        }
    }

    fn attribute(&mut self) -> Option<NodeId> {
        match self.token? {
            TOKEN_IDENT | TOKEN_OR => Some(self.leaf(NODE_IDENT, NODE_IDENT)),
            TOKEN_STRING_START => self.string(),
            TOKEN_INTERPOL_START => {
                let node = self.interpolation(NODE_DYNAMIC)?;
                self.advance();
                Some(node)
            }
            _ => None,
        }
    }
}
