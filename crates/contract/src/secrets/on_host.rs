//! What a host declares of the secrets that its modules read, and what its encrypted files hold.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_eval::{Evaluator, Piece, Stop, Thunk, Value};
use nixpact_modules::{Node, Universe};
use nixpact_source::FileId;
use nixpact_syntax::{Asts, Symbol};
use rustc_hash::FxHashSet;

use super::mentions::may_be_made;
use super::{AbsentKey, SecretPlace, SecretRead, Store, Undeclared};
use crate::model::Host;
use crate::nearest::nearest;
use crate::secrets::sops_keys::{Format, Keys};
use crate::text::scan::Read;

/// One host.
pub(super) struct On<'h, 'a> {
    pub ev: &'h Evaluator<'a>,
    pub universe: &'a Universe<'a>,
    pub host: &'h Host,
    /// Its position.
    pub at: usize,
}

impl<'a> On<'_, 'a> {
    pub fn undeclared(
        &self,
        asts: &Asts,
        written: &[SecretPlace],
        open: &[(Store, FileId)],
        reads: &[SecretRead<'_>],
        found: &mut Vec<Undeclared>,
    ) {
        let files: FxHashSet<FileId> =
            self.universe.collected(self.ev).files.iter().copied().collect();
        let unless = self.unless();
        let has_unknown = !unless.is_empty();
        let has_own_unknown = unless.iter().any(|module| module == OWN_MODULES);
        if unless.iter().any(|module| is_named_for_secrets(module)) {
            return;
        }
        for store in [Store::Sops, Store::Age] {
            let here = |found: &&SecretRead<'_>| {
                found.store == store && files.contains(&found.read.span.file)
            };
            let here: Vec<&SecretRead<'_>> = reads.iter().filter(here).collect();
            if here.is_empty() {
                continue;
            }
            // What is not known may give names that stand nowhere, as it does where it gives all.
            let gives_all = written.iter().all(|place| place.store != store);
            let computes = |(of, file): &(Store, FileId)| *of == store && !files.contains(file);
            if (has_unknown && gives_all) || (has_own_unknown && open.iter().any(computes)) {
                continue;
            }
            let Some(declared) = self.members(store) else { continue };
            for SecretRead { name, span, attribute, read, .. } in here {
                let is_known = declared.contains(name)
                    || written.iter().any(|it| it.store == store && it.name == name.as_str());
                if is_known || may_be_made(self.ev, asts, reads, name.as_str()) {
                    continue;
                }
                let mut names: Vec<&str> = declared.iter().map(|name| name.as_str()).collect();
                names.sort_unstable();
                let nearest = meant(name.as_str(), names.into_iter());
                found.push(Undeclared {
                    host: self.at,
                    store,
                    name: name.to_string(),
                    span: *span,
                    nearest,
                    is_plain: *span != read.span,
                    is_evaluated: self.holds(read) && attribute.is_some_and(|it| self.is_read(it)),
                    unless: unless.clone(),
                });
            }
        }
    }

    /// The modules that might declare secrets, too: those of other flakes, and those of the repository that
    /// are not known.
    fn unless(&self) -> Vec<String> {
        let texts =
            self.host.unresolved.iter().map(|unknown| match (unknown.kind, &unknown.text) {
                ("external", Some(text)) if !is_own(text) => &**text,
                _ => OWN_MODULES,
            });
        let others: BTreeSet<&str> = texts.filter(|text| !is_common(text)).collect();
        others.into_iter().map(str::to_owned).collect()
    }

    /// The members of a store, also those under conditions that are not known; `None` where a definition of
    /// it is not known.
    fn members(&self, store: Store) -> Option<FxHashSet<Symbol>> {
        let path: Vec<Symbol> = store.option().split('.').map(Symbol::new).collect();
        if self.universe.node(self.ev, &path[..1]).is_some_and(|node| self.is_open(node)) {
            return None;
        }
        let Some(node) = self.universe.node(self.ev, &path) else {
            return Some(FxHashSet::default());
        };
        (!self.is_open(node))
            .then(|| node.children(self.ev).iter().map(|(name, _)| *name).collect())
    }

    /// Whether a definition is a set that is not known as a whole.
    fn is_open(&self, node: &Node<'a>) -> bool {
        node.given(self.ev).iter().any(|definition| match self.ev.force(definition.value) {
            Ok(Value::Attrs(attrs)) => attrs.rest.is_some(),
            Err(Stop::Unknown(_)) => true,
            _ => false,
        })
    }

    /// Whether all conditions of a read hold.
    fn holds(&self, read: &Read) -> bool {
        let holds = |path: &Vec<Symbol>| {
            let node = self.universe.node(self.ev, path);
            node.is_some_and(|node| matches!(self.ev.force_bool(node.value(self.ev)), Ok(true)))
        };
        read.conditions.as_ref().is_some_and(|conditions| conditions.iter().all(holds))
    }

    /// Whether NixOS surely reads an option: not those of a service that is not enabled.
    fn is_read(&self, attribute: &[Symbol]) -> bool {
        const ALWAYS: &[&str] = &["environment", "security", "sops", "systemd", "users"];
        let mut is_read = attribute.first().is_some_and(|name| ALWAYS.contains(&name.as_str()));
        for length in 1..attribute.len() {
            let switch = [&attribute[..length], &[Symbol::new("enable")]].concat();
            let Some(node) = self.universe.node(self.ev, &switch) else { continue };
            if node.definitions.is_empty() && !node.is_declared() {
                continue;
            }
            match self.ev.force_bool(node.value(self.ev)) {
                Ok(true) => is_read = true,
                _ => return false,
            }
        }
        is_read
    }

    pub fn absent_keys(&self, found: &mut Vec<AbsentKey>) {
        let Some(sops) = self.universe.node(self.ev, &[Symbol::new("sops")]) else { return };
        let Some(secrets) = sops.child(self.ev, Symbol::new("secrets")) else { return };
        // It is asked only about what would be a finding: all conditions of all secrets hang on it.
        let is_there = |name: Symbol| match self.ev.force(secrets.value(self.ev)) {
            Ok(Value::Attrs(surely)) => surely.get(name).is_some(),
            _ => false,
        };
        if self.defines(sops, "defaultSopsKey") {
            return;
        }
        let is_validated = match self.value(sops, Symbol::new("validateSopsFiles")) {
            None => true,
            Some(value) => matches!(self.ev.force_bool(value), Ok(true)),
        };
        let mut files: BTreeMap<String, Option<Keys>> = BTreeMap::new();
        let [key, own_file, own_format] = ["key", "sopsFile", "format"].map(Symbol::new);
        let usual_file = self.value(sops, Symbol::new("defaultSopsFile"));
        let usual_format = self.value(sops, Symbol::new("defaultSopsFormat"));
        for (name, secret) in secrets.children(self.ev) {
            let Some(file) = self.value(secret, own_file).or(usual_file) else { continue };
            let format = self.value(secret, own_format).or(usual_format);
            let Some((file, format)) = self.encrypted(file, format) else { continue };
            let key = match self.value(secret, key) {
                None => name.as_str(),
                Some(value) => match self.ev.force_str(value) {
                    Ok(key) => key,
                    Err(_) => continue,
                },
            };
            let keys = match files.get(&file) {
                Some(keys) => keys,
                None => files.entry(file.clone()).or_insert_with(|| {
                    self.ev.sources.read_any(&file).and_then(|text| Keys::read(&text, format))
                }),
            };
            let Some(keys) = keys.as_ref().filter(|keys| !key.is_empty() && !keys.has(key)) else {
                continue;
            };
            // It may name another file, or another key, where a part of it is not known.
            if !is_there(*name) || self.is_open(secret) {
                continue;
            }
            let all = keys.all();
            found.push(AbsentKey {
                host: self.at,
                name: name.to_string(),
                span: secret.definitions.iter().find_map(|definition| definition.span),
                nearest: meant(key, all.iter().map(String::as_str)),
                key: key.to_owned(),
                file,
                is_validated,
            });
        }
    }

    /// An encrypted file, relative to the root, if its keys can be read.
    fn encrypted(
        &self,
        file: &'a Thunk<'a>,
        format: Option<&'a Thunk<'a>>,
    ) -> Option<(String, Format)> {
        let format = match format {
            None => Format::Yaml,
            Some(format) => match self.ev.force_str(format).ok()? {
                "yaml" => Format::Yaml,
                "json" => Format::Json,
                _ => return None,
            },
        };
        let file = match self.ev.force(file).ok()? {
            Value::Path(path) => path.to_owned(),
            Value::Template([Piece::Location(base) | Piece::Copy(base), rest @ ..]) => {
                let mut path = (*base).to_owned();
                for piece in rest {
                    let Piece::Known(text) = piece else { return None };
                    path.push_str(text);
                }
                path.trim_start_matches('/').to_owned()
            }
            _ => return None,
        };
        // A file of another kind would be refused, for another reason.
        let is_meant = match format {
            Format::Yaml => file.ends_with(".yaml") || file.ends_with(".yml"),
            Format::Json => file.ends_with(".json"),
        };
        is_meant.then_some((file, format))
    }

    fn defines(&self, node: &'a Node<'a>, name: &str) -> bool {
        let child = node.child(self.ev, Symbol::new(name));
        child.is_some_and(|child| !child.definitions.is_empty())
    }

    /// The value of an option that some definition gives.
    fn value(&self, node: &'a Node<'a>, name: Symbol) -> Option<&'a Thunk<'a>> {
        let child = node.child(self.ev, name)?;
        (!child.definitions.is_empty()).then(|| child.value(self.ev))
    }
}

