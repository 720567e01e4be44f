//! From a text to rendered findings: `cargo +nightly fuzz run check`.
//!
//! The input is a service module beside the contract that the pages of the lints use.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nixpact_engine::{Analysis, Config, Options};
use nixpact_render::{Format, Report, Style, Summary, render};
use nixpact_source::Sources;

const CONTRACT: &str = include_str!("../../lints/standard_contract.nix");
const NEIGHBOUR: &str = "{ config, lib, ... }: {
  qgroget.serviceModules.neighbour = {
    enable = true;
    port = 8080;
    persistedData = [ ];
    backupDirectories = [ ];
    dependsOn = builtins.attrNames config.qgroget.serviceModules;
  };
}";

fuzz_target!(|text: &str| {
    let files = [
        ("modules/server/options.nix", CONTRACT),
        ("modules/server/neighbour/default.nix", NEIGHBOUR),
        ("modules/server/x/default.nix", text),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let sources = Sources::from_memory(files);
    let analysis = Analysis::of(sources, &Config::default(), &Options::default()).unwrap();
    let Analysis { sources, diagnostics, .. } = &analysis;
    let summary = Summary::counting(diagnostics);
    let report = Report {
        sources,
        prefix: "",
        diagnostics,
        suppressed: &[],
        summary: &summary,
        rules: &[],
    };
    for format in Format::ALL {
        render(&mut Vec::new(), format, &Style::default(), &report).unwrap();
    }
});
