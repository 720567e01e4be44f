//! What survives a reboot on a host whose root is emptied at boot.

use nixpact_eval::{Evaluator, Piece, Stop, Thunk, Unknown, Value};
use nixpact_modules::{Node, Universe};
use nixpact_source::Span;

use crate::datum::{UnknownValue, unknown_value};
use crate::look::{Look, foreign_option};

/// What survives a reboot.
#[derive(Debug, Default)]
pub struct Persistence {
    /// Why what stands under no kept path is lost at boot; none where it stays, or where nothing says
    /// so.
    pub emptied: Option<Emptied>,
    /// Sorted by path. Empty where nothing is lost.
    pub kept: Vec<Kept>,
    /// Below which a file system in memory is mounted.
    pub volatile: Vec<Kept>,
    /// Names of NixOS's services of which some directory is kept that is not known.
    pub kept_for: Vec<Box<str>>,
    /// Why there may be more that is kept.
    pub unknown: Option<UnknownValue>,
}

/// How the root of a host is emptied.
#[derive(Debug)]
pub struct Emptied {
    /// To follow "the root", such as `is a tmpfs`.
    pub how: &'static str,
    pub span: Option<Span>,
}

/// A path, absolute and without a `/` at its end, and where it is written.
#[derive(Debug)]
pub struct Kept {
    pub path: Box<str>,
    pub span: Option<Span>,
}

/// Options that list what is kept, the root of the storage one level below.
const STORES: &[&[&str]] = &[&["environment", "persistence"], &["preservation", "preserveAt"]];

/// Commands that put an empty root in place.
const ROLLBACKS: &[&str] = &[
    "zfs rollback",
    " rollback -r ",
    "btrfs subvolume snapshot",
    "btrfs subvolume create",
    "btrfs sub create",
];

/// Scripts that run before the root is mounted.
const SCRIPTS: &[&str] =
    &["preLVMCommands", "postDeviceCommands", "postResumeCommands", "postMountCommands"];

/// Sets of disko nested deeper are not searched.
const MAX_DEPTH: usize = 16;

/// Looks at nothing but the root where that is not emptied.
pub(crate) fn persistence<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Persistence {
    let look = Look { ev, universe };
    let mut found = Persistence { emptied: emptied(look), ..Persistence::default() };
    if found.emptied.is_none() {
        return found;
    }
    let mut search = Search { look, found: &mut found };
    search.doubt(universe.root(ev).opaque(ev));
    for store in STORES {
        search.store(store);
    }
    search.file_systems();
    search.disko(look.at(&["disko", "devices"]), 0);
    search.mounts();
    search.links();
    found.kept.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn emptied<'a>(look: Look<'_, 'a>) -> Option<Emptied> {
    let tmpfs = |node: Option<&'a Node<'a>>| {
        let (kind, span) = look.text_at(node)?;
        (kind == "tmpfs").then_some(Emptied { how: "is a tmpfs", span })
    };
    if let Some(emptied) = tmpfs(look.at(&["fileSystems", "/", "fsType"])) {
        return Some(emptied);
    }
    for (name, node) in look.children(look.at(&["disko", "devices", "nodev"])) {
        let mounted = look.text_at(look.below(node, &["mountpoint"]));
        if mounted.map_or(name.as_str(), |(path, _)| path) == "/"
            && let Some(emptied) = tmpfs(look.below(node, &["fsType"]))
        {
            return Some(emptied);
        }
    }
    // Without anything that is kept, a rollback is about something else.
    STORES.iter().find(|store| !look.children(look.at(store)).is_empty())?;
    let span = rollback(look)?;
    Some(Emptied { how: "is rolled back at boot", span: Some(span) })
}

