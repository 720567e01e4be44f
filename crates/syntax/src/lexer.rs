//! The tokens of a text, one at a time: [`rnix::tokenize`] without the tokens that mean nothing.
//!
//! What stands in strings and behind the first piece of a path is asked for by the [parser](crate::parser),
//! which knows where it is; rnix's tokenizer keeps a stack for that. Whatever is not plainly as usual is
//! a [`TOKEN_ERROR`](rnix::SyntaxKind::TOKEN_ERROR), and for rnix to judge.

use rnix::SyntaxKind::{self, *};

/// What a byte can be part of.
mod class {
    pub(super) const SPACE: u8 = 1;
    /// Names behind their first letter.
    pub(super) const NAME: u8 = 2;
    /// Paths, but for the slash.
    pub(super) const PATH: u8 = 4;
    pub(super) const SLASH: u8 = 8;
    pub(super) const URI: u8 = 16;
    /// What can end a piece of a string, or begin an escape in it.
    pub(super) const QUOTED: u8 = 32;
    pub(super) const DIGIT: u8 = 64;
}

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            // Those ASCII characters that `char::is_whitespace` knows.
            b'\t'..=b'\r' | b' ' => class::SPACE,
            b'0'..=b'9' => class::NAME | class::PATH | class::URI | class::DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'-' => class::NAME | class::PATH | class::URI,
            b'.' | b'+' => class::PATH | class::URI,
            b'/' => class::SLASH | class::URI,
            b'\'' => class::NAME | class::URI | class::QUOTED,
            b'$' => class::URI | class::QUOTED,
            b'"' | b'\\' => class::QUOTED,
            b'%' | b'?' | b':' | b'@' | b'&' | b'=' | b',' | b'!' | b'~' | b'*' => class::URI,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// What ends a piece of a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    Quotes,
    Interpolation,
}

