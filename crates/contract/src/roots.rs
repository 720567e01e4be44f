//! Where hosts are looked for in a repository without a flake: the modules from which others are imported, the files that
//! `nixos-rebuild` takes, and flakes in directories of it.

use nixpact_eval::Evaluator;
use nixpact_modules::{HIVE, Source, Universe};
use nixpact_source::{FileId, Sources};
use rustc_hash::FxHashSet;

use crate::discover;
use crate::settings::Settings;

/// A file that no other one imports, with all that it imports.
pub(crate) struct Root<'a> {
    pub file: FileId,
    pub universe: &'a Universe<'a>,
}

/// The roots that declare a contract and import more than its declaration, sorted by path.
pub(crate) fn roots<'a>(ev: &Evaluator<'a>, settings: &Settings) -> Vec<Root<'a>> {
    let files = ev.sources.files();
    let mut order: Vec<FileId> = (0..files.len() as u32).map(FileId::new).collect();
    // What imports others usually stands above them.
    order.sort_by_key(|file| files[file.index()].path.matches('/').count());
    let mut covered: FxHashSet<FileId> = FxHashSet::default();
    let mut found: Vec<Root<'a>> = Vec::new();
    // To evaluate a file that is no module, such as tests of functions, may take long.
    let may_import = |file: &FileId| files[file.index()].text.contains("imports");
    for file in order.into_iter().filter(may_import) {
        let path = &*files[file.index()].path;
        if covered.contains(&file) || path == "flake.nix" || path == HIVE {
            continue;
        }
        ev.reset_steps();
        let universe = Universe::of_modules(ev, &[Source::File(file)], Vec::new());
        let imported = universe.collected(ev).files;
        covered.extend(imported);
        if imported.len() > 1 && !discover::contracts(ev, universe, settings).is_empty() {
            found.push(Root { file, universe });
        }
    }
    // A root found early may be imported by one below it.
    found = without_imported(ev, found);
    found.sort_by_key(|root| root.file);
    found
}

/// What `nixos-rebuild` and `nixos-install` take for a host.
const CONFIGURATION: &str = "configuration.nix";

/// The hosts that are a `configuration.nix` that no other file imports, sorted by path.
pub(crate) fn configurations<'a>(ev: &Evaluator<'a>) -> Vec<Root<'a>> {
    let files = ev.sources.files().iter().enumerate();
    let is_named = |path: &str| path.rsplit('/').next() == Some(CONFIGURATION);
    let named = files.filter(|(_, file)| is_named(&file.path));
    let found: Vec<Root<'a>> = named
        .map(|(at, _)| {
            let file = FileId::new(at as u32);
            ev.reset_steps();
            Root { file, universe: Universe::of_modules(ev, &[Source::File(file)], Vec::new()) }
        })
        .collect();
    without_imported(ev, found)
}

/// Those that none of the others imports.
fn without_imported<'a>(ev: &Evaluator<'a>, mut found: Vec<Root<'a>>) -> Vec<Root<'a>> {
    let inner: FxHashSet<FileId> = found
        .iter()
        .flat_map(|root| root.universe.collected(ev).files.iter().filter(|f| **f != root.file))
        .copied()
        .collect();
    found.retain(|root| !inner.contains(&root.file));
    found
}

/// More of them are not named.
const MAX_FLAKES: usize = 3;

/// The directories below the root, relative to it, whose flake has hosts, where the root has none: the uppermost first.
pub fn flakes_below(sources: &Sources) -> Vec<&str> {
    if sources.id("flake.nix").is_some() {
        return Vec::new();
    }
    let is_meant =
        |text: &str| ["nixosConfigurations", "nixosSystem"].iter().any(|it| text.contains(it));
    let has_hosts = |directory: &&str| {
        let below = |path: &str| path.strip_prefix(directory).is_some_and(|it| it.starts_with('/'));
        sources.files().iter().any(|file| below(&file.path) && is_meant(&file.text))
    };
    let directories =
        sources.files().iter().filter_map(|file| file.path.strip_suffix("/flake.nix"));
    let mut directories: Vec<&str> = directories.filter(has_hosts).collect();
    directories.sort_by_key(|directory| directory.matches('/').count());
    directories.truncate(MAX_FLAKES);
    directories
}
