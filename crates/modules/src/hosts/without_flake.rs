//! Hosts of a repository without a flake.

use nixpact_eval::{Attr, Attrs, Eval, Evaluator, Stop, Unknown, Value};
use nixpact_source::FileId;
use nixpact_syntax::Symbol;

use super::{Host, Hosts, configuration};
use crate::flakes::colmena;

/// Where colmena looks for hosts.
pub const HIVE: &str = "hive.nix";

/// The files that `nixos-rebuild --file` and `nix-build` take a host from, and what it is called where it is all of
/// the file.
const FILES: [(&str, &str); 2] = [("default.nix", "default"), ("system.nix", "system")];

/// The hosts of a repository without a flake: the nodes of its hive and, if `looks_into_files`, those of its files, each name
/// once. `None` where it has none such; an error says why nothing is known of the hive.
pub fn hosts_without_flake<'a>(
    ev: &Evaluator<'a>,
    looks_into_files: bool,
) -> Option<Eval<'a, Hosts<'a>>> {
    let mut hosts = Hosts::default();
    let mut stop = None;
    let hive = ev.sources.id(HIVE);
    match hive.map(|hive| colmena::hive_nodes(ev, ev.file(hive))) {
        Some(Ok(nodes)) => hosts.add(ev, nodes),
        Some(Err(why)) => stop = Some(why),
        None => {}
    }
    for (path, name) in FILES.into_iter().filter(|_| looks_into_files) {
        if let Some(file) = ev.sources.id(path) {
            hosts.add_file(ev, file, name);
        }
    }
    match stop {
        Some(stop) if hosts.known.is_empty() => Some(Err(stop)),
        Some(Stop::Unknown(unknown)) => {
            hosts.unknown = hosts.unknown.or(Some(unknown));
            Some(Ok(hosts))
        }
        Some(Stop::Error(error)) => {
            hosts.failed.push(error);
            Some(Ok(hosts))
        }
        None if hive.is_none() && hosts.known.is_empty() && hosts.unknown.is_none() => None,
        None => Some(Ok(hosts)),
    }
}

impl<'a> Hosts<'a> {
    /// Adds what a file has: itself, if it is a host; its `nixosConfigurations`; else those of its attributes that are hosts,
    /// or where none is, those in its sets. A function of a set is called with an empty one, as `nix-build` does it.
    fn add_file(&mut self, ev: &Evaluator<'a>, file: FileId, name: &str) {
        let nothing = ev.attrs(Vec::new());
        let value = ev.lazy(move |ev| ev.auto_call(ev.force(ev.file(file))?, nothing));
        if let Ok(Some(universe)) = configuration(ev, value) {
            let host = Host { name: Symbol::new(name), universe, span: ev.written(value) };
            self.push_new(vec![host]);
            return;
        }
        // Anything may be in the file.
        let Ok(attrs) = ev.force_attrs(value) else { return };
        if let Some(configurations) = attrs.get(Symbol::new("nixosConfigurations")) {
            match ev.force_attrs(configurations.value) {
                Ok(configurations) => self.add_others(ev, configurations),
                Err(Stop::Unknown(unknown)) => self.unknown = self.unknown.or(Some(unknown)),
                Err(Stop::Error(error)) => self.failed.push(error),
            }
            return;
        }
        if self.add_some(ev, attrs) {
            return;
        }
        for attr in attrs.sorted() {
            if let Ok(Value::Attrs(inner)) = ev.force(attr.value) {
                self.add_some(ev, inner);
            }
        }
    }

    /// Adds the hosts in a set that may hold other things, too; whether there are any.
    fn add_some(&mut self, ev: &Evaluator<'a>, attrs: &'a Attrs<'a>) -> bool {
        let mut found = Vec::new();
        let mut unknown: Option<&'a Unknown<'a>> = attrs.rest;
        for Attr { name, value, span } in attrs.sorted() {
            match configuration(ev, value) {
                Ok(Some(universe)) => found.push(Host { name, universe, span }),
                // What fails need not be a host.
                Ok(None) | Err(Stop::Error(_)) => {}
                Err(Stop::Unknown(why)) => unknown = unknown.or(Some(why)),
            }
        }
        if found.is_empty() {
            return false;
        }
        self.unknown = self.unknown.or(unknown);
        self.push_new(found);
        true
    }

    fn push_new(&mut self, mut hosts: Vec<Host<'a>>) {
        hosts.retain(|new| self.known.iter().all(|host| host.name != new.name));
        self.known.append(&mut hosts);
        self.known.sort_by_key(|host| host.name.as_str());
    }
}
