//! `nixpact explain`, `nixpact lints` and `nixpact schema`: what nixpact says of itself.

use std::io::{self, Write};

use nixpact_lints::{CATALOGUE, find, nearest};
use nixpact_render::Rule;
use serde::Serialize;

use crate::Outcome;
use crate::args::DataFormat;
use crate::terminal;

pub fn run(name: &str) -> Outcome {
    let Some(lint) = find(name) else {
        return Err(match nearest(name) {
            Some(nearest) => format!("there is no lint '{name}'; did you mean '{nearest}'?"),
            None => format!("there is no lint '{name}'; 'nixpact lints' lists them"),
        }
        .into());
    };
    io::stdout().lock().write_all(lint.explanation.as_bytes())?;
    Ok(0)
}

pub fn schema() -> Outcome {
    let out = &mut terminal::buffered_output();
    let schema = nixpact_engine::schema();
    serde_json::to_writer_pretty(&mut *out, &schema).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(0)
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    group: &'static str,
    level: &'static str,
    summary: &'static str,
}

pub fn list(format: DataFormat) -> Outcome {
    let mut rows: Vec<Row> = CATALOGUE
        .iter()
        .map(|lint| Row {
            name: lint.name,
            group: lint.group(),
            level: lint.level.as_str(),
            summary: lint.summary,
        })
        .collect();
    rows.sort_by_key(|row| (row.group, row.name));
    let out = &mut terminal::buffered_output();
    match format {
        DataFormat::Human => {
            let rows: Vec<Vec<String>> = rows
                .iter()
                .map(|row| {
                    [row.name, row.group, row.level, row.summary].map(str::to_owned).to_vec()
                })
                .collect();
            nixpact_render::table(out, &["LINT", "GROUP", "LEVEL", "FINDS"], &rows)?;
        }
        DataFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &rows).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(0)
}

/// The lints as reports explain them, by name.
pub fn rules() -> Vec<Rule<'static>> {
    let page = |file: &str| format!("{}/blob/main/{file}", env!("CARGO_PKG_REPOSITORY"));
    let mut rules: Vec<Rule<'static>> = CATALOGUE
        .iter()
        .map(|lint| Rule {
            name: lint.name,
            summary: lint.summary,
            page: lint.explanation,
            level: lint.level.severity(),
            url: page(&lint.page_file()),
        })
        .collect();
    rules.sort_by_key(|rule| rule.name);
    rules
}
