//! `nixpact services`

use std::io::{self, Write};

use nixpact_contract::{Contract, Datum, Enabled, Field, FieldState, Host, Located, Role, Service};
use nixpact_engine::{Analysis, Options};
use nixpact_source::Span;
use serde_json::{Map, Value, json};

use crate::args::{DataFormat, Services};
use crate::terminal;
use crate::value::value_json;
use crate::{Outcome, select};

pub fn run(services: &Services) -> Outcome {
    if services.repository.root.is_some() && !services.repository.paths.is_empty() {
        return Err(
            "services lists those of the whole repository: leave out PATH beside --root".into()
        );
    }
    let analysis = Analysis::run(&select::repository(&services.repository, Options::default())?)?;
    let out = &mut terminal::buffered_output();
    match services.format {
        DataFormat::Human => human(out, &analysis)?,
        DataFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &document(&analysis))
                .map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(0)
}

const HEADERS: &[&str] =
    &["HOST", "SERVICE", "ENABLED", "PORT", "HOST NAME", "TYPE", "DATABASES", "STATE", "BACKUP"];

fn human(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let model = &analysis.model;
    let rows: Vec<Vec<String>> = each(analysis)
        .map(|(host, service)| row(host, service, &model.contracts[service.contract]))
        .collect();
    if rows.is_empty() {
        return writeln!(out, "no services found");
    }
    nixpact_render::table(out, HEADERS, &rows)
}

fn each(analysis: &Analysis) -> impl Iterator<Item = (&Host, &Service)> {
    let hosts = analysis.model.hosts.iter();
    hosts.flat_map(|host| host.services.iter().map(move |service| (host, service)))
}

fn row(host: &Host, service: &Service, contract: &Contract) -> Vec<String> {
    let cell = |role| match service.role(contract, role) {
        Some(field) if field.state == FieldState::Missing => "missing".to_owned(),
        Some(field) => short(&field.value),
        None => "-".to_owned(),
    };
    let enabled = match &service.enabled {
        Enabled::Yes => "yes",
        Enabled::No => "no",
        Enabled::Unknown(_) => "?",
    };
    vec![
        host.name.clone().unwrap_or_else(|| "-".to_owned()),
        service.name.clone(),
        enabled.to_owned(),
        port(service, contract),
        host_name(service, contract),
        cell(Role::Type),
        cell(Role::Databases),
        cell(Role::State),
        cell(Role::Backup),
    ]
}

/// The port, or that of the URL where the contract has none of its own.
fn port(service: &Service, contract: &Contract) -> String {
    let field = |role| service.role(contract, role);
    match (field(Role::Port), field(Role::Url)) {
        (Some(port), _) if port.state == FieldState::Missing => "missing".to_owned(),
        (Some(port), _) => short(&port.value),
        (None, Some(url)) => match url.value.as_str().and_then(port_of_url) {
            Some(port) => port.to_owned(),
            None if url.value.unknown().is_some() => "?".to_owned(),
            None => "-".to_owned(),
        },
        (None, None) => "-".to_owned(),
    }
}

/// The digits behind the host of a URL.
fn port_of_url(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next()?;
    let (_, port) = authority.rsplit_once(':')?;
    (!port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(port)
}

/// The subdomain and the domain together, as far as the contract has them.
fn host_name(service: &Service, contract: &Contract) -> String {
    let part = |role| service.role(contract, role).map(|field| &field.value);
    let is_whole = contract.role(Role::Domain).is_some_and(|field| field.name == "fqdn");
    match (part(Role::Subdomain), part(Role::Domain)) {
        (_, Some(whole)) if is_whole => short(whole),
        (Some(subdomain), Some(domain)) => match subdomain.as_str() {
            Some("") => short(domain),
            _ => format!("{}.{}", short(subdomain), short(domain)),
        },
        (Some(one), None) | (None, Some(one)) => short(one),
        (None, None) => "-".to_owned(),
    }
}

/// A value in a table's cell.
fn short(value: &Located) -> String {
    match &value.datum {
        Datum::Null => "-".to_owned(),
        Datum::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        Datum::Int(value) => value.to_string(),
        Datum::Float(value) => value.to_string(),
        Datum::Str(text) | Datum::Path(text) | Datum::Template { text, .. } => text.to_string(),
        Datum::List { items, rest } => {
            let mut shown: Vec<String> = items.iter().map(short).collect();
            shown.extend(rest.as_ref().map(|_| "?".to_owned()));
            if shown.is_empty() { "-".to_owned() } else { shown.join(", ") }
        }
        Datum::Attrs { entries, .. } => {
            // What a set of the contract is about: a directory, a database.
            let names = ["name", "directory", "path"];
            let telling = names.iter().find_map(|name| value.get(name));
            telling.map_or_else(|| format!("{{{}}}", entries.len()), short)
        }
        Datum::Function => "a function".to_owned(),
        Datum::Unknown(_) => "?".to_owned(),
        Datum::Error(_) => "error".to_owned(),
    }
}

fn document(analysis: &Analysis) -> Value {
    let services: Vec<Value> = each(analysis)
        .map(|(host, service)| {
            let contract = &analysis.model.contracts[service.contract];
            let fields: Map<String, Value> = contract
                .fields
                .iter()
                .zip(&service.fields)
                .map(|(decl, field)| (decl.name.clone(), field_json(analysis, field)))
                .collect();
            json!({
                "host": host.name,
                "service": service.name,
                "contract": contract.option,
                "enabled": match &service.enabled {
                    Enabled::Yes => json!(true),
                    Enabled::No => json!(false),
                    Enabled::Unknown(unknown) => json!({ "$unknown": unknown.reason }),
                },
                "place": place(analysis, service.span),
                "fields": fields,
            })
        })
        .collect();
    json!({ "version": 1, "services": services })
}

fn field_json(analysis: &Analysis, field: &Field) -> Value {
    let state = match field.state {
        FieldState::Defined => "defined",
        FieldState::Default => "default",
        FieldState::Missing => "missing",
        FieldState::Possible => "possible",
    };
    let mut object = Map::new();
    object.insert("state".to_owned(), json!(state));
    if field.state != FieldState::Missing {
        object.insert("value".to_owned(), value_json(&field.value));
    }
    let written = field.definitions.first().and_then(|d| d.value.or(d.key));
    object.insert("place".to_owned(), place(analysis, written.or(field.value.span)));
    Value::Object(object)
}

fn place(analysis: &Analysis, span: Option<Span>) -> Value {
    let Some(span) = span else { return Value::Null };
    let file = analysis.sources.file(span.file);
    let at = file.line_column(span.start);
    json!({ "file": file.path, "line": at.line, "column": at.column })
}
