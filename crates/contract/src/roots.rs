//! The modules from which others are imported, where no flake tells the hosts.

use nixpact_eval::Evaluator;
use nixpact_modules::{Source, Universe};
use nixpact_source::FileId;
use rustc_hash::FxHashSet;

use crate::discover;
use crate::settings::Settings;

/// Where colmena looks for the hosts of a repository without a flake.
pub(crate) const HIVE: &str = "hive.nix";

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
    for file in order {
        if covered.contains(&file) || ["flake.nix", HIVE].contains(&&*files[file.index()].path) {
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
    let inner: FxHashSet<FileId> = found
        .iter()
        .flat_map(|root| root.universe.collected(ev).files.iter().filter(|f| **f != root.file))
        .copied()
        .collect();
    found.retain(|root| !inner.contains(&root.file));
    found.sort_by_key(|root| root.file);
    found
}
