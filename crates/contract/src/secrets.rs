//! Secrets of sops-nix and agenix: which are declared, which are read, and which the encrypted files hold.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_eval::{Evaluator, Piece, Stop, Thunk, Value};
use nixpact_modules::{Node, Universe};
use nixpact_source::{FileId, Span};
use nixpact_syntax::{Ast, Expr, KeyName, Part, Symbol};
use rustc_hash::FxHashSet;

use crate::model::{Host, Model};
use crate::nearest::nearest;
use crate::scan::{Read, ReadKind, Scan, scan};
use crate::sops_keys::{Format, Keys};

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
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
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
    asts: &'a [Ast],
    universes: &[&'a Universe<'a>],
    model: &mut Model,
) {
    let names = Names::new();
    let scans: Vec<(FileId, Scan)> =
        asts.iter().filter(|ast| names.mentions(ast)).map(|ast| (ast.file, scan(ast))).collect();
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
struct Names {
    sops: Symbol,
    age: Symbol,
    secrets: Symbol,
}

impl Names {
    fn new() -> Names {
        let [sops, age, secrets] = ["sops", "age", "secrets"].map(Symbol::new);
        Names { sops, age, secrets }
    }

    fn mentions(&self, ast: &Ast) -> bool {
        let keys = ast.keys.iter().filter_map(|key| match key.name {
            KeyName::Static(name) => Some(name),
            KeyName::Dynamic(_) => None,
        });
        let (mut has_age, mut has_secrets) = (false, false);
        for name in ast.attributes.iter().map(|attribute| attribute.name).chain(keys) {
            if name == self.sops {
                return true;
            }
            has_age |= name == self.age;
            has_secrets |= name == self.secrets;
        }
        has_age && has_secrets
    }
}

/// The store to which a path leads, and the names below it.
fn below_store(path: &[Symbol]) -> Option<(Store, &[Symbol])> {
    let [first, second, rest @ ..] = path else { return None };
    match (first.as_str(), second.as_str()) {
        ("sops", "secrets") => Some((Store::Sops, rest)),
        ("age", "secrets") => Some((Store::Age, rest)),
        _ => None,
    }
}

fn declared(scans: &[(FileId, Scan)]) -> Vec<SecretPlace> {
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
fn open(scans: &[(FileId, Scan)]) -> Vec<(Store, FileId)> {
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

fn reads(scans: &[(FileId, Scan)]) -> Vec<SecretRead<'_>> {
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

/// One host.
struct On<'h, 'a> {
    ev: &'h Evaluator<'a>,
    universe: &'a Universe<'a>,
    host: &'h Host,
    at: usize,
}

impl<'a> On<'_, 'a> {
    fn undeclared(
        &self,
        asts: &[Ast],
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
        node.definitions.iter().any(|definition| match self.ev.force(definition.value) {
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

    fn absent_keys(&self, found: &mut Vec<AbsentKey>) {
        let Some(sops) = self.universe.node(self.ev, &[Symbol::new("sops")]) else { return };
        let Some(secrets) = sops.child(self.ev, Symbol::new("secrets")) else { return };
        let Ok(Value::Attrs(surely)) = self.ev.force(secrets.value(self.ev)) else { return };
        if self.defines(sops, "defaultSopsKey") {
            return;
        }
        let is_validated = match self.value(sops, "validateSopsFiles") {
            None => true,
            Some(value) => matches!(self.ev.force_bool(value), Ok(true)),
        };
        let mut files: BTreeMap<String, Option<Keys>> = BTreeMap::new();
        for (name, secret) in secrets.children(self.ev) {
            if surely.get(*name).is_none() {
                continue;
            }
            let Some((file, format)) = self.file(sops, secret) else { continue };
            let key = match self.value(secret, "key") {
                None => name.as_str(),
                Some(value) => match self.ev.force_str(value) {
                    Ok(key) => key,
                    Err(_) => continue,
                },
            };
            let keys = files.entry(file.clone()).or_insert_with(|| {
                self.ev.sources.read_any(&file).and_then(|text| Keys::read(&text, format))
            });
            let Some(keys) = keys.as_ref().filter(|keys| !key.is_empty() && !keys.has(key)) else {
                continue;
            };
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

    /// The encrypted file of a secret, relative to the root, if its keys can be read.
    fn file(&self, sops: &'a Node<'a>, secret: &'a Node<'a>) -> Option<(String, Format)> {
        let own = |name: &str, default: &str| {
            self.value(secret, name).or_else(|| self.value(sops, default))
        };
        let format = match own("format", "defaultSopsFormat") {
            None => Format::Yaml,
            Some(format) => match self.ev.force_str(format).ok()? {
                "yaml" => Format::Yaml,
                "json" => Format::Json,
                _ => return None,
            },
        };
        let file = match self.ev.force(own("sopsFile", "defaultSopsFile")?).ok()? {
            Value::Path(path) => path.to_owned(),
            Value::Template([Piece::Location(base), rest @ ..]) => {
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
    fn value(&self, node: &'a Node<'a>, name: &str) -> Option<&'a Thunk<'a>> {
        let child = node.child(self.ev, Symbol::new(name))?;
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
    text.split('.').any(|name| name == "self")
}

/// Modules of well-known flakes that declare no secrets of their own.
fn is_common(text: &str) -> bool {
    const FLAKES: &[&str] = &[
        "agenix",
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
    FLAKES.iter().any(|flake| text.contains(flake))
}

/// Whether something in the repository may make a secret of this name: it stands somewhere but where it is
/// read, or is put together.
fn may_be_made(ev: &Evaluator<'_>, asts: &[Ast], reads: &[SecretRead<'_>], name: &str) -> bool {
    let read: Vec<Span> = reads
        .iter()
        .filter(|found| found.name.as_str() == name)
        .map(|found| found.read.span)
        .collect();
    stands_elsewhere(ev, name, &read) || asts.iter().any(|ast| puts_together(ast, name, false))
}

/// Whether a name stands anywhere in the repository's Nix files, as a word, but in these places.
fn stands_elsewhere(ev: &Evaluator<'_>, name: &str, places: &[Span]) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '\'');
    ev.sources.files().iter().enumerate().any(|(at, file)| {
        let id = FileId::new(at as u32);
        file.text.match_indices(name).any(|(start, _)| {
            let end = start + name.len();
            let is_word =
                !file.text[..start].ends_with(is_part) && !file.text[end..].starts_with(is_part);
            let here = Span::new(id, start as u32, end as u32);
            is_word && !places.iter().any(|place| place.holds(here))
        })
    })
}

/// Whether a string that a file puts together may be this name. Those that only read a secret count where
/// `reads` says so.
fn puts_together(ast: &Ast, name: &str, reads: bool) -> bool {
    let reading: FxHashSet<u32> = match reads {
        true => FxHashSet::default(),
        false => ast
            .keys
            .iter()
            .filter_map(|key| match key.name {
                KeyName::Dynamic(id) => Some(id.0),
                KeyName::Static(_) => None,
            })
            .collect(),
    };
    let mut exprs = ast.exprs.iter().enumerate();
    exprs.any(|(at, expr)| match expr {
        Expr::Template(parts) => {
            !reading.contains(&(at as u32)) && may_be(ast, &ast.parts[parts.indices()], name)
        }
        Expr::Binary { operator: nixpact_syntax::Operator::Add, left, right } => {
            let text = |id| match ast.expr(id) {
                Expr::Str(text) => Some(ast.text(text)).filter(|text| !text.is_empty()),
                _ => None,
            };
            text(*left).is_some_and(|text| name.starts_with(text))
                || text(*right).is_some_and(|text| name.ends_with(text))
        }
        _ => false,
    })
}

/// Whether a string with interpolations may be a name. One without any text of its own may be all names, and
/// says nothing.
fn may_be(ast: &Ast, parts: &[Part], name: &str) -> bool {
    let text = |part: &Part| match part {
        Part::Text(text) => ast.text(*text),
        Part::Interpolated(_) => "",
    };
    let (Some(first), Some(last)) = (parts.first().map(text), parts.last().map(text)) else {
        return false;
    };
    if parts.iter().all(|part| text(part).chars().all(|char| !char.is_alphanumeric())) {
        return false;
    }
    let mut rest = match name.strip_prefix(first).map(|rest| rest.strip_suffix(last)) {
        Some(Some(rest)) => rest,
        _ => return false,
    };
    parts[1..parts.len() - 1].iter().all(|part| match rest.split_once(text(part)) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// Tests go over all secrets to make some up.
fn is_test(path: &str) -> bool {
    path.split('/').any(|name| name == "tests" || name.trim_end_matches(".nix") == "test")
}

/// Declarations of secrets that nothing reads, as far as the Nix files say.
fn unread(
    ev: &Evaluator<'_>,
    asts: &[Ast],
    scans: &[(FileId, Scan)],
    declared: &[SecretPlace],
) -> Vec<SecretPlace> {
    let reads = || scans.iter().flat_map(|(_, scan)| &scan.reads);
    let bindings = || scans.iter().flat_map(|(_, scan)| &scan.bindings);
    // What goes over all secrets reads each.
    let all_read = |store: Store| {
        reads().filter(|read| !is_test(&ev.sources.file(read.span.file).path)).any(|read| {
            read.kind != ReadKind::Alias
                && !read.open
                && below_store(&read.path).is_some_and(|(of, rest)| of == store && rest.is_empty())
        })
    };
    let is_placed = |place: &&SecretPlace| {
        let is_placed = |name: &Symbol| {
            ["neededForUsers", "path", "reloadUnits", "restartUnits"].contains(&name.as_str())
        };
        bindings().any(|binding| match below_store(&binding.path) {
            Some((store, [name, attribute, ..])) => {
                store == place.store && name.as_str() == place.name && is_placed(attribute)
            }
            _ => false,
        })
    };
    let open: Vec<Store> =
        [Store::Sops, Store::Age].into_iter().filter(|store| all_read(*store)).collect();
    // Most are read under their names: no text has to be searched for these.
    let named: FxHashSet<Symbol> = reads().flat_map(|read| read.path.iter().copied()).collect();
    let is_read = |place: &&SecretPlace| {
        if named.contains(&Symbol::new(&place.name)) {
            return true;
        }
        let places: Vec<Span> =
            declared.iter().filter(|it| it.name == place.name).map(|it| it.span).collect();
        stands_elsewhere(ev, &place.name, &places)
            || asts.iter().any(|ast| puts_together(ast, &place.name, true))
    };
    let unread = declared.iter().filter(|place| !open.contains(&place.store) && !is_placed(place));
    unread.filter(|place| !is_read(place)).cloned().collect()
}
