//! Secrets of sops-nix and agenix: which are declared, which are read, and which the encrypted files hold.

pub(crate) mod plaintext;
pub(crate) mod sops_keys;

use std::sync::{Arc, LazyLock};

use nixpact_eval::Evaluator;
use nixpact_modules::Universe;
use nixpact_source::{FileId, Span};
use nixpact_syntax::{Ast, Asts, KeyName, Symbol};
use rustc_hash::FxHashSet;

use crate::model::Model;
use crate::text::facts::{FileFacts, files};
use crate::text::scan::{Read, ReadKind, Scan};

mod mentions;
mod on_host;

use mentions::{Texts, is_in_read_directory, standing_elsewhere};
use on_host::On;

/// What is known of secrets.
#[derive(Debug, Default)]
pub struct Secrets {
    /// Every place where a file gives the attributes of a secret, by file and place.
    pub declared: Vec<SecretPlace>,
    /// What a host's modules read and nothing declares, by host, file and place.
    pub undeclared: Vec<Undeclared>,
    /// Secrets whose keys the encrypted file does not have, by host and name.
    pub absent_keys: Vec<AbsentKey>,
    /// Declarations of secrets whose names stand nowhere else, by file and place.
    pub unread: Vec<SecretPlace>,
}

/// Which module makes the secrets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Store {
    Sops,
    Age,
}

impl Store {
    /// The option whose members are the secrets.
    pub fn option(self) -> &'static str {
        match self {
            Store::Sops => "sops.secrets",
            Store::Age => "age.secrets",
        }
    }
}

#[derive(Clone, Debug)]
pub struct SecretPlace {
    pub store: Store,
    pub name: String,
    /// Where its name is written.
    pub span: Span,
}

#[derive(Debug)]
pub struct Undeclared {
    pub host: usize,
    pub store: Store,
    pub name: String,
    /// Where its name is read.
    pub span: Span,
    /// The name of the nearest secret that is declared.
    pub nearest: Option<String>,
    /// Another name could be written there; one in an `inherit` stands for a variable, too.
    pub is_plain: bool,
    /// The host surely evaluates it.
    pub is_evaluated: bool,
    /// Modules that might declare it: those of other flakes, as they are written, and "a module of this
    /// repository that is not known".
    pub unless: Vec<String>,
}

#[derive(Debug)]
pub struct AbsentKey {
    pub host: usize,
    pub name: String,
    /// Where its name is written.
    pub span: Option<Span>,
    pub key: String,
    /// The encrypted file, relative to the root.
    pub file: String,
    pub nearest: Option<String>,
    /// sops-nix looks for the key while it builds the host.
    pub is_validated: bool,
}

pub(crate) fn add<'a>(
    ev: &Evaluator<'a>,
    asts: &'a Asts,
    facts: &[Arc<FileFacts>],
    universes: &[&'a Universe<'a>],
    model: &mut Model,
) {
    let scans: Vec<(FileId, &Scan)> = files(asts, facts)
        .filter(|file| file.facts.has_secrets(file.ast))
        .map(|file| (file.ast.file, file.scan()))
        .collect();
    if scans.is_empty() {
        return;
    }
    let mut secrets = Secrets { declared: declared(&scans), ..Secrets::default() };
    let (reads, open) = (reads(&scans), open(&scans));
    for (at, (host, universe)) in model.hosts.iter().zip(universes).enumerate() {
        ev.reset_steps();
        let on = On { ev, universe, host, at };
        on.undeclared(asts, &secrets.declared, &open, &reads, &mut secrets.undeclared);
        on.absent_keys(&mut secrets.absent_keys);
    }
    secrets.unread = unread(ev, asts, &scans, &secrets.declared);
    model.secrets = secrets;
}

/// Names by which files that have to do with secrets are told.
static NAMES: LazyLock<[Symbol; 3]> = LazyLock::new(|| ["sops", "age", "secrets"].map(Symbol::new));

/// Whether a file has to do with secrets.
pub(crate) fn are_mentioned(ast: &Ast) -> bool {
    let [sops, age, secrets] = *NAMES;
    let keys = ast.keys.iter().filter_map(|key| match key.name {
        KeyName::Static(name) => Some(name),
        KeyName::Dynamic(_) => None,
    });
    let (mut has_age, mut has_secrets) = (false, false);
    for name in ast.attributes.iter().map(|attribute| attribute.name).chain(keys) {
        if name == sops {
            return true;
        }
        has_age |= name == age;
        has_secrets |= name == secrets;
    }
    has_age && has_secrets
}

/// The store to which a path leads, and the names below it.
fn below_store(path: &[Symbol]) -> Option<(Store, &[Symbol])> {
    let [first, second, rest @ ..] = path else { return None };
    let [sops, age, secrets] = *NAMES;
    let stores = [(sops, Store::Sops), (age, Store::Age)];
    let (_, store) = stores.into_iter().find(|(name, _)| name == first)?;
    (*second == secrets).then_some((store, rest))
}

fn declared(scans: &[(FileId, &Scan)]) -> Vec<SecretPlace> {
    let bindings = scans.iter().flat_map(|(_, scan)| &scan.bindings);
    let mut found: Vec<SecretPlace> = bindings
        .filter_map(|binding| match below_store(&binding.path)? {
            (store, [name]) if !binding.open => {
                Some(SecretPlace { store, name: name.to_string(), span: binding.key })
            }
            _ => None,
        })
        .collect();
    found.sort_by_key(|place| place.span);
    found
}

