//! What a session knows after many edits of one file after the other is what a fresh one knows of the same
//! texts, to the last place.
//!
//! `EDITS=2000` makes more of them, and `EDITED=a:b` adds repositories.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use nixpact_engine::{Analysis, Options, Session, Snapshot};
use nixpact_source::FileId;

/// Edits of one file before the next.
const BURST: usize = 8;

/// What is added here and there.
const LINES: [&str; 4] = ["# A comment\n", "\n", "port = 8080;\n", "enable = false;\n"];

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// A repository in the state of an editor.
struct Edited {
    root: PathBuf,
    session: Session,
    /// Those that are not as on the disk.
    texts: BTreeMap<String, String>,
}

impl Edited {
    fn open(root: &Path) -> Edited {
        let options = Options { root: root.to_owned(), ..Options::default() };
        let session = Session::open(options).unwrap();
        Edited { root: root.to_owned(), session, texts: BTreeMap::new() }
    }

    fn set(&mut self, path: &str, text: String) {
        self.session.set_text(path, text.clone()).unwrap();
        self.texts.insert(path.to_owned(), text);
    }

    /// What would be found with another text, before anyone writes it.
    fn tried(&self, path: &str, text: &str) -> String {
        let texts = BTreeMap::from([(path.to_owned(), text.to_owned())]);
        shown(&self.session.with_texts(&texts).unwrap())
    }

    /// What a fresh session knows, which is what this one knows.
    fn compare(&self) -> String {
        let options =
            Options { root: self.root.clone(), overlay: self.texts.clone(), ..Options::default() };
        let fresh = shown(&look(&Session::open(options).unwrap()).analysis);
        assert_eq!(shown(&look(&self.session).analysis), fresh, "in {}", self.root.display());
        fresh
    }
}

fn look(session: &Session) -> Snapshot {
    session.analyse(&AtomicBool::new(false)).unwrap().unwrap()
}

/// The findings and the model, a line for each thing in it.
fn shown(analysis: &Analysis) -> String {
    format!("{:#?}\n{:#?}", analysis.diagnostics, analysis.model)
}

/// Another text for a file, as people change it.
fn edit(random: &mut Random, text: &str) -> String {
    let replaced = |range: Range<usize>, by: &str| {
        format!("{}{by}{}", &text[..range.start], &text[range.end..])
    };
    let lines: Vec<Range<usize>> = text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let begin = *at;
            *at += line.len();
            Some(begin..*at)
        })
        .collect();
    let words = words(text);
    let word = |random: &mut Random, is_meant: &dyn Fn(&str) -> bool| {
        let all: Vec<&Range<usize>> =
            words.iter().filter(|word| is_meant(&text[(**word).clone()])).collect();
        (!all.is_empty()).then(|| (*random.of(&all)).clone())
    };
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_switch = |word: &str| word == "true" || word == "false";
    let is_name = |word: &str| word.starts_with(|c: char| c.is_ascii_lowercase());
    let changed = match random.below(8) {
        0 | 1 => word(random, &is_number)
            .map(|at| replaced(at, &(10_000 + random.below(40)).to_string())),
        2 => word(random, &is_switch).map(|at| {
            let other = if &text[at.clone()] == "true" { "false" } else { "true" };
            replaced(at, other)
        }),
        3 => word(random, &is_name).map(|at| replaced(at.end..at.end, "x")),
        4 => word(random, &is_name).and_then(|at| {
            let by = word(random, &is_name)?;
            Some(replaced(at, &text[by]))
        }),
        5 => Some(replaced(random.of(&lines).clone(), "")),
        6 => {
            let (line, at) = (random.of(&lines).clone(), random.of(&lines).start);
            Some(replaced(at..at, &text[line]))
        }
        _ => {
            let at = random.of(&lines).start;
            let line: &&str = random.of(&LINES);
            Some(replaced(at..at, line))
        }
    };
    changed.unwrap_or_else(|| format!("{text}\n"))
}

fn words(text: &str) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut words = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_part(c), begin) {
            (true, None) => begin = Some(at),
            (false, Some(first)) => {
                words.push(first..at);
                begin = None;
            }
            _ => {}
        }
    }
    words
}

