//! What a function of the repository takes in the set with which it is called.

use nixpact_engine::Pattern;
use nixpact_source::{FileId, Span};
use nixpact_syntax::outline::{Bytes, Outline, Step};

use crate::links;
use crate::target;
use crate::view::Document;

/// The formals that a call does not name yet, and whether each has to be; `bracket` is where the set
/// begins. None where it is not plain which function is called.
pub(crate) fn missing(
    document: &Document<'_>,
    outline: &Outline,
    bracket: u32,
    word: Bytes,
) -> Vec<(String, bool)> {
    let Some(at) = outline.brackets.iter().position(|it| it.is_set && it.span.0 == bracket) else {
        return Vec::new();
    };
    let bindings = outline.bindings.iter().filter(|it| it.parent == Some(at));
    let names = bindings.filter_map(|it| it.names.first().filter(|name| name.0 != word.0));
    let names: Vec<&str> = names.map(|name| document.text(*name).trim_matches('"')).collect();
    let Some(called) = called(document, outline, bracket) else {
        return Vec::new();
    };
    let mut fitting = patterns(document, called).into_iter().filter(|pattern| {
        let is_formal = |name: &&str| pattern.formals.iter().any(|(formal, _)| formal == name);
        match pattern.is_open {
            true => names.iter().any(is_formal),
            false => names.iter().all(is_formal),
        }
    });
    let (Some(only), None) = (fitting.next(), fitting.next()) else { return Vec::new() };
    only.formals.into_iter().filter(|(formal, _)| !names.contains(&formal.as_str())).collect()
}

/// The text of the function to which a string is given, by itself or in a set, with the name that it has
/// there; by itself it has none.
pub(crate) fn given<'v>(
    document: &Document<'v>,
    outline: &Outline,
    text: Bytes,
) -> Option<(&'v str, Option<&'v str>)> {
    let quoted = (text.0.checked_sub(1)?, text.1 + 1);
    let mut bindings = outline.bindings.iter();
    let (start, name) = match bindings.find(|it| target::value(document, it) == Some(quoted)) {
        Some(binding) => {
            let (from, to) = *binding.names.last()?;
            let name = document.file.text.get(from as usize..to as usize)?;
            (outline.brackets.get(binding.parent?)?.span.0, Some(name))
        }
        None => (quoted.0, None),
    };
    let text = match called(document, outline, start)? {
        Called::File(file) => &document.view.sources().files().get(file.index())?.text[..],
        Called::Here((start, end)) => document.file.text.get(start as usize..end as usize)?,
    };
    Some((text, name))
}

/// Where a function is written.
enum Called {
    File(FileId),
    /// In a binding of the same document.
    Here(Bytes),
}

fn patterns(document: &Document<'_>, called: Called) -> Vec<Pattern> {
    let view = &document.view;
    let Some(session) = view.workspace.session() else { return Vec::new() };
    match called {
        Called::File(file) => session.patterns(file),
        Called::Here((start, end)) => {
            let is_inside = |span: Span| start <= span.start && span.end <= end;
            let mut patterns = session.patterns(document.id);
            patterns.retain(|pattern| view.place(pattern.span).is_some_and(is_inside));
            patterns
        }
    }
}

/// The function before a set: a variable that a `let` binds to it or to its `import`, or an `import`.
fn called(document: &Document<'_>, outline: &Outline, bracket: u32) -> Option<Called> {
    let before = document.text((0, bracket)).trim_end();
    let before = without_strings(before);
    let end = before.len() as u32;
    if let Some(path) = outline.paths.iter().find(|path| path.1 == end) {
        return imported(document, *path);
    }
    let ends = |selection: &&nixpact_syntax::outline::Selection| {
        selection.names.last().is_some_and(|(_, place)| place.1 == end)
    };
    let selection = outline.selections.iter().find(ends)?;
    let [(name, _)] = &selection.names[..] else { return None };
    let binding = outline.bindings.iter().find(|binding| {
        binding.way.is_local
            && !binding.is_inherited
            && matches!(&binding.way.steps[..], [Step::Name(known)] if known == name)
    })?;
    let value = target::value(document, binding)?;
    match document.text(value).starts_with("import") {
        true => {
            let path = outline.paths.iter().find(|it| value.0 <= it.0 && it.1 <= value.1)?;
            imported(document, *path)
        }
        false => Some(Called::Here(value)),
    }
}

fn imported(document: &Document<'_>, path: Bytes) -> Option<Called> {
    let before = document.text((0, path.0)).trim_end();
    let is_import = before.ends_with("import");
    is_import.then(|| links::file(document, path)).flatten().map(Called::File)
}

/// A text without the strings with which it ends: arguments before the set.
fn without_strings(mut text: &str) -> &str {
    while let Some(rest) = text.strip_suffix('"') {
        match rest.rsplit_once('"') {
            Some((before, inside)) if !inside.contains(['\n', '$', '\\']) => {
                text = before.trim_end()
            }
            _ => return text,
        }
    }
    text
}
