//! The name or the user of a database is none that PostgreSQL takes as it stands.

use nixpact_contract::{Datum, Field, Host, Located, Model, Role, Service, string_literal};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use nixpact_source::Span;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{member_span, origin};

declare_lint! {
    #[doc = include_str!("invalid_database.md")]
    pub static INVALID_DATABASE = {
        name: "invalid-database",
        summary: "PostgreSQL does not take the name or the user of a database as it stands",
        level: Level::Deny,
        check,
    }
}

/// `NAMEDATALEN - 1` of PostgreSQL, in bytes: the rest of a longer identifier is cut off.
const MAX_BYTES: usize = 63;

/// What is wrong with a name.
enum Fault {
    Empty,
    TooLong(usize),
    /// It is an identifier only in double quotes.
    NeedsQuotes(String),
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.machines() {
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            if let Some(field) = service.role(contract, Role::Databases) {
                let law = contract.role(Role::Databases).and_then(|decl| decl.span);
                check_service(host, service, (field, law), sink);
            }
        }
    }
}

fn check_service(
    host: &Host,
    service: &Service,
    (field, law): (&Field, Option<Span>),
    sink: &mut Sink<'_>,
) {
    let databases = databases(field).filter(|database| is_postgresql(database, host));
    for (what, name) in databases.flat_map(names) {
        let Some(fault) = name.as_str().and_then(fault) else { continue };
        let finding = diagnostic(host, service, (what, name), &fault, sink);
        let finding = placed(finding, service, field, name, &fault);
        sink.push(match law {
            Some(law) => finding.secondary(law, "the contract declares the field here"),
            None => finding,
        });
    }
}

/// The members of a list of databases, or the one that a service has.
fn databases(field: &Field) -> impl Iterator<Item = &Located> {
    let single = matches!(field.value.datum, Datum::Attrs { .. }).then_some(&field.value);
    field.value.items().iter().chain(single)
}

/// The texts of a database that are identifiers to the server.
fn names(database: &Located) -> impl Iterator<Item = (&'static str, &Located)> {
    let own = database.as_str().map(|_| ("name", database));
    let named = ["name", "user"].into_iter().filter_map(|key| Some((key, database.get(key)?)));
    own.into_iter().chain(named)
}

/// Whether it surely is a database of PostgreSQL.
fn is_postgresql(database: &Located, host: &Host) -> bool {
    const NAMES: &[&str] = &["postgresql", "postgres", "pgsql"];
    match (database.get("type"), &database.datum) {
        (Some(ty), _) => ty.as_str().is_some_and(|ty| NAMES.contains(&ty)),
        (None, Datum::Str(_)) => has_only_postgresql(host),
        (None, _) => database.unknown().is_none() && has_only_postgresql(host),
    }
}

/// Whether a host has no other server of databases, as far as its modules say.
fn has_only_postgresql(host: &Host) -> bool {
    const OTHERS: &[&str] = &["mysql", "mariadb", "redis", "mongodb", "couchdb", "influxdb"];
    host.units.contains("postgresql") && !OTHERS.iter().any(|other| host.units.contains(*other))
}

/// What is wrong with an identifier; the pattern of one without quotes is `^[a-zA-Z_][a-zA-Z0-9_]*$`.
fn fault(name: &str) -> Option<Fault> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    match name.chars().next() {
        None => Some(Fault::Empty),
        Some(_) if name.len() > MAX_BYTES => Some(Fault::TooLong(name.len())),
        Some('0'..='9') => Some(Fault::NeedsQuotes("it begins with a digit".to_owned())),
        Some(_) => {
            let wrong = name.chars().find(|letter| !is_plain(*letter))?;
            Some(Fault::NeedsQuotes(format!(
                "'{}' is none of a-z, A-Z, 0-9 and _",
                wrong.escape_debug()
            )))
        }
    }
}

fn diagnostic(
    host: &Host,
    service: &Service,
    (what, name): (&str, &Located),
    fault: &Fault,
    sink: &Sink<'_>,
) -> Diagnostic {
    let shown = name.as_str().unwrap_or_default().escape_debug();
    let message = format!("Invalid database {what} '{shown}' in service '{}'", service.name);
    let host = Some(host);
    match fault {
        Fault::Empty => sink.finding(host, message).note("Fix: give it a name"),
        Fault::TooLong(_) => sink
            .finding(host, message)
            .note(format!("Fix: give it a name of at most {MAX_BYTES} bytes")),
        Fault::NeedsQuotes(_) => sink
            .possible(host, message)
            .note("It fails wherever a statement or a script names it without double quotes")
            .note(format!(
                "Fix: {what} = {};",
                string_literal(&unquoted(name.as_str().unwrap_or_default()))
            )),
    }
    .service(&service.name)
}

fn placed(
    finding: Diagnostic,
    service: &Service,
    field: &Field,
    name: &Located,
    fault: &Fault,
) -> Diagnostic {
    let label = match fault {
        Fault::Empty => "the name is empty".to_owned(),
        Fault::TooLong(bytes) => {
            format!("PostgreSQL keeps {MAX_BYTES} of its {bytes} bytes")
        }
        Fault::NeedsQuotes(why) => why.clone(),
    };
    let shown = member_span(name, field, service);
    let finding = match shown {
        Some(span) => finding.primary(span, label),
        None => finding,
    };
    let finding = origin(finding, name, shown);
    match (fault, name.span, name.as_str()) {
        (Fault::NeedsQuotes(_), Some(span), Some(text)) if name.is_literal => {
            finding.fix(rename(span, text))
        }
        _ => finding,
    }
}

/// The data of a database that exists stay under the old name: whoever renames it has to move them.
fn rename(span: Span, name: &str) -> Fix {
    let edits = vec![Edit { span, text: string_literal(&unquoted(name)) }];
    Fix { applicability: Applicability::DisplayOnly, edits }
}

/// The name with `_` for what needs quotes.
fn unquoted(name: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name: String = name.chars().map(letter).collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}
