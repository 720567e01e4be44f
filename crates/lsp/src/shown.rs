//! Values, fields and services as a person reads them.

use nixpact_contract::{
    Contract, Datum, Enabled, Field, FieldDecl, FieldState, Host, Located, Service, attribute_name,
    string_literal,
};

use crate::view::View;

/// Longer values are cut, in characters.
const MAX_VALUE: usize = 160;

/// A value as Nix, in one line; `None` where nothing of it is known.
pub(crate) fn value(value: &Located) -> Option<String> {
    let mut out = String::new();
    if matches!(value.datum, Datum::Unknown(_) | Datum::Error(_)) {
        return None;
    }
    write(value, &mut out);
    Some(cut(&out))
}

fn write(value: &Located, out: &mut String) {
    match &value.datum {
        Datum::Null => out.push_str("null"),
        Datum::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Datum::Int(value) => out.push_str(&value.to_string()),
        Datum::Float(value) => out.push_str(&value.to_string()),
        Datum::Str(text) => out.push_str(&string_literal(text)),
        Datum::Template { text, .. } => out.push_str(&format!("\"{text}\"")),
        Datum::Path(path) => out.push_str(path),
        Datum::List { items, rest } => {
            out.push('[');
            for item in items {
                out.push(' ');
                write(item, out);
                if out.len() > MAX_VALUE * 4 {
                    break;
                }
            }
            out.push_str(if rest.is_some() { " … ]" } else { " ]" });
        }
        Datum::Attrs { entries, rest } => {
            out.push('{');
            for (name, value) in entries {
                out.push_str(&format!(" {} = ", attribute_name(name)));
                write(value, out);
                out.push(';');
                if out.len() > MAX_VALUE * 4 {
                    break;
                }
            }
            out.push_str(if rest.is_some() { " … }" } else { " }" });
        }
        Datum::Function => out.push_str("«function»"),
        Datum::Unknown(_) => out.push_str("«unknown»"),
        Datum::Error(_) => out.push_str("«error»"),
    }
}

fn cut(text: &str) -> String {
    let line = text.replace('\n', "\\n");
    match line.char_indices().nth(MAX_VALUE) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// Text between backquotes in a table's cell.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

/// What a service has resolved to, as a table.
pub(crate) fn service(view: &View<'_>, host: &Host, service: &Service) -> String {
    let Some(contract) = view.model().contracts.get(service.contract) else {
        return String::new();
    };
    let state = match &service.enabled {
        Enabled::Yes => "enabled".to_owned(),
        Enabled::No => "disabled".to_owned(),
        Enabled::Unknown(unknown) => format!("perhaps enabled: {}", unknown.reason),
    };
    let on = host.name.as_ref().map(|name| format!(" on {name}")).unwrap_or_default();
    let mut out = format!("**{}** · {} · {state}{on}\n\n", service.name, contract.option);
    out.push_str("| field | value | where |\n|---|---|---|\n");
    for (decl, field) in contract.fields.iter().zip(&service.fields) {
        if decl.internal {
            continue;
        }
        let (value, place) = (field_value(field), field_place(view, field));
        out.push_str(&format!("| {} | {value} | {place} |\n", decl.name));
    }
    out
}

/// The value of a field, or why there is none.
pub(crate) fn field_value(field: &Field) -> String {
    if field.state == FieldState::Missing {
        return "**missing**".to_owned();
    }
    let reason = match &field.value.datum {
        Datum::Error(message) => format!("error: {}", message.lines().next().unwrap_or_default()),
        _ => match field.value.unknown() {
            Some(unknown) => format!("unknown: {}", unknown.reason),
            None => String::new(),
        },
    };
    let reason = reason.replace('|', "\\|").replace('\n', " ");
    match (value(&field.value), reason.is_empty()) {
        (Some(value), true) => code(&value),
        (Some(value), false) => format!("{} ({reason})", code(&value)),
        (None, _) => format!("*{reason}*"),
    }
}

/// Where a field is written.
pub(crate) fn field_place(view: &View<'_>, field: &Field) -> String {
    match field.state {
        FieldState::Missing => String::new(),
        FieldState::Default => "default".to_owned(),
        FieldState::Defined | FieldState::Possible => {
            let keys = field.definitions.iter().filter_map(|it| it.key.or(it.value));
            let mut places: Vec<String> = keys.filter_map(|span| view.link(span)).collect();
            places.dedup();
            if field.state == FieldState::Possible {
                places.push("under a condition that is not known".to_owned());
            }
            places.join(", ")
        }
    }
}

/// What a field of a contract is: type, default, description.
pub(crate) fn declaration(option: &str, decl: &FieldDecl) -> String {
    let mut out = format!("**{option}**\n\n*Type:* {}\n", decl.ty);
    if !decl.members.is_empty() {
        let members: Vec<String> = decl.members.iter().map(|it| code(it)).collect();
        out.push_str(&format!("\n*One of:* {}\n", members.join(", ")));
    }
    match &decl.default {
        Some(default) => out.push_str(&format!("\n*Default:* {}\n", code(default))),
        None if decl.required => out.push_str("\n*Required:* it has no default\n"),
        None => {}
    }
    if let Some(description) = &decl.description {
        out.push_str(&format!("\n{}\n", description.trim()));
    }
    out
}

/// The declaration of a field inside of others; list members are stepped over.
pub(crate) fn field_at<'c>(contract: &'c Contract, path: &[String]) -> Option<&'c FieldDecl> {
    let (first, rest) = path.split_first()?;
    let mut decl = contract.fields.get(contract.field(first)?)?;
    for name in rest {
        decl = decl.fields.iter().find(|field| field.name == *name)?;
    }
    Some(decl)
}