/// Where a script of the initial RAM disk puts an empty root in place.
fn rollback(look: Look<'_, '_>) -> Option<Span> {
    let scripts = SCRIPTS.iter().filter_map(|script| look.at(&["boot", "initrd", script]));
    let units = look.children(look.at(&["boot", "initrd", "systemd", "services"]));
    let units = units.iter().flat_map(|(_, unit)| {
        let script = look.below(unit, &["script"]);
        script.into_iter().chain(look.below(unit, &["serviceConfig", "ExecStart"]))
    });
    for script in scripts.chain(units) {
        for given in script.given(look.ev).iter().filter(|given| given.condition.is_none()) {
            let text = known_text(look.ev, given.value);
            let rolls_back = |line: &str| {
                // Some empty the homes only.
                ROLLBACKS.iter().any(|command| line.contains(command)) && !line.contains("home")
            };
            if text.lines().any(rolls_back) {
                return given.span.or_else(|| look.span(given.value));
            }
        }
    }
    None
}

/// The pieces of a string that are known.
fn known_text<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>) -> String {
    match ev.force(thunk) {
        Ok(Value::Str(text)) => text.to_owned(),
        Ok(Value::Template(pieces)) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Known(text) => text,
                Piece::Location(_) | Piece::Copy(_) | Piece::Unknown(_) => "…",
            })
            .collect(),
        _ => String::new(),
    }
}

struct Search<'s, 'e, 'a> {
    look: Look<'e, 'a>,
    found: &'s mut Persistence,
}

impl<'a> Search<'_, '_, 'a> {
    fn doubt(&mut self, unknown: Option<&'a Unknown<'a>>) {
        if let Some(unknown) = unknown
            && self.found.unknown.is_none()
        {
            self.found.unknown = Some(unknown_value(unknown));
        }
    }

    fn keep(&mut self, path: &str, span: Option<Span>) {
        let path = path.trim_end_matches('/').into();
        self.found.kept.push(Kept { path, span });
    }

    /// `environment.persistence`, or what is made like it.
    fn store(&mut self, path: &[&str]) {
        let look = self.look;
        let Some(node) = look.at(path) else { return };
        self.doubt(look.doubt(node));
        for (root, store) in look.children(Some(node)) {
            self.doubt(look.doubt(store));
            if look.bool_at(look.below(store, &["enable"])) == Some(false) {
                continue;
            }
            self.keep(root.as_str(), look.name_span(store));
            for list in ["directories", "files"] {
                if let Some(list) = look.below(store, &[list]) {
                    self.doubt(look.doubt(list));
                    let Some(list) = look.list_at(list) else { continue };
                    self.list(list, &["directory", "dirPath", "file", "filePath"]);
                }
            }
        }
    }

    /// Paths, each by itself or under one of the names in a set.
    fn list(&mut self, list: &'a Thunk<'a>, names: &[&str]) {
        let look = self.look;
        self.doubt(look.rest(list));
        for item in look.items(list) {
            let path = match look.ev.force(item) {
                Ok(Value::Attrs(set)) => {
                    let mut found = names
                        .iter()
                        .filter_map(|name| Some(set.get(nixpact_syntax::Symbol::new(name))?.value));
                    found.next()
                }
                _ => Some(item),
            };
            match path.map(|path| (look.text(path), look.ev.force(path))) {
                Some((Some((path, span)), _)) => self.keep(path, span),
                Some((None, Err(stop))) => self.some_path(look.why(stop)),
                Some((None, Ok(Value::Template(pieces)))) => {
                    let unknown = pieces.iter().find_map(|piece| match piece {
                        Piece::Unknown(unknown) => Some(*unknown),
                        _ => None,
                    });
                    unknown.into_iter().for_each(|unknown| self.some_path(unknown));
                }
                _ => {}
            }
        }
    }

    /// A path that is not known. Where an option of a service of NixOS gives it, it is one of that
    /// service.
    fn some_path(&mut self, unknown: &'a Unknown<'a>) {
        let service = foreign_option(unknown)
            .and_then(|option| option.strip_prefix("services."))
            .and_then(|rest| rest.split_once('.'));
        match service {
            Some((service, _)) => self.found.kept_for.push(service.into()),
            None => self.doubt(Some(unknown)),
        }
    }

