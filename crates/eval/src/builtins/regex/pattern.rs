//! The POSIX extended syntax, as libstdc++ reads it (`std::regex::extended`).

use super::Problem;

/// A pattern.
pub(super) enum Node {
    Empty,
    Set(Box<[bool; 256]>),
    LineBegin,
    LineEnd,
    /// With its number; that of the whole pattern is 0.
    Group(usize, Box<Node>),
    Concat(Vec<Node>),
    Either(Box<Node>, Box<Node>),
    /// `{min}` and then as many as possible, up to `more`.
    Repeat {
        node: Box<Node>,
        min: u32,
        more: More,
    },
    Plus(Box<Node>),
}

#[derive(Clone, Copy)]
pub(super) enum More {
    AtMost(u32),
    Any,
}

pub(super) struct Pattern {
    pub node: Node,
    pub groups: usize,
}

/// Deeper nesting is refused, for the stack's sake.
const MAX_DEPTH: usize = 200;

struct Parser<'p> {
    text: &'p [u8],
    at: usize,
    groups: usize,
    depth: usize,
}

type Parsed<T> = Result<T, Problem>;

pub(super) fn parse(text: &[u8]) -> Parsed<Pattern> {
    if text.contains(&0) {
        return Err(Problem::Unsupported("a pattern with a null byte"));
    }
    let mut parser = Parser { text, at: 0, groups: 1, depth: 0 };
    let node = parser.disjunction()?;
    if parser.at < text.len() {
        return Err(Problem::Invalid);
    }
    Ok(Pattern { node, groups: parser.groups })
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self) -> Parsed<u8> {
        let byte = self.peek().ok_or(Problem::Invalid)?;
        self.at += 1;
        Ok(byte)
    }

    fn disjunction(&mut self) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::Unsupported("a deeply nested pattern"));
        }
        let mut node = self.alternative()?;
        while self.accept(b'|') {
            node = Node::Either(Box::new(node), Box::new(self.alternative()?));
        }
        self.depth -= 1;
        Ok(node)
    }

    fn alternative(&mut self) -> Parsed<Node> {
        let mut terms = Vec::new();
        while let Some(term) = self.term()? {
            terms.push(term);
        }
        Ok(if terms.is_empty() { Node::Empty } else { Node::Concat(terms) })
    }

    /// An anchor, which cannot be repeated, or an atom with what repeats it.
    fn term(&mut self) -> Parsed<Option<Node>> {
        if self.accept(b'^') {
            return Ok(Some(Node::LineBegin));
        }
        if self.accept(b'$') {
            return Ok(Some(Node::LineEnd));
        }
        let Some(mut node) = self.atom()? else { return Ok(None) };
        let mut times = 0;
        while let Some(byte @ (b'*' | b'+' | b'?' | b'{')) = self.peek() {
            times += 1;
            if times > MAX_DEPTH {
                return Err(Problem::Unsupported("a deeply nested pattern"));
            }
            self.at += 1;
            let inner = Box::new(node);
            node = match byte {
                b'*' => Node::Repeat { node: inner, min: 0, more: More::Any },
                b'+' => Node::Plus(inner),
                b'?' => Node::Repeat { node: inner, min: 0, more: More::AtMost(1) },
                _ => self.interval(inner)?,
            };
        }
        Ok(Some(node))
    }

    fn interval(&mut self, node: Box<Node>) -> Parsed<Node> {
        let min = self.number()?.ok_or(Problem::Invalid)?;
        let mut more = More::AtMost(0);
        if self.accept(b',') {
            more = match self.number()? {
                Some(max) => More::AtMost(max.checked_sub(min).ok_or(Problem::Invalid)?),
                None => More::Any,
            };
        }
        if !self.accept(b'}') {
            return Err(Problem::Invalid);
        }
        Ok(Node::Repeat { node, min, more })
    }

    fn number(&mut self) -> Parsed<Option<u32>> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if start == self.at {
            return Ok(None);
        }
        let digits = std::str::from_utf8(&self.text[start..self.at]).unwrap_or_default();
        digits.parse().map(Some).map_err(|_| Problem::Unsupported("a long repetition"))
    }

    fn atom(&mut self) -> Parsed<Option<Node>> {
        let Some(byte) = self.peek() else { return Ok(None) };
        let node = match byte {
            b'*' | b'+' | b'?' | b'{' | b'|' | b')' => return Ok(None),
            b'.' => set(|byte| byte != 0),
            b'(' => {
                self.at += 1;
                let number = self.groups;
                self.groups += 1;
                let inner = self.disjunction()?;
                if self.peek() != Some(b')') {
                    return Err(Problem::Invalid);
                }
                Node::Group(number, Box::new(inner))
            }
            b'[' => {
                self.at += 1;
                return self.bracket().map(Some);
            }
            b'\\' => {
                self.at += 1;
                let escaped = self.peek().ok_or(Problem::Invalid)?;
                if !b".[\\()*+?{|^$".contains(&escaped) {
                    return Err(Problem::Invalid);
                }
                set(|byte| byte == escaped)
            }
            other => set(|byte| byte == other),
        };
        self.at += 1;
        Ok(Some(node))
    }

    /// What follows `[`, up to the `]`.
    fn bracket(&mut self) -> Parsed<Node> {
        let negated = self.accept(b'^');
        let mut members = [false; 256];
        // A character that a `-` may still make the start of a range.
        let mut last: Option<u8> = None;
        let mut first = true;
        loop {
            match self.bracket_token(first)? {
                Token::End => break,
                Token::Class(class) => {
                    (0..=255).for_each(|byte| members[usize::from(byte)] |= class(byte));
                    last = None;
                }
                Token::Char(byte) => {
                    members[usize::from(byte)] = true;
                    last = Some(byte);
                }
                Token::Dash if first => {
                    members[usize::from(b'-')] = true;
                    last = Some(b'-');
                }
                Token::Dash => last = self.dash(last, &mut members)?,
            }
            first = false;
        }
        Ok(set(|byte| members[usize::from(byte)] != negated))
    }

    /// A `-` that is not the first in brackets: it stands last, or makes a range.
    fn dash(&mut self, last: Option<u8>, members: &mut [bool; 256]) -> Parsed<Option<u8>> {
        if self.peek() == Some(b']') {
            members[usize::from(b'-')] = true;
            return Ok(None);
        }
        let start = last.ok_or(Problem::Invalid)?;
        let end = match self.bracket_token(false)? {
            Token::Char(byte) => byte,
            Token::Dash => b'-',
            _ => return Err(Problem::Invalid),
        };
        // Characters are signed there.
        let (start, end) = (start as i8, end as i8);
        if start > end {
            return Err(Problem::Invalid);
        }
        (start..=end).for_each(|byte| members[usize::from(byte as u8)] = true);
        Ok(None)
    }

    fn bracket_token(&mut self, first: bool) -> Parsed<Token> {
        match self.next()? {
            b'-' => Ok(Token::Dash),
            b']' if !first => Ok(Token::End),
            b'[' => match self.peek().ok_or(Problem::Invalid)? {
                b':' => self.class(),
                b'.' | b'=' => Err(Problem::Unsupported("a collating element")),
                _ => Ok(Token::Char(b'[')),
            },
            other => Ok(Token::Char(other)),
        }
    }

    /// `:name:]`
    fn class(&mut self) -> Parsed<Token> {
        self.at += 1;
        let start = self.at;
        while self.next()? != b':' {}
        let name = &self.text[start..self.at - 1];
        if !self.accept(b']') {
            return Err(Problem::Invalid);
        }
        Ok(Token::Class(match name.to_ascii_lowercase().as_slice() {
            b"alnum" => |c| c.is_ascii_alphanumeric(),
            b"alpha" => |c| c.is_ascii_alphabetic(),
            b"blank" => |c| matches!(c, b' ' | b'\t'),
            b"cntrl" => |c| c.is_ascii_control(),
            b"d" | b"digit" => |c| c.is_ascii_digit(),
            b"graph" => |c| c.is_ascii_graphic(),
            b"lower" => |c| c.is_ascii_lowercase(),
            b"print" => |c| c.is_ascii_graphic() || c == b' ',
            b"punct" => |c| c.is_ascii_punctuation(),
            b"s" | b"space" => |c| matches!(c, b' ' | b'\t'..=b'\r'),
            b"upper" => |c| c.is_ascii_uppercase(),
            b"w" => |c| c.is_ascii_alphanumeric() || c == b'_',
            b"xdigit" => |c| c.is_ascii_hexdigit(),
            _ => return Err(Problem::Invalid),
        }))
    }
}

/// What may stand in brackets.
enum Token {
    Char(u8),
    Dash,
    Class(fn(u8) -> bool),
    End,
}

fn set(contains: impl Fn(u8) -> bool) -> Node {
    let mut members = Box::new([false; 256]);
    (0..=255u8).for_each(|byte| members[usize::from(byte)] = contains(byte));
    Node::Set(members)
}
