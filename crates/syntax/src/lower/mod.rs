//! From a tree to an [`Ast`], in one pass.

mod bindings;
mod pattern;
mod scope;
mod strings;

use std::mem::take;

use nixpact_source::{FileId, Span};
use rnix::{SyntaxKind, SyntaxKind::*};

use crate::ast::{
    Ast, Attribute, DuplicateAttribute, DuplicateFormal, DynamicAttribute, Expr, ExprId, Key,
    KeyName, Lambda, Operator, Parameter, Part, Range, SelectOr, SetLiteral, UndefinedVariable,
};
use crate::tree::{Node, Tree};
use crate::{Symbol, SyntaxError};
use scope::{Frame, Scopes};

pub use scope::GLOBALS;

/// The names that are bound where a name is undefined are not listed for more uses in a file.
const MAX_LISTED: usize = 16;

/// An [`Ast`] that says only why there is nothing in it.
pub(crate) fn broken(file: FileId, text: &str, errors: Vec<SyntaxError>) -> Ast {
    let mut tables = Tables { errors, ..Tables::default() };
    let root = tables.push(Expr::Broken, (0, text.len() as u32));
    tables.freeze(file, root)
}

/// The tables are empty, and are again afterwards.
pub(crate) fn lower(file: FileId, text: &str, tree: &Tree, tables: &mut Tables) -> Ast {
    let ast = take(tables);
    let (scopes, open) = (Scopes::default(), Open::default());
    let mut lowerer = Lowerer { file, ast, text, scopes, open, finished: Vec::new() };
    let root = lowerer.expr_or_broken(tree.root(), (0, text.len() as u32));
    let mut ast = lowerer.ast;
    let root = match ast.errors.is_empty() {
        true => root,
        false => ast.push(Expr::Broken, (0, text.len() as u32)),
    };
    let frozen = ast.freeze(file, root);
    *tables = ast;
    frozen
}

/// The tables of an [`Ast`] while they grow.
#[derive(Default)]
pub(crate) struct Tables {
    exprs: Vec<Expr>,
    spans: Vec<(u32, u32)>,
    ids: Vec<ExprId>,
    parts: Vec<Part>,
    keys: Vec<Key>,
    defaults: Vec<SelectOr>,
    sets: Vec<SetLiteral>,
    attributes: Vec<Attribute>,
    dynamic: Vec<DynamicAttribute>,
    lambdas: Vec<Lambda>,
    texts: String,
    errors: Vec<SyntaxError>,
    duplicates: Vec<DuplicateAttribute>,
    duplicate_formals: Vec<DuplicateFormal>,
    undefined: Vec<UndefinedVariable>,
    paths: Vec<ExprId>,
    repeated: Vec<((u32, u32), (u32, u32))>,
}

impl Tables {
    fn push(&mut self, expr: Expr, span: (u32, u32)) -> ExprId {
        let id = ExprId(self.exprs.len() as u32);
        self.exprs.push(expr);
        self.spans.push(span);
        id
    }

    /// Copies the tables to where they have no reserve, and empties them for the next file.
    fn freeze(&mut self, file: FileId, root: ExprId) -> Ast {
        let texts = Box::from(&self.texts[..]);
        self.texts.clear();
        Ast {
            file,
            root,
            exprs: frozen(&mut self.exprs),
            spans: frozen(&mut self.spans),
            ids: frozen(&mut self.ids),
            parts: frozen(&mut self.parts),
            keys: frozen(&mut self.keys),
            defaults: frozen(&mut self.defaults),
            sets: frozen(&mut self.sets),
            attributes: frozen(&mut self.attributes),
            dynamic: frozen(&mut self.dynamic),
            lambdas: self.lambdas.drain(..).collect(),
            texts,
            errors: take(&mut self.errors),
            duplicates: take(&mut self.duplicates),
            duplicate_formals: take(&mut self.duplicate_formals),
            undefined: take(&mut self.undefined),
            paths: frozen(&mut self.paths),
            repeated: take(&mut self.repeated),
            has_null: false,
        }
    }
}

