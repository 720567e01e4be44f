//! `nixpact check --fix`, `--unsafe-fixes` and `--diff`: what happens to the files.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use pretty_assertions::assert_eq;
use snapbox::{assert_data_eq, file};
use support::{BROKEN, Run, command, copy, git, nixpact, repository, run, shown};

/// The texts of all files below a directory, by path.
fn texts(root: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut directories = vec![root.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            // A file that is being prepared may be gone by now.
            if let Ok(text) = std::fs::read_to_string(path) {
                texts.insert(name, text);
            }
        }
    }
    texts
}

fn fix(root: &Path, options: &[&str]) -> Run {
    run(command().args(["check", shown(root), "--format", "short"]).args(options))
}

const UNSAFE: &[&str] = &["--fix", "--unsafe-fixes"];

/// What `--fix` makes of the file of one service; the contract is the one of the lints' pages.
fn fixed(service: &str, options: &[&str]) -> (String, Run) {
    let root = lab(&[("modules/server/a/default.nix", service)]);
    let run = fix(root.path(), options);
    (texts(root.path())["modules/server/a/default.nix"].clone(), run)
}

fn lab(files: &[(&str, &str)]) -> tempfile::TempDir {
    let contract = include_str!("../lints/standard_contract.nix");
    repository(&[files, &[("modules/server/options.nix", contract)]].concat())
}

// --- the broken homelab ----------------------------------------------------------------------------

#[test]
fn a_diff_changes_nothing() {
    let root = copy(BROKEN);
    let run = nixpact(&["check", shown(root.path()), "--diff", "--unsafe-fixes"]);
    assert_data_eq!(&run.out, file!["cli/fix.diff"].raw());
    assert_eq!((run.status, run.err.as_str()), (1, "would have fixed 6 findings in 6 files\n"));
    assert_eq!(texts(root.path()), texts(Path::new(BROKEN)));
}

#[test]
fn only_safe_fixes_are_applied_unless_all_are_wanted() {
    let root = copy(BROKEN);
    let run = fix(root.path(), &["--fix"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("\nfixed 1 finding in 1 file\n"), "{}", run.out);
    let changed = "modules/server/media/navidrome/default.nix";
    let mut expected = texts(Path::new(BROKEN));
    let text = expected.get_mut(changed).unwrap();
    *text = text.replace("port = \"4533\";", "port = 4533;");
    assert_eq!(texts(root.path()), expected);
}

#[test]
fn unsafe_fixes_repair_what_has_one_and_a_second_run_changes_nothing() {
    let root = copy(BROKEN);
    let before = nixpact(&["check", shown(root.path()), "--format", "short", "-q"]);
    let run = fix(root.path(), UNSAFE);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("\nfixed 6 findings in 6 files\n9 errors in "), "{}", run.out);
    let mut expected = texts(Path::new(BROKEN));
    for (path, old, new) in [
        ("arrs/sonarr", "port = 8989;", "port = 8990;"),
        ("downloads/qbittorrent", "webPort = 8080;", "webPort = 8081;"),
        ("media/navidrome", "port = \"4533\";", "port = 4533;"),
        ("misc/obsidian", "\"publik\"", "\"public\""),
        ("misc/portfolio", "middleware = ", "middlewares = "),
        ("network/traefik", "port = 8080;", "port = 8082;"),
    ] {
        let text = expected.get_mut(&format!("modules/server/{path}/default.nix")).unwrap();
        assert_eq!(text.matches(old).count(), 1);
        *text = text.replace(old, new);
    }
    assert_eq!(texts(root.path()), expected);
    // What is left was there before, and nothing else.
    let left: Vec<&str> =
        run.lines().into_iter().filter(|line| line.contains(": error[")).collect();
    let kept = before.lines().into_iter().filter(|line| left.contains(line)).count();
    assert_eq!((left.len(), kept, before.lines().len()), (9, 9, 15));

    let again = fix(root.path(), UNSAFE);
    assert!(!again.out.contains("fixed"), "{}", again.out);
    assert_eq!(texts(root.path()), expected);
    let diff = nixpact(&["check", shown(root.path()), "--diff", "--unsafe-fixes"]);
    assert_eq!((diff.status, diff.out.as_str(), diff.err.as_str()), (1, "", ""));
}

#[test]
fn the_json_report_is_of_what_is_left() {
    let root = copy(BROKEN);
    let run =
        nixpact(&["check", shown(root.path()), "--fix", "--unsafe-fixes", "--format", "json"]);
    assert_eq!((run.status, run.json()["summary"]["errors"].as_u64()), (1, Some(9)));
}

