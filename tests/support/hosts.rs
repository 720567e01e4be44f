//! Hosts, their enabled services and the findings of repositories that tests write.
#![allow(dead_code, reason = "each test uses a part of it")]

use nixpact_contract::Enabled;
use nixpact_engine::{Analysis, Config, Options};
use nixpact_source::Sources;

pub const CONTRACT: &str = include_str!("../../lints/standard_contract.nix");

/// A module with one enabled service on a port.
pub fn service(name: &str, port: u16) -> String {
    format!(
        "{{ qgroget.serviceModules.{name} = {{ enable = true; port = {port}; \
         persistedData = [ ]; backupDirectories = [ ]; }}; }}"
    )
}

pub fn analyse(files: &[(&str, &str)]) -> Analysis {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let sources = Sources::from_memory(files);
    Analysis::of(sources, &Config::default(), &Options::default()).unwrap()
}

/// `host: service=port …` for each host, `?` for what is not known, and the messages of the findings.
pub fn summary(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let analysis = analyse(files);
    let model = &analysis.model;
    let hosts = model.hosts.iter().map(|host| {
        let services: Vec<String> = host
            .services
            .iter()
            .filter(|service| service.enabled == Enabled::Yes)
            .map(|service| {
                let contract = &model.contracts[service.contract];
                let port = &service.fields[contract.field("port").unwrap()].value;
                let port = port.as_int().map_or("?".to_owned(), |port| port.to_string());
                format!("{}={port}", service.name)
            })
            .collect();
        format!("{}: {}", host.name.as_deref().unwrap_or("-"), services.join(" "))
    });
    let hosts = hosts.collect();
    (hosts, analysis.diagnostics.iter().map(|finding| finding.message.clone()).collect())
}