fn frozen<T: Copy>(table: &mut Vec<T>) -> Box<[T]> {
    let frozen = Box::from(&table[..]);
    table.clear();
    frozen
}

/// Adds to one of the tables; where its new members stand in it.
fn extend<T>(table: &mut Vec<T>, new: impl IntoIterator<Item = T>) -> Range {
    let start = table.len() as u32;
    table.extend(new);
    Range { start, end: table.len() as u32 }
}

struct Lowerer<'t> {
    file: FileId,
    ast: Tables,
    text: &'t str,
    scopes: Scopes,
    open: Open,
    /// Empty lists of sets that are lowered.
    finished: Vec<Vec<bindings::Entry<'t>>>,
}

/// What belongs together in a table, until all of it is lowered: others add to the tables meanwhile.
#[derive(Default)]
struct Open {
    ids: Vec<ExprId>,
    keys: Vec<Key>,
    attributes: Vec<Attribute>,
    /// The path of the attribute that is being added.
    names: Vec<Symbol>,
}

impl<'t> Lowerer<'t> {
    fn push(&mut self, expr: Expr, span: (u32, u32)) -> ExprId {
        self.ast.push(expr, span)
    }

    fn slice(&self, (start, end): (u32, u32)) -> &'t str {
        &self.text[start as usize..end as usize]
    }

    fn variable(&mut self, name: Symbol, at: (u32, u32)) -> Expr {
        let expr = self.scopes.resolve(name);
        if matches!(expr, Expr::Undefined(_)) {
            self.undefined(name, at);
        }
        expr
    }

    #[cold]
    fn undefined(&mut self, name: Symbol, (start, end): (u32, u32)) {
        let known = &self.ast.undefined;
        let is_listed = known.len() < MAX_LISTED && known.iter().all(|known| known.name != name);
        let visible = if is_listed { self.scopes.visible() } else { Box::default() };
        let span = Span::new(self.file, start, end);
        self.ast.undefined.push(UndefinedVariable { name, span, visible });
    }

    fn error(&mut self, message: impl Into<String>, (start, end): (u32, u32)) {
        let span = Span::new(self.file, start, end);
        self.ast.errors.push(SyntaxError { message: message.into(), span, is_limit: false });
    }

    /// Adds `text` to the table of texts.
    fn add_text(&mut self, text: &str) -> Range {
        let start = self.ast.texts.len() as u32;
        self.ast.texts.push_str(text);
        Range { start, end: self.ast.texts.len() as u32 }
    }

    fn expr_or_broken(&mut self, node: Option<Node<'t>>, around: (u32, u32)) -> ExprId {
        match node {
            Some(node) => self.expr(node),
            None => {
                self.error("an expression is missing here", around);
                self.push(Expr::Broken, around)
            }
        }
    }

    fn expr(&mut self, node: Node<'t>) -> ExprId {
        let at = node.span();
        let mut children = node.children();
        let mut next = |this: &mut Self| {
            let child = children.next();
            this.expr_or_broken(child, at)
        };
        let expr = match node.kind() {
            NODE_IDENT => self.variable(Symbol::new(self.slice(at)), at),
            NODE_LITERAL => self.literal(node, at),
            NODE_STRING => self.string(node),
            NODE_PATH_ABS | NODE_PATH_REL | NODE_PATH_HOME => {
                let path = self.path(node);
                let id = self.push(path, at);
                if node.kind() == NODE_PATH_REL && matches!(path, Expr::Path(_)) {
                    self.ast.paths.push(id);
                }
                return id;
            }
            NODE_PATH_SEARCH => {
                let name = self.slice(at).trim_matches(['<', '>']);
                Expr::SearchPath(self.add_text(name))
            }
            NODE_PAREN => {
                self.expect_last(node, TOKEN_R_PAREN, "')'");
                return next(self);
            }
            NODE_SELECT => return self.select(node, at),
            NODE_APPLY => {
                let function = next(self);
                Expr::Apply { function, argument: next(self) }
            }
            NODE_ATTR_SET => {
                self.expect_last(node, TOKEN_R_BRACE, "'}'");
                Expr::Set(self.set(node))
            }
            NODE_LET_IN => return self.let_in(node, at),
            NODE_LEGACY_LET => return self.legacy_let(node, at),
            NODE_LIST => {
                self.expect_last(node, TOKEN_R_BRACK, "']'");
                let from = self.open.ids.len();
                for item in children {
                    let item = self.expr(item);
                    self.open.ids.push(item);
                }
                Expr::List(extend(&mut self.ast.ids, self.open.ids.drain(from..)))
            }
            NODE_LAMBDA => return self.lambda(node, at),
            NODE_BIN_OP => {
                let operator = operator(node.token());
                let left = next(self);
                let right = next(self);
                match operator {
                    Some(operator) => Expr::Binary { operator, left, right },
                    None => Expr::Broken,
                }
            }
            NODE_UNARY_OP => {
                let operand = next(self);
                match node.token() {
                    TOKEN_INVERT => Expr::Not(operand),
                    _ => Expr::Negate(operand),
                }
            }
            NODE_HAS_ATTR => {
                let base = next(self);
                let path = children.next().map(|path| self.attribute_path(path));
                match path {
                    Some(path) => Expr::Has { base, path },
                    None => Expr::Broken,
                }
            }
            NODE_IF_ELSE => {
                let condition = next(self);
                let then = next(self);
                Expr::If { condition, then, otherwise: next(self) }
            }
            NODE_ASSERT => {
                let condition = next(self);
                Expr::Assert { condition, body: next(self) }
            }
            NODE_WITH => {
                let scope = next(self);
                self.scopes.push(Frame::With);
                let body = next(self);
                self.scopes.pop();
                Expr::With { scope, body }
            }
            NODE_CUR_POS => Expr::CurPos,
            _ => {
                self.error("unexpected text", at);
                Expr::Broken
            }
        };
        self.push(expr, at)
    }

    /// rnix takes any token for a closing bracket.
    fn expect_last(&mut self, node: Node<'_>, kind: SyntaxKind, what: &str) {
        if node.token() != kind {
            self.error(format!("expected {what} at the end of this"), node.span());
        }
    }

    fn literal(&mut self, node: Node<'_>, at: (u32, u32)) -> Expr {
        let text = self.slice(at);
        match node.token() {
            TOKEN_INTEGER => match text.parse() {
                Ok(value) => Expr::Int(value),
                Err(_) => {
                    self.error(format!("'{text}' is not a 64-bit integer"), at);
                    Expr::Broken
                }
            },
            TOKEN_FLOAT => match float(text) {
                Some(number) => Expr::Float(number),
                None => {
                    self.error(format!("'{text}' is not a number that a 64-bit float holds"), at);
                    Expr::Broken
                }
            },
            _ => Expr::Str(self.add_text(text)),
        }
    }

    fn select(&mut self, node: Node<'t>, at: (u32, u32)) -> ExprId {
        let mut children = node.children();
        let base = self.expr_or_broken(children.next(), at);
        let Some(path) = children.next() else { return base };
        let path = self.attribute_path(path);
        let expr = match children.next() {
            Some(default) => {
                let default = self.expr(default);
                self.ast.defaults.push(SelectOr { base, path, default });
                Expr::SelectOr(self.ast.defaults.len() as u32 - 1)
            }
            None => Expr::Select { base, path },
        };
        self.push(expr, at)
    }

    /// The segments of a `NODE_ATTRPATH`, as a range of [`Ast::keys`].
    fn attribute_path(&mut self, path: Node<'t>) -> Range {
        let from = self.open.keys.len();
        for segment in path.children() {
            let key = self.key(segment);
            self.open.keys.push(key);
        }
        extend(&mut self.ast.keys, self.open.keys.drain(from..))
    }

    fn key(&mut self, segment: Node<'t>) -> Key {
        let name = match self.static_key(segment) {
            Some(name) => KeyName::Static(name),
            None => KeyName::Dynamic(self.dynamic_key(segment)),
        };
        Key { name, span: segment.span() }
    }

    /// The name of a segment that Nix's parser knows: `a`, `"a"`, `${"a"}` and `${("a")}`.
    fn static_key(&mut self, segment: Node<'_>) -> Option<Symbol> {
        match segment.kind() {
            NODE_IDENT => Some(Symbol::new(self.slice(segment.span()))),
            NODE_STRING => {
                strings::without_interpolation(self.text, segment).map(|s| Symbol::new(&s))
            }
            _ => {
                let mut inner = segment.children().next()?;
                while inner.kind() == NODE_PAREN {
                    inner = inner.children().next()?;
                }
                if inner.kind() != NODE_STRING {
                    return None;
                }
                strings::without_interpolation(self.text, inner).map(|s| Symbol::new(&s))
            }
        }
    }

    fn dynamic_key(&mut self, segment: Node<'t>) -> ExprId {
        if segment.kind() == NODE_DYNAMIC {
            return self.expr_or_broken(segment.children().next(), segment.span());
        }
        self.expr(segment)
    }

    fn lambda(&mut self, node: Node<'t>, at: (u32, u32)) -> ExprId {
        let mut children = node.children();
        let parameter = children.next();
        let body = children.next();
        let frame = match parameter {
            Some(pattern) if pattern.kind() == NODE_PATTERN => pattern::names(self.text, pattern),
            Some(name) => vec![Symbol::new(self.slice(name.span()))],
            None => Vec::new(),
        };
        let name = frame.first().copied();
        self.scopes.push(Frame::Listed(frame));
        let parameter = match (parameter, name) {
            (Some(pattern), _) if pattern.kind() == NODE_PATTERN => self.pattern(pattern),
            (_, Some(name)) => Parameter::Name(name),
            (_, None) => Parameter::Name(Symbol::new("")),
        };
        let body = self.expr_or_broken(body, at);
        self.scopes.pop();
        let index = self.ast.lambdas.len() as u32;
        self.ast.lambdas.push(Lambda { parameter, body });
        self.push(Expr::Lambda(index), at)
    }
}