#[test]
fn paths_restrict_what_is_changed() {
    let root = copy(BROKEN);
    let only = root.path().join("modules/server/misc");
    let mut program = command();
    program.args(["--root", shown(root.path()), shown(&only)]).args(UNSAFE);
    assert_eq!(run(&mut program).status, 1);
    let (before, after) = (texts(Path::new(BROKEN)), texts(root.path()));
    let changed: Vec<&String> = after.keys().filter(|path| after[*path] != before[*path]).collect();
    assert_eq!(
        changed,
        ["modules/server/misc/obsidian/default.nix", "modules/server/misc/portfolio/default.nix"]
    );
}

#[test]
fn a_read_only_file_stops_all_of_it() {
    use std::os::unix::fs::PermissionsExt;
    let root = copy(BROKEN);
    let path = root.path().join("modules/server/misc/portfolio/default.nix");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    let run = fix(root.path(), UNSAFE);
    let error = run.failure();
    assert!(error.contains("misc/portfolio/default.nix: the file is read-only"), "{error}");
    assert!(error.contains("help: make it writable"), "{error}");
    assert_eq!(texts(root.path()), texts(Path::new(BROKEN)));
}

#[test]
fn a_file_that_is_no_longer_what_was_read_stays() {
    let root = copy(BROKEN);
    let path = root.path().join("modules/server/media/navidrome/default.nix");
    let text = std::fs::read_to_string(&path).unwrap();
    git(root.path(), &["init", "-q"]);
    std::fs::write(&path, format!("# staged\n{text}")).unwrap();
    git(root.path(), &["add", "."]);
    std::fs::write(&path, format!("# not staged\n{text}")).unwrap();
    let run = nixpact(&["check", shown(root.path()), "--staged", "--fix"]);
    let error = run.failure();
    let expected = "navidrome/default.nix: the file was changed after it was read";
    assert!(error.contains(expected) && error.contains("help: run nixpact again"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("# not staged\n{text}"));

    git(root.path(), &["add", "."]);
    let run = nixpact(&["check", shown(root.path()), "--staged", "--fix"]);
    assert!(run.out.contains("fixed 1 finding in 1 file"), "{}", run.err);
    let fixed = text.replace("\"4533\"", "4533");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("# not staged\n{fixed}"));
}

#[test]
fn unsafe_fixes_alone_are_refused() {
    assert!(nixpact(&["check", BROKEN, "--unsafe-fixes"]).failure().contains("--fix"));
    assert!(nixpact(&["check", BROKEN, "--diff", "--format", "json"]).failure().contains("--diff"));
}

#[test]
fn killing_the_program_leaves_every_file_whole() {
    let old = texts(Path::new(BROKEN));
    let finished = copy(BROKEN);
    let began = Instant::now();
    assert!(fix(finished.path(), UNSAFE).out.contains("fixed 6"));
    let whole_run = began.elapsed();
    let new = texts(finished.path());
    let (mut untouched, mut begun) = (0, 0);
    for time in 0..40 {
        let root = copy(BROKEN);
        let mut program = command();
        program.args(["check", shown(root.path())]).args(UNSAFE);
        let mut child = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if time % 4 == 0 {
            std::thread::sleep(whole_run * time / 40);
        } else {
            // It prepares the first file: what follows takes well under a millisecond.
            let first = root.path().join("modules/server/arrs/sonarr");
            let count = || std::fs::read_dir(&first).unwrap().count();
            while count() == 1 && child.try_wait().unwrap().is_none() {}
            std::thread::sleep(Duration::from_micros(u64::from(time % 4 - 1) * 200));
        }
        let _ = child.kill();
        child.wait().unwrap();
        let after = texts(root.path());
        for (path, text) in &after {
            match old.get(path) {
                Some(before) => assert!(text == before || *text == new[path], "{path}: {text}"),
                None => assert!(!path.ends_with(".nix") && path.contains(".nixpact-"), "{path}"),
            }
        }
        untouched += u32::from(after == old);
        begun += u32::from(after != old && after != new);
    }
    assert!(untouched > 0, "it was never killed before it wrote");
    assert!(begun > 0, "it was never killed while it wrote");
}

// --- what a file may look like ---------------------------------------------------------------------

#[test]
fn line_ends_tabs_and_letters_stay_as_they_are() {
    let text = "# größe 界 🦊\r\n{ ... }: {\r\n\tqgroget.serviceModules.a = {\t# ä\r\n\
                \t\tenable = true;\tport = /* ü */ \"81\" ; # ö\r\n\t\tpersistedDta = [ ];\r\n\t};\r\n}";
    let (after, run) = fixed(text, UNSAFE);
    let expected = text.replace("\"81\"", "81").replace("persistedDta", "persistedData");
    assert_eq!(after, expected, "{}", run.out);
}
