//! Strings in the modules of services that are given where a password belongs.

use std::sync::Arc;

use nixpact_source::{FileId, Span};
use nixpact_syntax::{Ast, Asts, Expr, ExprId};
use rustc_hash::FxHashSet;

use crate::model::Model;
use crate::text;
use crate::text::facts::{File, FileFacts};

/// A literal where a password belongs.
#[derive(Clone, Debug)]
pub struct PlainSecret {
    /// The attribute, or the variable of the environment.
    pub name: String,
    /// The string.
    pub span: Span,
}

/// The files that declare more of a service than whether it runs are looked at.
pub(crate) fn add(
    asts: &Asts,
    facts: &[Arc<FileFacts>],
    paths: impl Fn(FileId) -> String,
    model: &mut Model,
) {
    let services = model.hosts.iter().chain(&model.loose).flat_map(|host| &host.services);
    let files: FxHashSet<FileId> =
        services.flat_map(|service| &service.spans).map(|span| span.file).collect();
    for File { ast, facts } in text::facts::files(asts, facts) {
        if !files.contains(&ast.file) {
            continue;
        }
        let found = facts.plain_secrets(ast);
        if !found.is_empty() && !is_example(&paths(ast.file)) {
            model.plain_secrets.extend_from_slice(found);
        }
    }
}

/// Tests and templates need no real passwords.
fn is_example(path: &str) -> bool {
    path.split('/').any(|name| {
        name.starts_with('_')
            || ["test", "tests", "example", "examples", "template", "templates", "vm"]
                .contains(&name.strip_suffix(".nix").unwrap_or(name))
    })
}

/// Those of one file, wherever it is.
pub(crate) fn in_file(ast: &Ast) -> Vec<PlainSecret> {
    let mut found = Vec::new();
    for attribute in &ast.attributes {
        let name = attribute.name.as_str();
        if let Some((id, text)) = literal(ast, attribute.value)
            && asks_for_a_secret(name)
            && is_secret(text)
        {
            found.push(PlainSecret { name: name.to_owned(), span: ast.span(id) });
        }
    }
    // "PASSWORD=…" in a list of variables.
    for (at, expr) in ast.exprs.iter().enumerate() {
        let Expr::Str(text) = expr else { continue };
        let text = ast.text(*text);
        if !text.starts_with(is_of_variable) {
            continue;
        }
        if let Some((name, value)) = text.split_once('=')
            && is_variable(name)
            && asks_for_a_secret(name)
            && !value.contains(char::is_whitespace)
            && is_secret(value)
        {
            let span = ast.span(ExprId(at as u32));
            found.push(PlainSecret { name: name.to_owned(), span });
        }
    }
    found.sort_by_key(|secret| secret.span);
    found.dedup_by_key(|secret| secret.span);
    found
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_of_variable)
}

/// Whether names of variables are made of such characters.
fn is_of_variable(char: char) -> bool {
    char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_'
}

/// A string, perhaps in `mkDefault` or `mkForce`.
fn literal(ast: &Ast, id: ExprId) -> Option<(ExprId, &str)> {
    match ast.expr(id) {
        Expr::Str(text) => Some((id, ast.text(text))),
        Expr::Apply { function, argument } => {
            let Expr::Select { path, .. } = ast.expr(function) else { return None };
            let nixpact_syntax::KeyName::Static(name) = ast.keys(path).last()?.name else {
                return None;
            };
            ["mkDefault", "mkForce"].contains(&name.as_str()).then(|| literal(ast, argument))?
        }
        _ => None,
    }
}

/// Whether a name says that its value is secret. `passwordFile` and `hashedPassword` do not.
fn asks_for_a_secret(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "accesskey",
        "adminpass",
        "apikey",
        "authtoken",
        "clientsecret",
        "dbpass",
        "encryptionkey",
        "passphrase",
        "passwd",
        "password",
        "privatekey",
        "secret",
        "secretkey",
        "token",
    ];
    let letters = || name.bytes().filter(u8::is_ascii_alphanumeric);
    // Nearly all names end with another letter.
    let last = letters().next_back().map(|last| last.to_ascii_lowercase());
    if !matches!(last, Some(b'd' | b'e' | b'n' | b's' | b't' | b'y')) {
        return false;
    }
    let ends_with = |end: &&str| {
        let mut letters = letters().rev();
        end.bytes()
            .rev()
            .all(|wanted| letters.next().is_some_and(|it| it.eq_ignore_ascii_case(&wanted)))
    };
    ENDS.iter().any(ends_with) && !name.starts_with("hashed")
}

/// Whether a string may be a password itself, and no name, path or place of one.
fn is_secret(text: &str) -> bool {
    const PLACEHOLDERS: &[&str] = &[
        "change",
        "dummy",
        "example",
        "fake",
        "insert",
        "none",
        "null",
        "password_here",
        "placeholder",
        "redacted",
        "replace",
        "todo",
        "your",
        "xxx",
    ];
    let lower = text.to_lowercase();
    let is_reference = text.starts_with(['$', '<', '@', '%', '/', '.', '~', '{', '!', '*', '#'])
        || text.contains("${")
        || text.contains("{{")
        || text.contains('/')
        || text.contains("://")
        || text.contains("ENC[")
        || lower.contains("secret")
        || lower.contains("file:")
        || text.contains(char::is_whitespace);
    let is_switch = ["true", "false", "yes", "no", "enabled", "disabled", "optional", "required"]
        .contains(&lower.as_str());
    !text.is_empty()
        && !is_reference
        && !is_switch
        && !is_duration(text)
        && !is_variable_of_environment(text)
        && !PLACEHOLDERS.iter().any(|word| lower.contains(word))
}

/// Such as `1h30m`, how long a token is good for.
fn is_duration(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_digit())
        && text.len() <= 8
        && text.chars().all(|char| char.is_ascii_digit() || "smhdwMy".contains(char))
}

/// Such as `DB_PASSWORD`: the name of what holds it.
fn is_variable_of_environment(text: &str) -> bool {
    text.contains('_') && is_variable(text)
}
