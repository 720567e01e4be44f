//! The compact form of a file that the evaluator runs: expressions in one vector, each with its place,
//! names interned and variables resolved to the scope that binds them.

use nixpact_source::{FileId, Span};

use crate::{Symbol, SyntaxError};

/// An expression of an [`Ast`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ExprId(pub u32);

/// A half-open range of one of an [`Ast`]'s side tables; which one, its use says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub start: u32,
    pub end: u32,
}

impl Range {
    pub fn indices(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Expr {
    /// A place where the parser found nothing it understood; also an attribute that is defined twice.
    Broken,
    Int(i64),
    Float(f64),
    /// A string without interpolation: a range of [`Ast::texts`].
    Str(Range),
    /// A string with interpolation: a range of [`Ast::parts`].
    Template(Range),
    /// A path without interpolation, as written: a range of [`Ast::texts`].
    Path(Range),
    /// A path with interpolation: a range of [`Ast::parts`].
    PathTemplate(Range),
    /// `<name>`, without the brackets: a range of [`Ast::texts`].
    SearchPath(Range),
    /// A variable bound by `let`, `rec` or a function, `depth` scopes up.
    Local {
        depth: u32,
        slot: u32,
    },
    /// A variable that a `with` may bind: `depth` scopes up is the innermost one.
    Dynamic {
        name: Symbol,
        depth: u32,
    },
    /// A name of Nix's own outermost scope, such as `map` or `true`.
    Global(Symbol),
    /// A name that nothing binds; Nix refuses the whole file.
    Undefined(Symbol),
    /// A range of [`Ast::ids`].
    List(Range),
    /// An index of [`Ast::sets`].
    Set(u32),
    /// An index of [`Ast::sets`], recursive and without dynamic attributes, and the body.
    Let(u32, ExprId),
    Select {
        base: ExprId,
        /// A range of [`Ast::keys`].
        path: Range,
    },
    /// `base.path or default`: an index of [`Ast::defaults`].
    SelectOr(u32),
    Has {
        base: ExprId,
        /// A range of [`Ast::keys`].
        path: Range,
    },
    /// An index of [`Ast::lambdas`].
    Lambda(u32),
    Apply {
        function: ExprId,
        argument: ExprId,
    },
    If {
        condition: ExprId,
        then: ExprId,
        otherwise: ExprId,
    },
    Assert {
        condition: ExprId,
        body: ExprId,
    },
    With {
        scope: ExprId,
        body: ExprId,
    },
    Binary {
        operator: Operator,
        left: ExprId,
        right: ExprId,
    },
    Not(ExprId),
    Negate(ExprId),
    CurPos,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    Concat,
    Update,
    Add,
    Sub,
    Mul,
    Div,
    And,
    Or,
    Implication,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    PipeRight,
    PipeLeft,
}

/// A piece of a string or path.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// A range of [`Ast::texts`].
    Text(Range),
    Interpolated(ExprId),
}

/// A segment of an attribute path.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: KeyName,
    /// Byte range in the file.
    pub span: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub enum KeyName {
    Static(Symbol),
    Dynamic(ExprId),
}

/// An attribute set literal, with `a.b = …` already nested and merged as Nix's parser does, or the
/// bindings of a `let`.
#[derive(Clone, Copy, Debug)]
pub struct SetLiteral {
    /// The bindings see each other.
    pub recursive: bool,
    /// A range of [`Ast::attributes`], sorted by [`Symbol::key`]; no name occurs twice.
    pub attributes: Range,
    /// The `x` of each `inherit (x) …`: a range of [`Ast::ids`]. They follow the attributes in the scope
    /// of the bindings.
    pub inherit_from: Range,
    /// A range of [`Ast::dynamic`].
    pub dynamic: Range,
}

impl SetLiteral {
    /// Whether evaluating the bindings needs a scope of its own.
    pub fn has_scope(&self) -> bool {
        self.recursive || !self.inherit_from.is_empty()
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    pub name: Symbol,
    pub value: ExprId,
    /// Byte range of the name where it was first written.
    pub span: (u32, u32),
    /// The value is an `inherit`, and is evaluated in the scope around the set.
    pub inherited: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct DynamicAttribute {
    pub name: ExprId,
    pub value: ExprId,
    pub span: (u32, u32),
}

/// A selection with a default.
#[derive(Clone, Copy, Debug)]
pub struct SelectOr {
    pub base: ExprId,
    /// A range of [`Ast::keys`].
    pub path: Range,
    pub default: ExprId,
}

#[derive(Clone, Debug)]
pub struct Lambda {
    pub parameter: Parameter,
    pub body: ExprId,
}

#[derive(Clone, Debug)]
pub enum Parameter {
    Name(Symbol),
    /// The scope's slots are the formals in order, then the name after `@`, if there is one.
    Pattern {
        formals: Box<[Formal]>,
        ellipsis: bool,
        whole: Option<Symbol>,
    },
}

#[derive(Clone, Copy, Debug)]
pub struct Formal {
    pub name: Symbol,
    pub default: Option<ExprId>,
    pub span: (u32, u32),
}

/// One attribute defined twice in a set where Nix refuses it.
#[derive(Clone, Debug)]
pub struct DuplicateAttribute {
    /// The path from the set in which both stand, such as `a.b`.
    pub path: String,
    pub first: Span,
    pub second: Span,
}

/// A name that one pattern binds twice, which Nix refuses.
#[derive(Clone, Debug)]
pub struct DuplicateFormal {
    pub name: Symbol,
    pub first: Span,
    pub second: Span,
    /// What to remove, where the second one says no more than the first.
    pub removal: Option<Span>,
}

/// A use of a name that nothing binds.
#[derive(Clone, Debug)]
pub struct UndefinedVariable {
    pub name: Symbol,
    pub span: Span,
    /// The names that are bound there, the innermost scope first; empty where the file has had many
    /// such uses before, or one of the same name.
    pub visible: Box<[Symbol]>,
}

/// A file, lowered.
#[derive(Clone, Debug)]
pub struct Ast {
    pub file: FileId,
    /// [`Expr::Broken`] when the file has syntax errors: what stands next to one may be misread.
    pub root: ExprId,
    pub exprs: Box<[Expr]>,
    /// The byte range of each expression.
    pub spans: Box<[(u32, u32)]>,
    pub ids: Box<[ExprId]>,
    pub parts: Box<[Part]>,
    pub keys: Box<[Key]>,
    pub defaults: Box<[SelectOr]>,
    pub sets: Box<[SetLiteral]>,
    pub attributes: Box<[Attribute]>,
    pub dynamic: Box<[DynamicAttribute]>,
    pub lambdas: Box<[Lambda]>,
    /// The contents of strings and paths, one after the other.
    pub texts: Box<str>,
    pub errors: Vec<SyntaxError>,
    pub duplicates: Vec<DuplicateAttribute>,
    pub duplicate_formals: Vec<DuplicateFormal>,
    /// In the order in which they are lowered; the place of [`Expr::Undefined`].
    pub undefined: Vec<UndefinedVariable>,
    /// The relative paths without interpolation, each an [`Expr::Path`].
    pub paths: Box<[ExprId]>,
    /// Names of attributes that are written again: the byte range of the first one and of the other, as
    /// of `a` in `{ a.b = 1; a.c = 2; }`.
    pub repeated: Vec<((u32, u32), (u32, u32))>,
    /// A null byte is in the text, which versions of Nix read differently.
    pub has_null: bool,
}

impl Ast {
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.0 as usize]
    }