/// What a name was likely meant to be. Those of secrets are long, and have much in common.
fn meant<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    const MAX_SLIPS: usize = 3;
    let nearest = nearest(name, names)?;
    (strsim::osa_distance(name, nearest) <= MAX_SLIPS).then(|| nearest.to_owned())
}

/// How modules of the repository that are not known are named.
const OWN_MODULES: &str = "a module of this repository that is not known";

/// Whether what comes from outside is the repository itself.
fn is_own(text: &str) -> bool {
    text.split(['.', '/']).any(|name| name == "self")
}

/// Whether a module from outside is there to declare secrets, by its name.
fn is_named_for_secrets(text: &str) -> bool {
    const NAMES: &[&str] = &[
        "age",
        "agenix",
        "clan",
        "credentials",
        "private",
        "ragenix",
        "secret",
        "secrets",
        "sops",
        "vault",
    ];
    text != OWN_MODULES
        && text.split(|char: char| !char.is_ascii_alphanumeric()).any(|word| NAMES.contains(&word))
}

/// What inputs that are versions of the same flake have behind its name.
const VERSIONS: &[&str] = &["flake", "master", "stable", "unstable"];

/// Modules of well-known flakes that declare no secrets of their own.
fn is_common(text: &str) -> bool {
    const FLAKES: &[&str] = &[
        "agenix",
        "agenix-rekey",
        "catppuccin",
        "comin",
        "disko",
        "facter",
        "home-manager",
        "hyprland",
        "impermanence",
        "lanzaboote",
        "microvm",
        "modulesPath",
        "niri",
        "nix-flatpak",
        "nix-gaming",
        "nix-index-database",
        "nixos-generators",
        "nixos-hardware",
        "nixpkgs",
        "nixvim",
        "quadlet",
        "ragenix",
        "simple-nixos-mailserver",
        "sops-nix",
        "srvos",
        "stylix",
        "vscode-server",
    ];
    // Others are called after them, such as one that declares the secrets of agenix from a list.
    let is_flake = |name: &str| {
        FLAKES.iter().any(|flake| match name.strip_prefix(flake) {
            Some("") => true,
            Some(more) => more.strip_prefix('-').is_some_and(|word| VERSIONS.contains(&word)),
            None => false,
        })
    };
    text.split(['.', '/', ':']).any(is_flake)
}