/// The files that compute which members a store has.
fn open(scans: &[(FileId, &Scan)]) -> Vec<(Store, FileId)> {
    let mut found = Vec::new();
    for (file, scan) in scans {
        let bindings = scan.bindings.iter().filter(|binding| binding.open || !binding.is_set);
        let stores =
            bindings.filter_map(|binding| match (below_store(&binding.path), &binding.path[..]) {
                (Some((store, [])), _) => Some(store),
                (None, [name]) if name.as_str() == "sops" => Some(Store::Sops),
                (None, [name]) if name.as_str() == "age" => Some(Store::Age),
                _ => None,
            });
        found.extend(stores.map(|store| (store, *file)));
    }
    found
}

/// A use of a secret under its name.
struct SecretRead<'s> {
    store: Store,
    name: Symbol,
    /// Where its name is written.
    span: Span,
    /// The attribute whose value it is part of.
    attribute: Option<&'s [Symbol]>,
    read: &'s Read,
}

fn reads<'s>(scans: &[(FileId, &'s Scan)]) -> Vec<SecretRead<'s>> {
    let reads = scans.iter().flat_map(|(_, scan)| scan.reads.iter().map(move |read| (scan, read)));
    let mut found: Vec<SecretRead<'_>> = reads
        .filter(|(_, read)| read.kind != ReadKind::Guarded)
        .filter_map(|(scan, read)| {
            let (store, name, from_end) = match (below_store(&read.path), &read.path[..]) {
                (Some((store, names @ [name, ..])), _) => (store, *name, names.len()),
                (None, [sops, placeholder, name, rest @ ..])
                    if sops.as_str() == "sops" && placeholder.as_str() == "placeholder" =>
                {
                    (Store::Sops, *name, rest.len() + 1)
                }
                _ => return None,
            };
            let (span, attribute) = (read.name(from_end), scan.attribute(read.span));
            Some(SecretRead { store, name, span, attribute, read })
        })
        .collect();
    found.sort_by_key(|found| found.read.span);
    found
}

/// Tests go over all secrets to make some up.
fn is_test(path: &str) -> bool {
    path.split('/').any(|name| name == "tests" || name.trim_end_matches(".nix") == "test")
}

/// Declarations of secrets that nothing reads, as far as the repository's files say.
fn unread(
    ev: &Evaluator<'_>,
    asts: &Asts,
    scans: &[(FileId, &Scan)],
    declared: &[SecretPlace],
) -> Vec<SecretPlace> {
    let reads = || scans.iter().flat_map(|(_, scan)| &scan.reads);
    let bindings = || scans.iter().flat_map(|(_, scan)| &scan.bindings);
    // What goes over all secrets reads each.
    let all_read = |store: Store| {
        reads().any(|read| {
            read.kind != ReadKind::Alias
                && !read.open
                && below_store(&read.path).is_some_and(|(of, rest)| of == store && rest.is_empty())
                && !is_test(&ev.sources.file(read.span.file).path)
        })
    };
    let is_placing = |name: &Symbol| {
        ["neededForUsers", "path", "reloadUnits", "restartUnits"].contains(&name.as_str())
    };
    let placed: FxHashSet<(Store, Symbol)> = bindings()
        .filter_map(|binding| match below_store(&binding.path) {
            Some((store, [name, attribute, ..])) if is_placing(attribute) => Some((store, *name)),
            _ => None,
        })
        .collect();
    let open: Vec<Store> =
        [Store::Sops, Store::Age].into_iter().filter(|store| all_read(*store)).collect();
    let is_meant = |place: &&SecretPlace| {
        !open.contains(&place.store) && !placed.contains(&(place.store, Symbol::new(&place.name)))
    };
    let mut unread: Vec<&SecretPlace> = declared.iter().filter(is_meant).collect();
    // Most are read under their names: no text has to be searched for these.
    let mut wanted: FxHashSet<Symbol> = unread.iter().map(|it| Symbol::new(&it.name)).collect();
    for name in reads().flat_map(|read| &read.path) {
        if wanted.is_empty() {
            break;
        }
        wanted.remove(name);
    }
    unread.retain(|place| wanted.contains(&Symbol::new(&place.name)));
    // What could not be read may read any.
    if unread.is_empty() || !ev.sources.is_whole() {
        return Vec::new();
    }
    let elsewhere = standing_elsewhere(ev, declared, &unread);
    let texts = Texts::of(asts);
    let is_read = |SecretPlace { name, .. }: &SecretPlace| {
        elsewhere.contains(name.as_str()) || texts.may_be(name) || texts.may_be_path(ev, name)
    };
    unread.retain(|place| !is_read(place));
    let names: Vec<&str> = unread.iter().map(|place| place.name.as_str()).collect();
    let outside_of_nix = ev.sources.named_outside_of_nix(&names);
    unread.retain(|place| !outside_of_nix.contains(place.name.as_str()));
    unread.retain(|place| !is_in_read_directory(ev, &place.name));
    unread.into_iter().cloned().collect()
}