    pub fn span(&self, id: ExprId) -> Span {
        let (start, end) = self.spans[id.0 as usize];
        Span::new(self.file, start, end)
    }

    /// The name of a function such as `optional` or `lib.optional`, where a `with` or a set may hold it.
    pub fn last_name(&self, function: ExprId) -> Option<Symbol> {
        match self.expr(function) {
            Expr::Select { path, .. } => match self.keys(path).last()?.name {
                KeyName::Static(name) => Some(name),
                KeyName::Dynamic(_) => None,
            },
            Expr::Dynamic { name, .. } => Some(name),
            _ => None,
        }
    }

    pub fn text(&self, range: Range) -> &str {
        &self.texts[range.indices()]
    }

    pub fn set(&self, index: u32) -> &SetLiteral {
        &self.sets[index as usize]
    }

    pub fn attributes(&self, set: &SetLiteral) -> &[Attribute] {
        &self.attributes[set.attributes.indices()]
    }

    /// The `x` of each `inherit (x) …` of a set.
    pub fn inherit_from(&self, set: &SetLiteral) -> &[ExprId] {
        &self.ids[set.inherit_from.indices()]
    }

    pub fn dynamic(&self, set: &SetLiteral) -> &[DynamicAttribute] {
        &self.dynamic[set.dynamic.indices()]
    }

    /// Every place where the name of an attribute is written of which [`Attribute::span`] is the first,
    /// in the order of the file.
    pub fn written(&self, first: (u32, u32)) -> Vec<(u32, u32)> {
        let mut places = vec![first];
        let mut at = 0;
        while let Some(known) = places.get(at).copied() {
            let again = self.repeated.iter().filter(|(first, _)| *first == known);
            places.extend(again.map(|(_, again)| *again));
            at += 1;
        }
        places.sort_unstable();
        places
    }

    pub fn keys(&self, range: Range) -> &[Key] {
        &self.keys[range.indices()]
    }

    /// The base and the path of what is selected, `base.path` or `base.path or default`.
    pub fn selection(&self, expr: &Expr) -> Option<(ExprId, Range)> {
        match *expr {
            Expr::Select { base, path } => Some((base, path)),
            Expr::SelectOr(at) => self.defaults.get(at as usize).map(|it| (it.base, it.path)),
            _ => None,
        }
    }
}