#[derive(Clone)]
pub(crate) struct Lexer<'t> {
    text: &'t [u8],
    /// Where the next token or the white space before it begins, in bytes.
    pub at: usize,
    /// Where what may be a path last ended: the names of `a.b.c` end at one place.
    path_end: usize,
}

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Lexer<'t> {
        Lexer { text: text.as_bytes(), at: 0, path_end: 0 }
    }

    /// The byte that is `ahead` bytes further; 0 behind the end.
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn is(&self, ahead: usize, classes: u8) -> bool {
        CLASSES[usize::from(self.peek(ahead))] & classes != 0
    }

    /// Where bytes of some classes end that begin at `from`.
    fn run(&self, from: usize, classes: u8) -> usize {
        let mut at = from;
        while let Some(byte) = self.text.get(at)
            && CLASSES[usize::from(*byte)] & classes != 0
        {
            at += 1;
        }
        at
    }

    fn skip_space(&mut self) {
        // Most of it is indentation.
        const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
        while let Some(chunk) = self.text.get(self.at..).and_then(|rest| rest.first_chunk())
            && u64::from_ne_bytes(*chunk) == SPACES
        {
            self.at += 8;
        }
        self.at = self.run(self.at, class::SPACE);
    }

    /// Goes past white space and comments; whether the last comment is closed.
    fn skip_trivia(&mut self) -> bool {
        self.skip_space();
        !matches!(self.peek(0), b'#' | b'/') || self.skip_comments()
    }

    /// What may begin here with a comment. It is apart from what every token needs.
    #[inline(never)]
    fn skip_comments(&mut self) -> bool {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let length = match rest {
                // A carriage return ends a comment in Nix, too.
                [b'#', ..] => memchr::memchr2(b'\n', b'\r', rest),
                [b'/', b'*', inner @ ..] => match memchr::memmem::find(inner, b"*/") {
                    Some(at) => Some(at + 4),
                    None => return false,
                },
                _ => return true,
            };
            self.at += length.unwrap_or(rest.len());
            self.skip_space();
        }
    }

    /// The next token and where it begins, in bytes; it ends at [`at`](Lexer::at). None at the end.
    pub fn next(&mut self) -> (Option<SyntaxKind>, usize) {
        let is_closed = self.skip_trivia();
        let start = self.at;
        let kind = match (is_closed, self.text.get(start)) {
            (false, _) => TOKEN_ERROR,
            (true, None) => return (None, start),
            (true, Some(first)) => self.token(*first),
        };
        (Some(kind), start)
    }

    fn token(&mut self, first: u8) -> SyntaxKind {
        match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'.' if self.peek(1) == b'.' && self.peek(2) == b'.' => self.take(3, TOKEN_ELLIPSIS),
            b'0'..=b'9' | b'.' | b'+' | b'-' => match self.begins_path() {
                true => self.path(TOKEN_PATH_REL),
                false if first.is_ascii_digit() => self.number(),
                false if first == b'.' => self.dot(),
                false => self.operator(first),
            },
            b'/' if self.peek(1) == b'/' => self.take(2, TOKEN_UPDATE),
            b'/' if self.is(1, class::PATH) || self.text[self.at + 1..].starts_with(b"${") => {
                self.path(TOKEN_PATH_ABS)
            }
            b'~' if self.peek(1) == b'/' => self.path(TOKEN_PATH_HOME),
            b'<' => self.less(),
            b'"' => self.take(1, TOKEN_STRING_START),
            b'\'' if self.peek(1) == b'\'' => self.take(2, TOKEN_STRING_START),
            _ => self.operator(first),
        }
    }

    fn take(&mut self, length: usize, kind: SyntaxKind) -> SyntaxKind {
        self.at += length;
        kind
    }

    /// Whether what begins here as a name or number does is a relative path, as `a/b` is.
    #[inline(never)]
    fn begins_path(&mut self) -> bool {
        let end = self.path_end();
        self.is_path(end)
    }

    /// Where what may be a path up to its first slash ends, of which a part begins here.
    fn path_end(&mut self) -> usize {
        if self.at >= self.path_end {
            self.path_end = self.run(self.at, class::PATH);
        }
        self.path_end
    }

    /// Whether the slash that makes a path of what is before it stands at `at`.
    fn is_path(&self, at: usize) -> bool {
        match self.text.get(at..) {
            Some([b'/', next, ..]) => {
                // White space that is not ASCII is for rnix to see: this is then no path that it reads.
                !matches!(next, b'/' | b'*') && CLASSES[usize::from(*next)] & class::SPACE == 0
            }
            _ => false,
        }
    }

    fn word(&mut self) -> SyntaxKind {
        let start = self.at;
        let end = self.run(start, class::NAME);
        // A path or URI goes on where the name ends.
        if matches!(self.text.get(end), Some(b'.' | b'+' | b'/' | b':')) {
            let end = self.path_end();
            if self.is_path(end) {
                return self.path(TOKEN_PATH_REL);
            }
            if self.is_uri(start, end) {
                self.at = self.run(end, class::NAME | class::URI);
                return TOKEN_URI;
            }
        }
        self.at = end;
        match &self.text[start..end] {
            b"assert" => TOKEN_ASSERT,
            b"else" => TOKEN_ELSE,
            b"if" => TOKEN_IF,
            b"in" => TOKEN_IN,
            b"inherit" => TOKEN_INHERIT,
            b"let" => TOKEN_LET,
            b"or" => TOKEN_OR,
            b"rec" => TOKEN_REC,
            b"then" => TOKEN_THEN,
            b"with" => TOKEN_WITH,
            _ => TOKEN_IDENT,
        }
    }

    /// Whether there is a colon at `colon` that makes a URI of what begins at `start`.
    fn is_uri(&self, start: usize, colon: usize) -> bool {
        let Some([b':', next, ..]) = self.text.get(colon..) else { return false };
        CLASSES[usize::from(*next)] & class::URI != 0 && !self.text[start..colon].contains(&b'_')
    }

    /// A first piece of a path.
    #[inline(never)]
    fn path(&mut self, kind: SyntaxKind) -> SyntaxKind {
        if self.path_piece() { kind } else { TOKEN_ERROR }
    }

    /// Goes past a piece of a path; whether it is a good one.
    pub fn path_piece(&mut self) -> bool {
        let start = self.at;
        // The tilde of a path below the home directory.
        let from = start + usize::from(self.peek(0) == b'~');
        self.at = self.run(from, class::PATH | class::SLASH);
        let piece = &self.text[start..self.at];
        self.at_interpolation()
            || !piece.ends_with(b"/") && !piece.windows(2).any(|pair| pair == b"//")
    }

    /// Whether a piece of a path goes on here, behind an interpolation.
    pub fn at_path(&self) -> bool {
        self.is(0, class::PATH | class::SLASH)
    }

    /// Whether `${` follows at once.
    pub fn at_interpolation(&self) -> bool {
        self.peek(0) == b'$' && self.peek(1) == b'{'
    }

    /// Whether what follows at once begins a path below the home directory.
    pub fn at_tilde(&self) -> bool {
        self.peek(0) == b'~'
    }

    #[inline(never)]
    fn number(&mut self) -> SyntaxKind {
        // Nix takes a zero that no dot follows for an integer of its own kind.
        let is_zero = self.peek(0) == b'0' && self.peek(1) != b'.';
        self.at = self.run(self.at, class::DIGIT);
        if is_zero || self.peek(0) != b'.' {
            return TOKEN_INTEGER;
        }
        self.fraction()
    }

    /// From the dot on.
    fn fraction(&mut self) -> SyntaxKind {
        self.at = self.run(self.at + 1, class::DIGIT);
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            let digits = self.at + 1 + sign;
            self.at = self.run(digits, class::DIGIT);
            if self.at == digits {
                return TOKEN_ERROR;
            }
        }
        TOKEN_FLOAT
    }

    fn dot(&mut self) -> SyntaxKind {
        match self.is(1, class::DIGIT) {
            true => self.fraction(),
            false => self.take(1, TOKEN_DOT),
        }
    }

    /// `<`, `<=`, `<|` or `<nixpkgs>`
    #[inline(never)]
    fn less(&mut self) -> SyntaxKind {
        match self.peek(1) {
            b'|' => return self.take(2, TOKEN_PIPE_LEFT),
            b'=' => return self.take(2, TOKEN_LESS_OR_EQ),
            _ => {}
        }
        let end = self.run(self.at + 1, class::PATH | class::SLASH);
        match self.text.get(end) {
            Some(b'>') if end > self.at + 1 => {
                self.at = end + 1;
                TOKEN_PATH_SEARCH
            }
            // rnix looks for the end of a path behind further ones of these, too.
            Some(b'<') if end > self.at + 1 && self.may_be_path(end) => TOKEN_ERROR,
            _ => self.take(1, TOKEN_LESS),
        }
    }

    fn may_be_path(&self, mut at: usize) -> bool {
        while self.text.get(at) == Some(&b'<') {
            at = self.run(at + 1, class::PATH | class::SLASH);
        }
        self.text.get(at) == Some(&b'>')
    }

    fn operator(&mut self, first: u8) -> SyntaxKind {
        let (length, kind) = match (first, self.peek(1)) {
            (b'=', b'=') => (2, TOKEN_EQUAL),
            (b'=', _) => (1, TOKEN_ASSIGN),
            (b'!', b'=') => (2, TOKEN_NOT_EQUAL),
            (b'!', _) => (1, TOKEN_INVERT),
            (b'{', _) => (1, TOKEN_L_BRACE),
            (b'}', _) => (1, TOKEN_R_BRACE),
            (b'[', _) => (1, TOKEN_L_BRACK),
            (b']', _) => (1, TOKEN_R_BRACK),
            (b'(', _) => (1, TOKEN_L_PAREN),
            (b')', _) => (1, TOKEN_R_PAREN),
            (b'@', _) => (1, TOKEN_AT),
            (b':', _) => (1, TOKEN_COLON),
            (b',', _) => (1, TOKEN_COMMA),
            (b'?', _) => (1, TOKEN_QUESTION),
            (b';', _) => (1, TOKEN_SEMICOLON),
            (b'+', b'+') => (2, TOKEN_CONCAT),
            (b'+', _) => (1, TOKEN_ADD),
            (b'-', b'>') => (2, TOKEN_IMPLICATION),
            (b'-', _) => (1, TOKEN_SUB),
            (b'*', _) => (1, TOKEN_MUL),
            (b'/', _) => (1, TOKEN_DIV),
            (b'>', b'=') => (2, TOKEN_MORE_OR_EQ),
            (b'>', _) => (1, TOKEN_MORE),
            (b'&', b'&') => (2, TOKEN_AND_AND),
            (b'|', b'|') => (2, TOKEN_OR_OR),
            (b'|', b'>') => (2, TOKEN_PIPE_RIGHT),
            (b'$', b'{') => (2, TOKEN_INTERPOL_START),
            _ => (1, TOKEN_ERROR),
        };
        self.take(length, kind)
    }

    /// Goes to the end of a piece of a string, which may be empty; None where the text ends before.
    pub fn string_piece(&mut self, is_indented: bool) -> Option<Stop> {
        loop {
            let rest = self.text.get(self.at..)?;
            self.at +=
                rest.iter().position(|byte| CLASSES[usize::from(*byte)] & class::QUOTED != 0)?;
            match (self.text[self.at], is_indented) {
                (b'"', false) => return Some(Stop::Quotes),
                (b'\\', false) => self.at += 2,
                (b'$', _) => match self.peek(1) {
                    b'{' => return Some(Stop::Interpolation),
                    b'$' => self.at += 2,
                    _ => self.at += 1,
                },
                (b'\'', true) if self.peek(1) == b'\'' => match self.peek(2) {
                    b'\'' | b'$' => self.at += 3,
                    b'\\' => self.at += 4,
                    _ => return Some(Stop::Quotes),
                },
                _ => self.at += 1,
            }
        }
    }
}