    fn file_systems(&mut self) {
        let look = self.look;
        for (name, node) in look.children(look.at(&["fileSystems"])) {
            self.doubt(look.doubt(node));
            let mounted = look.text_at(look.below(node, &["mountPoint"]));
            let path = mounted.map_or(name.as_str(), |(path, _)| path);
            self.mount(path, look.text_at(look.below(node, &["fsType"])), look.name_span(node));
        }
        if let Some(node) = look.at(&["fileSystems"]) {
            self.doubt(look.doubt(node));
        }
    }

    fn mount(&mut self, path: &str, kind: Option<(&str, Option<Span>)>, span: Option<Span>) {
        match kind {
            _ if path == "/" || !path.starts_with('/') => {}
            Some(("tmpfs" | "ramfs", span)) => {
                let path = path.trim_end_matches('/').into();
                self.found.volatile.push(Kept { path, span });
            }
            _ => self.keep(path, span),
        }
    }

    /// Every mount point in disko's description of disks, and every subvolume that is named like one.
    fn disko(&mut self, node: Option<&'a Node<'a>>, depth: usize) {
        let look = self.look;
        let Some(node) = node.filter(|_| depth < MAX_DEPTH) else { return };
        self.doubt(look.doubt(node));
        let kind = look.text_at(look.below(node, &["fsType"]));
        for (name, child) in look.children(Some(node)) {
            match name.as_str() {
                "mountpoint" => match look.text_at(Some(child)) {
                    Some((path, span)) => self.mount(path, kind, span),
                    None => {
                        let value = look.ev.force(child.value(look.ev));
                        if let Err(Stop::Unknown(unknown)) = value {
                            self.doubt(Some(unknown));
                        }
                    }
                },
                path if path.starts_with('/') => {
                    let kind = look.text_at(look.below(child, &["fsType"]));
                    self.mount(path, kind, look.name_span(child));
                    self.disko(Some(child), depth + 1);
                }
                _ => self.disko(Some(child), depth + 1),
            }
        }
    }

    /// Mounts that are no `fileSystems`.
    fn mounts(&mut self) {
        let look = self.look;
        if let Some(mounts) = look.at(&["systemd", "mounts"]) {
            self.doubt(look.doubt(mounts));
            if let Some(mounts) = look.list_at(mounts) {
                self.list(mounts, &["where"]);
            }
        }
        // Each mounts what its own data says.
        for path in [&["boot", "zfs", "extraPools"][..], &["services", "autofs", "enable"]] {
            let node = look.at(path);
            if let Some(node) = node
                && look.bool_at(Some(node)) != Some(false)
            {
                let given = node.given(look.ev);
                if let Some(given) = given.first() {
                    let unknown = look.ev.unknown_ref(
                        nixpact_eval::Reason::Unsupported("what is mounted besides fileSystems"),
                        given.span,
                    );
                    self.doubt(Some(unknown));
                }
            }
        }
    }

    /// Symbolic links that systemd-tmpfiles makes: they lead to what is kept.
    fn links(&mut self) {
        let look = self.look;
        if let Some(rules) = look.at(&["systemd", "tmpfiles", "rules"]) {
            self.doubt(look.doubt(rules));
            for rule in look.items(rules.value(look.ev)) {
                let text = known_text(look.ev, rule);
                let mut words = text.split_whitespace();
                if let (Some("L" | "L+" | "L?"), Some(path)) = (words.next(), words.next()) {
                    self.keep(path, look.span(rule));
                }
            }
        }
        for (_, group) in look.children(look.at(&["systemd", "tmpfiles", "settings"])) {
            for (path, entry) in look.children(Some(group)) {
                let kinds = look.children(Some(entry));
                if kinds.iter().any(|(kind, _)| kind.as_str().starts_with('L')) {
                    self.keep(path.as_str(), look.name_span(entry));
                }
            }
        }
    }
}
