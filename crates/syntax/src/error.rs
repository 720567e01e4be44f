use nixpact_source::{FileId, Span};
use rnix::{ParseError, SyntaxKind, TextRange};

/// Why a file does not parse.
#[derive(Clone, Debug)]
pub struct SyntaxError {
    pub message: String,
    pub span: Span,
    /// The text is nested deeper than is read here; Nix may read it.
    pub is_limit: bool,
}

impl SyntaxError {
    pub(crate) fn from_rnix(file: FileId, text: &str, error: &ParseError) -> SyntaxError {
        let at = |range: &TextRange| Span::new(file, range.start().into(), range.end().into());
        // Trailing white space is not where a reader looks for what is missing.
        let end = text.trim_end().len() as u32;
        let eof = Span::new(file, end.saturating_sub(1), end);
        let (message, span) = match error {
            ParseError::Unexpected(range) => ("unexpected text".to_owned(), at(range)),
            ParseError::UnexpectedExtra(range) => {
                ("unexpected text after the end of the expression".to_owned(), at(range))
            }
            ParseError::UnexpectedWanted(found, range, wanted) => {
                (format!("unexpected {}, expected {}", name(*found), names(wanted)), at(range))
            }
            ParseError::UnexpectedDoubleBind(range) => {
                ("the pattern is bound to a name twice".to_owned(), at(range))
            }
            ParseError::UnexpectedEOF => ("unexpected end of file".to_owned(), eof),
            ParseError::UnexpectedEOFWanted(wanted) => {
                (format!("unexpected end of file, expected {}", names(wanted)), eof)
            }
            ParseError::DuplicatedArgs(range, argument) => {
                (format!("the argument '{argument}' is declared twice"), at(range))
            }
            ParseError::RecursionLimitExceeded => ("nested too deeply to be read".to_owned(), eof),
            other => (other.to_string(), eof),
        };
        let is_limit = matches!(error, ParseError::RecursionLimitExceeded);
        SyntaxError { message, span, is_limit }
    }
}

fn names(kinds: &[SyntaxKind]) -> String {
    match kinds {
        [] => "something else".to_owned(),
        [one] => name(*one).to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(|kind| name(*kind)).collect();
            format!("{} or {}", first.join(", "), name(*last))
        }
    }
}

/// A token as people write it.
fn name(kind: SyntaxKind) -> &'static str {
    use SyntaxKind::*;
    match kind {
        TOKEN_ADD => "'+'",
        TOKEN_AND_AND => "'&&'",
        TOKEN_ASSIGN => "'='",
        TOKEN_ASSERT => "'assert'",
        TOKEN_AT => "'@'",
        TOKEN_COLON => "':'",
        TOKEN_COMMA => "','",
        TOKEN_CONCAT => "'++'",
        TOKEN_DIV => "'/'",
        TOKEN_DOT => "'.'",
        TOKEN_ELLIPSIS => "'...'",
        TOKEN_ELSE => "'else'",
        TOKEN_EQUAL => "'=='",
        TOKEN_FLOAT | TOKEN_INTEGER => "a number",
        TOKEN_IDENT => "a name",
        TOKEN_IF => "'if'",
        TOKEN_IMPLICATION => "'->'",
        TOKEN_IN => "'in'",
        TOKEN_INHERIT => "'inherit'",
        TOKEN_INTERPOL_END => "'}' of an interpolation",
        TOKEN_INTERPOL_START => "'${'",
        TOKEN_INVERT => "'!'",
        TOKEN_L_BRACE => "'{'",
        TOKEN_L_BRACK => "'['",
        TOKEN_L_PAREN => "'('",
        TOKEN_LESS => "'<'",
        TOKEN_LESS_OR_EQ => "'<='",
        TOKEN_LET => "'let'",
        TOKEN_MORE => "'>'",
        TOKEN_MORE_OR_EQ => "'>='",
        TOKEN_MUL => "'*'",
        TOKEN_NOT_EQUAL => "'!='",
        TOKEN_OR => "'or'",
        TOKEN_OR_OR => "'||'",
        TOKEN_PATH_ABS | TOKEN_PATH_HOME | TOKEN_PATH_REL | TOKEN_PATH_SEARCH => "a path",
        TOKEN_PIPE_LEFT => "'<|'",
        TOKEN_PIPE_RIGHT => "'|>'",
        TOKEN_QUESTION => "'?'",
        TOKEN_R_BRACE => "'}'",
        TOKEN_R_BRACK => "']'",
        TOKEN_R_PAREN => "')'",
        TOKEN_REC => "'rec'",
        TOKEN_SEMICOLON => "';'",
        TOKEN_STRING_CONTENT | TOKEN_STRING_START => "a string",
        TOKEN_STRING_END => "the end of a string",
        TOKEN_SUB => "'-'",
        TOKEN_THEN => "'then'",
        TOKEN_UPDATE => "'//'",
        TOKEN_URI => "a URI",
        TOKEN_WITH => "'with'",
        _ => "text that is no part of Nix",
    }
}