/// A float, which Nix refuses where it is too large, or so close to zero that digits of it are lost.
fn float(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    let digits = text.split(['e', 'E']).next().unwrap_or_default();
    let is_zero = !digits.contains(|digit: char| ('1'..='9').contains(&digit));
    (number.is_normal() || is_zero).then_some(number)
}

fn operator(token: SyntaxKind) -> Option<Operator> {
    Some(match token {
        TOKEN_CONCAT => Operator::Concat,
        TOKEN_UPDATE => Operator::Update,
        TOKEN_ADD => Operator::Add,
        TOKEN_SUB => Operator::Sub,
        TOKEN_MUL => Operator::Mul,
        TOKEN_DIV => Operator::Div,
        TOKEN_AND_AND => Operator::And,
        TOKEN_OR_OR => Operator::Or,
        TOKEN_IMPLICATION => Operator::Implication,
        TOKEN_EQUAL => Operator::Equal,
        TOKEN_NOT_EQUAL => Operator::NotEqual,
        TOKEN_LESS => Operator::Less,
        TOKEN_LESS_OR_EQ => Operator::LessOrEqual,
        TOKEN_MORE => Operator::More,
        TOKEN_MORE_OR_EQ => Operator::MoreOrEqual,
        TOKEN_PIPE_RIGHT => Operator::PipeRight,
        TOKEN_PIPE_LEFT => Operator::PipeLeft,
        _ => return None,
    })
}
