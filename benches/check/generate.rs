//! Repositories of any size, in the styles in which people write them.
//!
//! The same number of services always gives the same files. The repositories have no findings, and
//! real Nix evaluates them without a failing assertion (`benches/validate.sh`).

use std::io;
use std::path::Path;

/// What every generated repository has: path, text.
const FIXED: &[(&str, &str)] = &[
    ("flake.nix", include_str!("repository/flake.nix")),
    ("settings.nix", include_str!("repository/settings.nix")),
    ("hosts/Server/configuration.nix", include_str!("repository/hosts/Server/configuration.nix")),
    ("modules/server/options.nix", include_str!("repository/modules/server/options.nix")),
    ("modules/server/collector.nix", include_str!("repository/modules/server/collector.nix")),
    (
        "modules/server/lib/mk-container.nix",
        include_str!("repository/modules/server/lib/mk-container.nix"),
    ),
];

/// Service modules, with `@name@` and the like where services differ.
const STYLES: &[&str] = &[
    include_str!("styles/literal.nix.in"),
    include_str!("styles/dotted.nix.in"),
    include_str!("styles/helper.nix.in"),
    include_str!("styles/with_lib.nix.in"),
    include_str!("styles/shorthand.nix.in"),
    include_str!("styles/with_options.nix.in"),
    include_str!("styles/inherited.nix.in"),
    include_str!("styles/merged.nix.in"),
];

const CATEGORIES: &[&str] =
    &["arrs", "auth", "data", "downloads", "media", "misc", "network", "security"];

#[rustfmt::skip]
const NAMES: &[&str] = &[
    "archive", "atlas", "beacon", "bookmarks", "calendar", "camera", "catalog", "chat", "cookbook",
    "dashboard", "documents", "events", "feeds", "files", "forms", "forum", "gallery", "games",
    "garden", "gateway", "invoices", "journal", "kanban", "ledger", "library", "logs", "mail", "maps",
    "metrics", "music", "notes", "passwords", "photos", "pictures", "podcasts", "radio", "search",
    "status", "tasks", "wiki",
];

/// Writes a repository of `services` services (at most 25,000) below `root`, which is made.
pub fn write(root: &Path, services: usize) -> io::Result<()> {
    for (path, text) in files(services) {
        let path = root.join(path);
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)?;
        }
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// The files of a repository of `services` services: relative path, text.
fn files(services: usize) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        FIXED.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    files.push(("hosts/Server/settings.nix".to_owned(), settings(services)));
    files.push(("modules/server/default.nix".to_owned(), imports(services)));
    files.extend((0..services).map(|index| {
        let path = format!("modules/server/{}/default.nix", directory(index));
        (path, service(index))
    }));
    files
}

fn service(index: usize) -> String {
    let name = name(index);
    let depends: Vec<String> =
        dependencies(index).iter().map(|other| format!("\"{}\"", self::name(*other))).collect();
    STYLES[(index + index / NAMES.len()) % STYLES.len()]
        .replace("@name@", &name)
        .replace("@database@", &name.replace('-', "_"))
        .replace("@port@", &(10_000 + index).to_string())
        .replace("@depends@", &depends.join(" "))
}

fn imports(services: usize) -> String {
    let modules: String =
        (0..services).map(|index| format!("    ./{}\n", directory(index))).collect();
    format!("{{\n  imports = [\n    ./options.nix\n    ./collector.nix\n\n{modules}  ];\n}}\n")
}

fn settings(services: usize) -> String {
    let lines: String = (0..services)
        .map(|index| {
            let (name, enabled) = (name(index), enabled(index));
            match index % 16 {
                // Some are overridden on the host.
                7 => format!(
                    "    {name} = {{\n      enable = {enabled};\n      port = lib.mkForce {};\n    }};\n",
                    40_000 + index
                ),
                _ => format!("    {name}.enable = {enabled};\n"),
            }
        })
        .collect();
    format!("{{lib, ...}}: {{\n  qgroget.serviceModules = {{\n{lines}  }};\n}}\n")
}

/// `archive`, …, `wiki`, `archive-2`, …
fn name(index: usize) -> String {
    let name = NAMES[index % NAMES.len()];
    match index / NAMES.len() {
        0 => name.to_owned(),
        round => format!("{name}-{}", round + 1),
    }
}

fn directory(index: usize) -> String {
    format!("{}/{}", CATEGORIES[index % CATEGORIES.len()], name(index))
}

fn enabled(index: usize) -> bool {
    index % 10 != 9
}

/// Up to two enabled services, all with lower numbers, so that there is no cycle.
fn dependencies(index: usize) -> Vec<usize> {
    let candidates = [index.checked_sub(1), index.checked_sub(1).map(|_| index / 2)];
    let mut found: Vec<usize> = candidates
        .into_iter()
        .flatten()
        .take(index % 3)
        .map(|other| if enabled(other) { other } else { other - 1 })
        .collect();
    found.dedup();
    found
}
