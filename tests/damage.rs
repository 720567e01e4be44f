//! The clean homelab, damaged in one place after the other: each damage is found, and at its place.
#![allow(clippy::disallowed_methods, reason = "the helpers of tests run programs and make files")]

mod support;

use std::fmt::Write;

use nixpact_diagnostics::Severity;
use nixpact_engine::{Analysis, Config, Options};
use nixpact_source::Sources;

use support::homelab;

/// A text of one file in place of its own, and the line (from 1) where the finding has to begin.
struct Damage {
    path: String,
    text: String,
    line: usize,
}

/// Damages each place once that `damage` knows in a text: it gives the new text and the line.
fn everywhere(damage: impl Fn(&str, &str) -> Vec<(String, usize)>) -> Vec<Damage> {
    let files = homelab().iter();
    files
        .flat_map(|(path, text)| {
            let damaged = damage(path, text).into_iter();
            damaged
                .map(|(text, line)| Damage { path: path.clone(), text, line })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Each line for which `change` gives another one; a line feed in it makes two, of which the first is
/// meant.
fn lines(text: &str, change: impl Fn(usize, &str) -> Option<String>) -> Vec<(String, usize)> {
    let all: Vec<&str> = text.lines().collect();
    let changed = all.iter().enumerate().filter_map(|(at, line)| {
        let new = change(at, line)?;
        let mut lines = all.clone();
        lines[at] = &new;
        Some((lines.join("\n") + "\n", at + 1))
    });
    changed.collect()
}

#[track_caller]
fn found(lint: &'static str, at_least: usize, damages: &[Damage]) {
    assert!(damages.len() >= at_least, "only {} places to damage", damages.len());
    let mut problems = String::new();
    for Damage { path, text, line } in damages {
        let mut files = homelab().to_vec();
        files.iter_mut().filter(|file| file.0 == *path).for_each(|file| file.1.clone_from(text));
        let options = Options { lint: Some(lint), ..Options::default() };
        let analysis =
            Analysis::of(Sources::from_memory(files), &Config::default(), &options).unwrap();
        let errors = analysis.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        let places: Vec<(String, usize)> = errors
            .filter_map(|finding| finding.primary.as_ref())
            .map(|label| {
                let file = analysis.sources.file(label.span.file);
                (file.path.clone(), file.line_of(label.span.start) as usize)
            })
            .collect();
        if places != [(path.clone(), *line)] {
            _ = writeln!(problems, "{lint} in {path}:{line} is found in {places:?}");
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn a_path_in_imports_that_leads_nowhere() {
    let damages = everywhere(|path, text| {
        let is_list =
            |line: &str| line.trim_start().starts_with("./") && !line.contains([' ', ';', '}']);
        lines(text, |_, line| {
            let line = Some(line).filter(|line| is_list(line.trim()))?;
            (path == "modules/server/default.nix" || path.starts_with("hosts/"))
                .then(|| format!("{line}-gone"))
        })
    });
    found("missing-import", 15, &damages);
}

#[test]
fn an_argument_that_is_named_twice() {
    let damages = everywhere(|_, text| {
        let is_argument = |line: &str| line == "  lib,";
        let formals = text.lines().position(|line| line.contains("}:")).unwrap_or_default();
        lines(text, |at, line| (line == "  ..." && at < formals).then(|| "  lib, ...".to_owned()))
            .into_iter()
            .filter(|_| text.lines().any(is_argument))
            .collect()
    });
    found("duplicate-formal", 10, &damages);
}

#[test]
fn an_option_beside_config() {
    let damages = everywhere(|path, text| {
        let is_imported = path.starts_with("modules/server/");
        let new = "  users.groups.media = {};\n";
        lines(text, |_, line| {
            let is_part = line.starts_with("  config = ") || line.starts_with("  options.");
            (is_part && is_imported).then(|| format!("{new}{line}"))
        })
        .into_iter()
        // What is damaged is a module, and not what another one calls.
        .filter(|_| text.contains("qgroget"))
        .take(1)
        .collect()
    });
    found("unsupported-module-attribute", 12, &damages);
}

#[test]
fn a_slip_in_the_name_of_an_enabled_service() {
    let damages = everywhere(|path, text| {
        let is_settings = path == "hosts/Server/settings.nix";
        lines(text, |_, line| {
            let name = line.strip_suffix(".enable = true;").filter(|_| is_settings)?;
            // The name stands in a file or directory of that name, else.
            Some(format!("{name}x.enable = true;"))
        })
    });
    found("undeclared-service", 12, &damages);
}

#[test]
fn a_port_that_is_its_own() {
    let enabled: String = homelab()
        .iter()
        .filter(|(path, _)| path == "hosts/Server/settings.nix")
        .map(|(_, text)| text.as_str())
        .collect();
    let damages = everywhere(|path, text| {
        let Some(service) = path.strip_suffix("/default.nix").and_then(|it| it.rsplit('/').next())
        else {
            return Vec::new();
        };
        let is_enabled = enabled.contains(&format!(" {service}.enable = true;"));
        let mut found = lines(text, |_, line| {
            let (before, value) = line.split_once("port = ")?;
            let number = value.strip_suffix(';')?.parse::<u16>().ok();
            let is_contract = before.trim().is_empty() || before.contains("serviceModules");
            number.filter(|_| is_enabled && is_contract)?;
            let own = format!("config.qgroget.serviceModules.{service}.port");
            Some(format!("{before}port = {own};"))
        });
        found.retain(|(text, _)| text.contains("  config,") || text.contains("{ config,"));
        found.truncate(1);
        found
    });
    found("infinite-recursion", 5, &damages);
}

#[test]
fn an_argument_that_mk_option_does_not_have() {
    let damages = everywhere(|_, text| {
        lines(text, |_, line| {
            line.ends_with("mkOption {").then(|| format!("{line} descripton = \"\";"))
        })
    });
    found("invalid-option", 20, &damages);
}

#[test]
fn a_service_that_is_a_truth_value() {
    let damages = everywhere(|path, text| {
        let is_settings = path == "hosts/Server/settings.nix";
        lines(text, |_, line| {
            let name = line.strip_suffix(".enable = true;").filter(|_| is_settings)?;
            Some(format!("{name} = true;"))
        })
    });
    found("wrong-option-type", 12, &damages);
}

#[test]
fn a_value_in_the_place_of_options() {
    let damages = everywhere(|path, text| {
        let mut found = Vec::new();
        for namespace in ["qgroget", "qgroget.server", "qgroget.traefik"] {
            for value in ["null", "[ ]", "lib.mkIf false 1", "lib.mkForce \"x\""] {
                found.extend(lines(text, |_, line| {
                    let new = format!("  imports = [ {{ {namespace} = {value}; }} ];\n{line}");
                    let is_first = line == "  qgroget.serviceModules = {";
                    (path == "hosts/Server/settings.nix" && is_first).then_some(new)
                }));
            }
        }
        found
    });
    found("undeclared-option", 12, &damages);
}