fn run(root: &Path, edits: usize, seed: u64) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut edited = Edited::open(root);
    let sources = look(&edited.session).analysis.sources;
    let paths: Vec<String> = sources.files().iter().map(|file| file.path.clone()).collect();
    let parses = |text: &str| nixpact_syntax::parse(FileId::new(0), text).errors.is_empty();
    let mut compared = 0;
    while compared < edits {
        let path = random.of(&paths).clone();
        let original = sources.file(sources.id(&path).unwrap()).text.clone();
        let mut text = original.clone();
        if text.trim().is_empty() || !parses(&text) {
            compared += 1;
            continue;
        }
        for _ in 0..BURST {
            let next =
                if random.below(6) == 0 { original.clone() } else { edit(&mut random, &text) };
            let parses = parses(&next);
            let tried = parses.then(|| edited.tried(&path, &next));
            edited.set(&path, next.clone());
            if let Some(tried) = tried {
                text = next;
                assert_eq!(tried, edited.compare(), "in {}", root.display());
                compared += 1;
            } else {
                // Somebody looks at it in between.
                look(&edited.session);
                edited.set(&path, text.clone());
            }
        }
        edited.set(&path, original);
    }
}

/// The services that were not looked at again after a change, by name.
fn kept(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let services = |snapshot: &'_ Snapshot| snapshot.analysis.model.hosts[0].services.clone();
    let before = services(before);
    let kept = services(after).into_iter().filter(|service| {
        before.iter().any(|known| known.name == service.name && service.is_kept_from(known))
    });
    kept.map(|service| service.name.clone()).collect()
}

const OPTIONS: &str = r#"{ lib, ... }: {
  options.lab.services = lib.mkOption {
    default = { };
    type = lib.types.attrsOf (lib.types.submodule {
      options = {
        enable = lib.mkEnableOption "it";
        port = lib.mkOption { type = lib.types.port; };
        domain = lib.mkOption { type = lib.types.str; default = "none"; };
        dependsOn = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
      };
    });
  };
}
"#;

/// Each change of `edited` (a path, and texts one after the other) with the services that are kept by it.
fn kept_by(files: &[(&str, &str)], path: &str, texts: &[&str]) -> Vec<Vec<String>> {
    let root = tempfile::tempdir().unwrap();
    let mut edited = Edited::open(root.path());
    for (path, text) in [("options.nix", OPTIONS)].iter().chain(files) {
        edited.set(path, (*text).to_owned());
    }
    let mut before = look(&edited.session);
    let mut all = Vec::new();
    for text in texts {
        edited.set(path, (*text).to_owned());
        edited.compare();
        let after = look(&edited.session);
        all.push(kept(&before, &after));
        before = after;
    }
    all
}

const ROOT: (&str, &str) =
    ("default.nix", "{ imports = [ ./options.nix ./a.nix ./b.nix ./c.nix ]; }\n");
const B: (&str, &str) = ("b.nix", "{ lab.services.b = { enable = true; port = 2; }; }\n");

#[test]
fn what_an_edit_cannot_change_is_kept() {
    let c = (
        "c.nix",
        "{ config, ... }: { lab.services.c = { enable = true; port = config.lab.services.a.port + 2; }; }\n",
    );
    let a = "{ lab.services.a = { enable = true; port = 1; }; }\n";
    let edits = [
        // The first change of a file finds out what hangs on it.
        "{ lab.services.a = { enable = true; port = 7; }; }\n",
        "{ lab.services.a = { enable = true; port = 8; }; }\n",
        // A comment moves all that follows.
        "# A service\n{ lab.services.a = { enable = true; port = 8; }; }\n",
        // Other services.
        "{ lab.services.a = { enable = true; port = 8; }; lab.services.d.port = 3; }\n",
        "{ lab.services.a = { enable = false; port = 8; }; lab.services.d.port = 4; }\n",
    ];
    let kept = kept_by(&[ROOT, ("a.nix", a), B, c], "a.nix", &edits);
    assert_eq!(kept, [vec![], vec!["b"], vec!["b"], vec![], vec!["b"]]);
}

#[test]
fn what_reads_the_text_of_a_file_is_not_kept() {
    let c = (
        "c.nix",
        "{ lab.services.c = { port = 3; domain = builtins.substring 0 40 (builtins.readFile ./a.nix); }; }\n",
    );
    let texts = [
        "# x\n{ lab.services.a.port = 1; }\n",
        "# y\n{ lab.services.a.port = 1; }\n",
        "# z\n{ lab.services.a.port = 1; }\n",
    ];
    let kept = kept_by(&[ROOT, ("a.nix", texts[0]), B, c], "a.nix", &texts[1..]);
    assert_eq!(kept, [vec![], vec!["b"]]);
}

