//! Addresses of databases in strings.

use nixpact_source::Span;
use nixpact_syntax::{Expr, ExprId, Part, Symbol};

use super::Walk;

/// An address of a database in a string.
pub(crate) struct Url {
    /// The string.
    pub span: Span,
    /// Such as `postgresql`.
    pub scheme: &'static str,
    /// What is put into it: paths below `config`, and whether there is something else that is not known.
    pub paths: Vec<Vec<Symbol>>,
    pub has_unknown: bool,
}

impl Walk<'_> {
    /// Notes an address in a string, which is made of `parts`.
    pub(super) fn url(&mut self, id: ExprId, parts: &[Part]) {
        for (at, part) in parts.iter().enumerate() {
            let Part::Text(text) = part else { continue };
            let text = self.ast.text(*text);
            let Some((scheme, rest)) = database_url(text) else { continue };
            let mut url =
                Url { span: self.ast.span(id), scheme, paths: Vec::new(), has_unknown: false };
            if !ends(rest) {
                for part in &parts[at + 1..] {
                    match part {
                        Part::Text(text) if ends(self.ast.text(*text)) => break,
                        Part::Text(_) => {}
                        Part::Interpolated(id) => self.put_in(*id, &mut url),
                    }
                }
            }
            self.scan.urls.push(url);
        }
    }

    fn put_in(&self, id: ExprId, url: &mut Url) {
        let id = match self.ast.expr(id) {
            Expr::Apply { function, argument } if self.scopes().called(function) == "toString" => {
                argument
            }
            _ => id,
        };
        match self.scopes().resolve(id) {
            Some(resolved) => url.paths.push(resolved.path),
            None => url.has_unknown |= self.scopes().constant(id).is_none(),
        }
    }
}

const SCHEMES: &[&str] = &["mariadb", "mongodb", "mysql", "postgres", "postgresql", "redis"];

/// The first address of a database in a text, and what follows its `://`.
fn database_url(text: &str) -> Option<(&'static str, &str)> {
    // Nearly no text has one: to look for the colon is all that most take.
    let mut colons = text.match_indices(':').filter(|(at, _)| text[at + 1..].starts_with("//"));
    colons.find_map(|(at, _)| {
        let before = text[..at].rsplit(|char: char| !(char.is_ascii_alphanumeric() || char == '+'));
        // A driver may be named, too: `postgresql+asyncpg`.
        let scheme = before.into_iter().next()?.split('+').next()?;
        let scheme = SCHEMES.iter().find(|known| **known == scheme)?;
        Some((*scheme, &text[at + 3..]))
    })
}

/// Whether an address ends in a text.
fn ends(text: &str) -> bool {
    text.contains(|char: char| char.is_whitespace() || matches!(char, '"' | '\''))
}
