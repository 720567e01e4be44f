//! The homelab, damaged at every place of a kind: each damage is found where it was done, and nothing else
//! is. Without the conventions the lints that read them say nothing of it.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its fixture and writes temporary files"
)]
#![allow(clippy::print_stderr, reason = "the counts are shown by `cargo test -- --nocapture`")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use nixpact_engine::{Analysis, Config, Options};
use nixpact_lints::CATALOGUE;
use nixpact_source::Sources;

const CONVENTIONS: &str = r#"
[conventions]
module = "modules/server/{category}/{service}/default.nix"
test = "tests/{service}/default.nix"
check = "{service}Test"
secret = "server/{service}/{credential}"
sections = ["contract", "implementation", "secrets"]
collector = ["modules/server/collector.nix"]
shared-fields = ["enable"]
connections = "qgroget.databaseConfig"
runtime = ["virtualisation.podman"]
"#;

const SECRETS: &str = "secrets/secrets.yaml";
const ENTRY: &str = "modules/server/default.nix";
const HEADINGS: [&str; 3] = ["Contract", "Implementation", "Secrets"];

/// Lints that read conventions.
const BY_CONVENTION: &[&str] = &[
    "aggregation-in-module",
    "contract-differs-by-runtime",
    "foreign-section",
    "hand-built-connection-string",
    "missing-section",
    "missing-test",
    "module-file-name",
    "secret-path",
    "service-name-mismatch",
    "unexposed-test",
    "unimported-module",
];

/// Each of so many is done, where not all are asked for by `ALL_MUTANTS`.
const STRIDE: usize = 4;

type Files = Vec<(String, String)>;

/// A damaged repository, and where which lint has to find it: a path and a line, from 1.
struct Mutant {
    files: Files,
    lint: &'static str,
    at: (String, usize),
}