#[test]
fn an_edit_of_what_all_services_read_keeps_none() {
    let c = (
        "c.nix",
        "{ lab.services.c = { port = 3; domain = (import ./domain.nix).name + \"!\"; }; }\n",
    );
    let a = "{ lab.services.a = { port = 1; domain = (import ./domain.nix).name; }; }\n";
    let domain = ("domain.nix", "{ name = \"one\"; }\n");
    let kept = kept_by(
        &[ROOT, ("a.nix", a), B, c, domain],
        "domain.nix",
        &["{ name = \"two\"; }\n", "{ name = \"three\"; }\n"],
    );
    assert_eq!(kept, [vec![], vec!["b"]]);
    let other = OPTIONS.replace("none", "other");
    let more = OPTIONS.replace("\"it\"", "\"the service\"");
    let kept =
        kept_by(&[ROOT, ("a.nix", a), B, c, domain], "options.nix", &[&other, &more, OPTIONS]);
    assert_eq!(kept, [const { Vec::<String>::new() }; 3]);
}

/// A fleet whose hosts need much memory: those of a fresh session are shared out, which a session that keeps
/// something does not do.
#[test]
fn hosts_that_are_shared_out_are_what_one_evaluator_makes_of_them() {
    let root = tempfile::tempdir().unwrap();
    let mut edited = Edited::open(root.path());
    let flake = "{ outputs = { nixpkgs, ... }: let inherit (nixpkgs) lib; in {
        nixosConfigurations = lib.genAttrs (map (n: \"host-${toString n}\") (lib.range 1 9)) (name:
          lib.nixosSystem { specialArgs = { inherit name; }; modules = [ ./options.nix ./large.nix ./services.nix ]; });
      }; }";
    let large = "{ lib, name, ... }: {
        options.lab.sites = lib.mkOption {
          type = lib.types.attrsOf (lib.types.submodule ({ name, ... }: {
            options.name = lib.mkOption { default = name; };
            options.port = lib.mkOption { type = lib.types.port; };
          }));
        };
        config.lab.sites = lib.genAttrs (map toString (lib.range 1 2500)) (n: { port = lib.stringLength \"${name}${n}\"; });
      }";
    let services = "{ name, lib, ... }: {
        lab.services.${name} = { enable = true; port = 80; domain = if name == \"host-7\" then 7 else name; };
        lab.services.other = lib.mkIf (name != \"host-3\") { enable = true; port = 80; };
        lab.sites.one.port = lib.mkIf (name == \"host-8\") \"eight\";
      }";
    let files = [
        ("options.nix", OPTIONS),
        ("flake.nix", flake),
        ("large.nix", large),
        ("services.nix", services),
    ];
    for (path, text) in files {
        edited.set(path, text.to_owned());
    }
    let found = |edited: &Edited| -> Vec<String> {
        edited.compare();
        let found = look(&edited.session).analysis;
        assert_eq!(found.model.hosts.len(), 9);
        found.diagnostics.iter().map(|it| format!("{}: {}", it.lint, it.message)).collect()
    };
    let before = found(&edited);
    assert!(before.iter().any(|it| it.starts_with("duplicate-port: ")), "{before:#?}");
    assert!(before.iter().any(|it| it.starts_with("wrong-option-type: ")), "{before:#?}");
    edited.set("services.nix", services.replace("port = 80; };\n", "port = 81; };\n"));
    let after = found(&edited);
    assert!(!after.iter().any(|it| it.starts_with("duplicate-port: ")), "{after:#?}");
}

fn number_of_edits() -> usize {
    std::env::var("EDITS").ok().and_then(|text| text.parse().ok()).unwrap_or(24)
}

#[test]
fn a_session_knows_what_a_fresh_one_knows() {
    for (seed, name) in ["homelab", "homelab-broken", "shape-b"].into_iter().enumerate() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-flakes").join(name);
        run(&root, number_of_edits(), seed as u64 + 1);
    }
}

#[test]
fn a_session_knows_what_a_fresh_one_knows_of_other_repositories() {
    let Some(roots) = std::env::var_os("EDITED") else { return };
    for root in std::env::split_paths(&roots) {
        run(&root, number_of_edits(), 1);
    }
}
