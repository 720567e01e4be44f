//! The program as a user runs it, for the tests of the command line.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use nixpact_source::Sources;
use pretty_assertions::assert_eq;
use serde_json::Value;
use tempfile::TempDir;

pub const BROKEN: &str = "test-flakes/homelab-broken";
pub const RIGHT: &str = "test-flakes/homelab";

pub struct Run {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// Status 2: the reason on standard error, nothing on standard output.
    pub fn failure(&self) -> &str {
        assert_eq!((self.status, self.out.as_str()), (2, ""), "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        &self.err
    }

    pub fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    /// The findings of a check in JSON, each as its lint and its message.
    pub fn findings(&self) -> Vec<String> {
        let found = self.json()["diagnostics"].clone();
        let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
        let all = found.as_array().unwrap().iter();
        all.map(|it| format!("{}: {}", text(it, "lint"), text(it, "message"))).collect()
    }

    pub fn lints(&self) -> BTreeMap<String, usize> {
        let mut lints = BTreeMap::new();
        for diagnostic in self.json()["diagnostics"].as_array().unwrap() {
            *lints.entry(diagnostic["lint"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        lints
    }
}

pub fn nixpact(arguments: &[&str]) -> Run {
    run(command().args(arguments))
}

/// The program in the workspace's directory, with no colour asked of it.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nixpact"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("NO_COLOR");
    command.env_remove("RAYON_NUM_THREADS");
    command
}

pub fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run {
        status: output.status.code().expect("no signal ended it"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A repository on disk: pairs of a relative path and a text.
pub fn repository(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(&directory.path().join(path), text);
    }
    directory
}

pub fn write(path: &Path, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

pub fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A copy that a test may change.
pub fn copy(fixture: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture);
    copy_into(&from, directory.path());
    directory
}

pub fn copy_into(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry: PathBuf = entry.unwrap().path();
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_into(&entry, &target);
        } else {
            std::fs::copy(&entry, &target).unwrap();
        }
    }
}

/// Runs git in a directory, without the settings of the one who runs the tests.
pub fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.hooksPath="])
        .args(["-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false"])
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The Nix files of the homelab, without its tests: pairs of a relative path and a text.
pub fn homelab() -> &'static [(String, String)] {
    static FILES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    FILES.get_or_init(|| read_homelab(|path| path.starts_with("tests/")))
}

/// All files of the reference repository for which `is_left_out` does not hold.
pub fn read_homelab(is_left_out: impl Fn(&str) -> bool + Sync) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-flakes/homelab");
    let sources = Sources::load(&root, is_left_out).unwrap();
    sources.files().iter().map(|file| (file.path.clone(), file.text.clone())).collect()
}
