//! The syntax tree of a file that [lowering](crate::lower) reads: the nodes of rnix's tree in one vector,
//! without its tokens.

use rnix::{NodeOrToken, SyntaxKind, SyntaxKind::*, SyntaxNode};
use rowan::WalkEvent;

/// The position of a node in its tree.
pub(crate) type NodeId = u32;

const NO_NODE: NodeId = NodeId::MAX;

/// The nodes of a file, each behind its children. The pieces of strings and paths are nodes, too.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Tree {
    nodes: Vec<Data>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Data {
    kind: SyntaxKind,
    /// The token that tells more; see [`Node::token`].
    token: SyntaxKind,
    /// Byte range in the file.
    span: (u32, u32),
    first: NodeId,
    next: NodeId,
}

/// Children of a node that is not finished.
#[derive(Clone, Copy)]
pub(crate) struct Siblings {
    first: NodeId,
    last: NodeId,
}

impl Siblings {
    pub const NONE: Siblings = Siblings { first: NO_NODE, last: NO_NODE };

    pub fn is_empty(self) -> bool {
        self.first == NO_NODE
    }
}

impl Tree {
    /// Makes it an empty one with room for a text of so many bytes.
    pub fn make_room(&mut self, bytes: usize) {
        self.nodes.clear();
        // What ordinary texts need; more would only cost memory.
        self.nodes.reserve(bytes / 6);
    }

    pub fn push(
        &mut self,
        kind: SyntaxKind,
        token: SyntaxKind,
        span: (u32, u32),
        children: Siblings,
    ) -> NodeId {
        let id = self.nodes.len() as NodeId;
        self.nodes.push(Data { kind, token, span, first: children.first, next: NO_NODE });
        id
    }

    /// Puts a node, which is no one's child yet, behind its siblings.
    pub fn append(&mut self, siblings: &mut Siblings, child: NodeId) {
        match self.nodes.get_mut(siblings.last as usize) {
            Some(last) => last.next = child,
            None => siblings.first = child,
        }
        siblings.last = child;
    }

    pub fn siblings<const N: usize>(&mut self, nodes: [NodeId; N]) -> Siblings {
        let mut siblings = Siblings::NONE;
        for node in nodes {
            self.append(&mut siblings, node);
        }
        siblings
    }

    pub fn span(&self, node: NodeId) -> (u32, u32) {
        self.nodes[node as usize].span
    }

    /// The node that was finished last.
    pub fn root(&self) -> Option<Node<'_>> {
        let last = (self.nodes.len() as NodeId).checked_sub(1)?;
        Some(Node { tree: self, id: last })
    }

    /// What rnix reads; the root is the file's expression.
    pub fn from_rnix(root: &SyntaxNode) -> Tree {
        let mut tree = Tree::default();
        let Some(expression) = root.children().next() else { return tree };
        let mut open: Vec<Siblings> = vec![Siblings::NONE];
        for event in expression.preorder_with_tokens() {
            let (element, children) = match event {
                WalkEvent::Enter(_) => {
                    open.push(Siblings::NONE);
                    continue;
                }
                WalkEvent::Leave(element) => (element, open.pop().unwrap_or(Siblings::NONE)),
            };
            let (kind, token) = match &element {
                NodeOrToken::Node(node) => (node.kind(), telling(node)),
                NodeOrToken::Token(token) if is_piece(token.kind()) => (token.kind(), token.kind()),
                NodeOrToken::Token(_) => continue,
            };
            let range = element.text_range();
            let span = (range.start().into(), range.end().into());
            let node = tree.push(kind, token, span, children);
            if let Some(siblings) = open.last_mut() {
                tree.append(siblings, node);
            }
        }
        tree
    }
}

fn is_piece(token: SyntaxKind) -> bool {
    matches!(
        token,
        TOKEN_STRING_CONTENT
            | TOKEN_PATH_ABS
            | TOKEN_PATH_REL
            | TOKEN_PATH_HOME
            | TOKEN_PATH_SEARCH
    )
}

/// The token of a node that [`Node::token`] gives.
fn telling(node: &SyntaxNode) -> SyntaxKind {
    let mut tokens = node.children_with_tokens().filter_map(|element| element.into_token());
    let token = match node.kind() {
        NODE_BIN_OP | NODE_UNARY_OP => tokens.find(|token| !token.kind().is_trivia()),
        NODE_LITERAL => tokens.next(),
        NODE_PATTERN => tokens.find(|token| token.kind() == TOKEN_ELLIPSIS),
        NODE_PAREN | NODE_ATTR_SET | NODE_LIST => node.last_token(),
        _ => None,
    };
    token.map_or(node.kind(), |token| token.kind())
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl<'t> Node<'t> {
    fn data(self) -> &'t Data {
        &self.tree.nodes[self.id as usize]
    }

    pub fn kind(self) -> SyntaxKind {
        self.data().kind
    }

    /// The operator of an operation, the literal itself, the last token of what is in brackets, and the
    /// ellipsis of a pattern that has one; else the kind of the node.
    pub fn token(self) -> SyntaxKind {
        self.data().token
    }

    /// Byte range in the file.
    pub fn span(self) -> (u32, u32) {
        self.data().span
    }

    pub fn children(self) -> Children<'t> {
        Children { tree: self.tree, next: self.data().first }
    }
}

#[derive(Clone)]
pub(crate) struct Children<'t> {
    tree: &'t Tree,
    next: NodeId,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let id = self.next;
        self.next = self.tree.nodes.get(id as usize)?.next;
        Some(Node { tree: self.tree, id })
    }
}