#[test]
fn every_damage_is_found_where_it_was_done() {
    let clean = findings(homelab(), &with_conventions(), None);
    let expected: BTreeSet<_> = [
        ("modules/server/auth/authelia/default.nix".to_owned(), 75, "aggregation-in-module"),
        ("modules/server/security/crowdsec/default.nix".to_owned(), 12, "aggregation-in-module"),
    ]
    .into();
    assert_eq!(clean, expected);
    let mutants = mutants();
    let problems: Vec<String> = each(&mutants, |mutant| {
        let found = findings(&mutant.files, &with_conventions(), Some(mutant.lint));
        let (path, line) = &mutant.at;
        let wanted = (path.clone(), *line, mutant.lint);
        let missed = (!found.contains(&wanted))
            .then(|| format!("{path}:{line}: {} is silent: {found:?}", mutant.lint));
        // What was there may have moved.
        let was_there = |it: &&(String, usize, &str)| {
            clean.iter().any(|(path, _, lint)| (path, *lint) == (&it.0, it.2))
        };
        let more: Vec<_> = found.iter().filter(|it| !was_there(it) && **it != wanted).collect();
        let more = (!more.is_empty()).then(|| format!("{path}:{line}: also {more:?}"));
        missed.into_iter().chain(more).collect()
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // Kinds of damage that are done nowhere would pass, too.
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for mutant in &mutants {
        match kinds.iter_mut().find(|(lint, _)| *lint == mutant.lint) {
            Some((_, count)) => *count += 1,
            None => kinds.push((mutant.lint, 1)),
        }
    }
    eprintln!("{} mutants: {kinds:?}", mutants.len());
    assert_eq!(kinds.len(), 15, "{kinds:?}");
    assert!(kinds.iter().all(|(_, count)| *count >= 2), "{kinds:?}");
}

#[test]
fn without_conventions_nobody_is_held_to_them() {
    let known: BTreeSet<&str> = CATALOGUE.iter().map(|lint| lint.name).collect();
    assert!(BY_CONVENTION.iter().all(|lint| known.contains(lint)));
    let mutants = mutants();
    let damaged = mutants.iter().filter(|mutant| BY_CONVENTION.contains(&mutant.lint)).step_by(7);
    let damaged: Vec<&Mutant> = damaged.collect();
    let found = each(&damaged, |mutant| {
        let found = findings(&mutant.files, &Config::default(), None);
        found.into_iter().filter(|(.., lint)| BY_CONVENTION.contains(lint)).collect()
    });
    assert!(damaged.len() > 8 && found.is_empty(), "{found:?}");
}

/// What `look` gives for each, on several threads.
fn each<T: Sync, R: Send>(items: &[T], look: impl Fn(&T) -> Vec<R> + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let look = &look;
    std::thread::scope(|scope| {
        let share = |first: usize| {
            let items = items.iter().skip(first).step_by(threads);
            scope.spawn(move || items.flat_map(look).collect::<Vec<R>>())
        };
        let threads: Vec<_> = (0..threads).map(share).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn homelab() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-flakes/homelab");
        let sources = Sources::load(&root, |_| false).unwrap();
        let files = sources.files().iter();
        let mut files: Files = files.map(|file| (file.path.clone(), file.text.clone())).collect();
        files.push((SECRETS.to_owned(), std::fs::read_to_string(root.join(SECRETS)).unwrap()));
        files
    })
}

fn with_conventions() -> Config {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nixpact.toml");
    std::fs::write(&path, CONVENTIONS).unwrap();
    Config::load(&path).unwrap()
}

fn findings(
    files: &Files,
    config: &Config,
    lint: Option<&'static str>,
) -> BTreeSet<(String, usize, &'static str)> {
    let (nix, others): (Files, Files) =
        files.iter().cloned().partition(|(path, _)| path.ends_with(".nix"));
    let sources = Sources::from_memory(nix).with_others(others);
    let analysis = Analysis::of(sources, config, &Options { lint, ..Options::default() }).unwrap();
    let found = analysis.diagnostics.iter().map(|finding| {
        let span = finding.primary.as_ref().expect("it has a place").span;
        let file = analysis.sources.file(span.file);
        (file.path.clone(), file.line_column(span.start).line as usize, finding.lint)
    });
    found.collect()
}

/// The modules of services: path, service and text.
fn modules() -> Vec<(&'static str, &'static str, &'static str)> {
    let modules = homelab().iter().filter_map(|(path, text)| {
        let inside = path.strip_prefix("modules/server/")?.strip_suffix("/default.nix")?;
        let (_, service) = inside.split_once('/')?;
        Some((path.as_str(), service, text.as_str()))
    });
    modules.collect()
}

fn mutants() -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (path, service, text) in modules() {
        moved(path, service, text, &mut mutants);
        without_headings(path, service, text, &mut mutants);
        tests_of(path, service, text, &mut mutants);
        with_statements(path, service, text, &mut mutants);
        another_runtime(path, text, &mut mutants);
        slips(path, text, &mut mutants);
    }
    lost_keys(&mut mutants);
    if std::env::var_os("ALL_MUTANTS").is_none() {
        // The next kind begins with another service.
        let mut at = 0;
        mutants.sort_by_key(|mutant| mutant.lint);
        mutants.retain(|_| {
            at += 1;
            at % STRIDE == 0
        });
    }
    mutants
}

/// The repository with another text for a file, which may be new.
fn with(path: &str, text: &str) -> Files {
    let mut files = homelab().clone();
    match files.iter_mut().find(|(known, _)| known == path) {
        Some(file) => file.1 = text.to_owned(),
        None => files.push((path.to_owned(), text.to_owned())),
    }
    files
}

fn text_of(path: &str) -> &'static str {
    &homelab().iter().find(|(known, _)| known == path).unwrap().1
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The line in which a module names its service.
fn name_line(service: &str, text: &str) -> usize {
    let names = [format!("serviceModules.{service}"), "serviceModules.${name}".to_owned()];
    let at = text.match_indices("serviceModules.").map(|(at, _)| at).find(|at| {
        let before = text[..*at].rsplit('\n').next().unwrap_or_default();
        names.iter().any(|name| text[*at..].starts_with(name.as_str()))
            && !before.contains("= config.")
            && !before.ends_with("= ")
            && !before.contains("(config.")
    });
    line_of(text, at.unwrap_or_else(|| panic!("{service}")))
}

fn moved(path: &str, service: &str, text: &str, mutants: &mut Vec<Mutant>) {
    let line = name_line(service, text);
    let inside =
        path.strip_prefix("modules/server/").unwrap().strip_suffix("/default.nix").unwrap();
    let import = format!("    ./{inside}\n");
    let entry = text_of(ENTRY);
    assert!(entry.contains(&import));

    let beside = path.replace("default.nix", "module.nix");
    let mut files = with(path, "{ imports = [ ./module.nix ]; }\n");
    files.push((beside.clone(), text.to_owned()));
    mutants.push(Mutant { files, lint: "module-file-name", at: (beside, line) });

    let renamed = path.replace("/default.nix", "-x/default.nix");
    let entry_renamed = entry.replace(&import, &format!("    ./{inside}-x\n"));
    let mut files = with(ENTRY, &entry_renamed);
    files.retain(|(known, _)| known != path);
    files.push((renamed.clone(), text.to_owned()));
    mutants.push(Mutant { files, lint: "service-name-mismatch", at: (renamed, line) });

    let files = with(ENTRY, &entry.replace(&import, ""));
    mutants.push(Mutant { files, lint: "unimported-module", at: (path.to_owned(), line) });
}

fn without_headings(path: &str, service: &str, text: &str, mutants: &mut Vec<Mutant>) {
    for heading in HEADINGS {
        if heading == "Secrets" && !text.contains("sops") {
            continue;
        }
        let start = text.find(&format!("# --- {heading} ---")).unwrap();
        let end = start + text[start..].find('\n').unwrap();
        let damaged = format!("{}# And so on{}", &text[..start], &text[end..]);
        let at = (path.to_owned(), name_line(service, text));
        mutants.push(Mutant { files: with(path, &damaged), lint: "missing-section", at });
    }
}

fn tests_of(path: &str, service: &str, text: &str, mutants: &mut Vec<Mutant>) {
    let test = format!("tests/{service}/default.nix");
    let mut files = homelab().clone();
    files.retain(|(known, _)| *known != test);
    let at = (path.to_owned(), name_line(service, text));
    mutants.push(Mutant { files, lint: "missing-test", at });

    let flake = text_of("flake.nix");
    let line = format!("        {service}Test = vmTest ./tests/{service};\n");
    let listed = format!("\"{service}\"");
    let damaged = match flake.contains(&line) {
        true => flake.replace(&line, ""),
        false => flake.replacen(&listed, "", 1),
    };
    assert_ne!(damaged, flake);
    let files = with("flake.nix", &damaged);
    mutants.push(Mutant { files, lint: "unexposed-test", at: (test, 1) });
}

/// Puts a statement at the beginning of the implementation, in the style of the module.
fn insert(text: &str, statement: &str) -> (String, usize) {
    let heading = text.find("# --- Implementation ---").unwrap();
    let at = heading + text[heading..].find('\n').unwrap() + 1;
    let next =
        text[at..].lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let next = next.unwrap();
    let line = match next {
        _ if next.starts_with(['(', '{']) => format!("{{ {statement} }}\n"),
        _ if next.starts_with("config.") => format!("config.{statement}\n"),
        _ => format!("{statement}\n"),
    };
    (format!("{}{line}{}", &text[..at], &text[at..]), line_of(text, at))
}

fn with_statements(path: &str, service: &str, text: &str, mutants: &mut Vec<Mutant>) {
    let mut add = |lint, statement: String| {
        let (damaged, line) = insert(text, &statement);
        mutants.push(Mutant { files: with(path, &damaged), lint, at: (path.to_owned(), line) });
    };
    // Nothing depends on it.
    let other = if service == "portfolio" { "vaultwarden" } else { "portfolio" };
    let has_config = text.contains("{config") || text.contains("{\n  config");
    if has_config {
        let read = format!("config.qgroget.serviceModules.{other}.port");
        add("foreign-section", format!("services.probe.port = {read};"));
        add("aggregation-in-module", "services.probe.all = config.qgroget.serviceModules;".into());
    }
    add(
        "hand-built-connection-string",
        "services.probe.a = \"postgresql://a@localhost/b\";".into(),
    );
    add("plaintext-secret", "services.probe.adminPassword = \"hunter2-abc\";".into());
    // A set that is written there takes no further names.
    if !text.contains("sops = ") {
        add("secret-path", format!("sops.secrets.\"{service}/probe\".path = \"/a\";"));
    }
    // Some read "server/<service>/${name}".
    if !text.contains("sops = ") && !text.contains("/${name}\"") {
        add("unused-secret", format!("sops.secrets.\"server/{service}/never-read\" = {{ }};"));
    }
}

fn another_runtime(path: &str, text: &str, mutants: &mut Vec<Mutant>) {
    let Some(at) = text.find(" port = ").filter(|_| text.contains("serviceModules")) else {
        return;
    };
    let contract = text.find("# --- Contract ---").unwrap();
    let implementation = text.find("# --- Implementation ---").unwrap();
    let has_config = text.contains("{config") || text.contains("{\n  config");
    if !(contract..implementation).contains(&at) || !has_config {
        return;
    }
    let value = at + " port = ".len();
    let condition = "if config.virtualisation.podman.enable then 1 else ";
    let damaged = format!("{}{condition}{}", &text[..value], &text[value..]);
    let at = (path.to_owned(), line_of(text, value));
    mutants.push(Mutant { files: with(path, &damaged), lint: "contract-differs-by-runtime", at });
}

/// Another name in each place where a secret is read.
fn slips(path: &str, text: &str, mutants: &mut Vec<Mutant>) {
    for opening in ["config.sops.secrets.\"", "sops.placeholder.\""] {
        for (at, _) in text.match_indices(opening) {
            let start = at + opening.len();
            let end = start + text[start..].find('"').unwrap();
            let is_declared = text[end..].starts_with("\" = ");
            if is_declared || text[start..end].contains("${") {
                continue;
            }
            let damaged = format!("{}q{}", &text[..end], &text[end..]);
            let at = (path.to_owned(), line_of(text, start));
            mutants.push(Mutant { files: with(path, &damaged), lint: "undeclared-secret", at });
        }
    }
}

/// The encrypted file without each of its keys in turn.
fn lost_keys(mutants: &mut Vec<Mutant>) {
    let text = text_of(SECRETS);
    let mut service = "";
    for line in text.lines().take_while(|line| !line.starts_with("sops:")) {
        if let Some(name) = line.strip_prefix("    ").and_then(|line| line.strip_suffix(':')) {
            service = name;
            continue;
        }
        let Some((key, _)) = line.trim().split_once(": ") else { continue };
        // It is switched off, and its secrets with it.
        if service == "nicotine" {
            continue;
        }
        let name = format!("\"server/{service}/{key}\"");
        let declared = |(path, text): &(String, String)| {
            let (at, _) = text.lines().enumerate().find(|(_, line)| {
                let is_place = line.contains("secrets.") || line.trim_start().starts_with('"');
                let is_read = line.contains(".path") || line.contains("placeholder");
                line.contains(&name) && is_place && !is_read
            })?;
            Some((path.clone(), at + 1))
        };
        let Some(at) =
            homelab().iter().filter(|(path, _)| path.ends_with(".nix")).find_map(declared)
        else {
            continue;
        };
        let files = with(SECRETS, &text.replace(&format!("{line}\n"), ""));
        mutants.push(Mutant { files, lint: "secret-not-in-file", at });
    }
}
