//! Real Nix, as it is asked with `ask.nix`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The real one, with a store of its own for the paths that are made strings.
pub struct Nix {
    scratch: TempDir,
    pub lib: PathBuf,
    pub flakes: BTreeMap<String, PathBuf>,
}

impl Nix {
    /// None where it is not installed.
    pub fn new(lib: &Path) -> Option<Nix> {
        let version = Command::new("nix-instantiate").arg("--version").output();
        if version.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return None;
        }
        let mut flakes = BTreeMap::new();
        if let Some(directory) = std::env::var_os("FLAKES") {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path().canonicalize().unwrap();
                let name = path.file_name().unwrap().to_str().unwrap().to_lowercase();
                flakes.insert(name, path);
            }
        }
        let lib = lib.canonicalize().unwrap();
        let nix = Nix { scratch: tempfile::tempdir().unwrap(), lib, flakes };
        // The first one to begin makes the store.
        nix.command().args(["--expr", "1"]).output().unwrap();
        Some(nix)
    }

    fn command(&self) -> Command {
        // In seconds of the processor, and KiB.
        let limited =
            "ulimit -t 100; ulimit -v 4000000; exec nix-instantiate --eval --strict --json \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", limited, "sh", "--read-write-mode"]).stdin(Stdio::null());
        for kind in ["STORE", "STATE", "LOG", "CONF"] {
            let directory = self.scratch.path().join(kind.to_lowercase());
            command.env(format!("NIX_{kind}_DIR"), directory);
        }
        command.env_remove("NIX_REMOTE").env_remove("NIX_PATH");
        command
    }

    pub fn ask(&self, question: &Value) -> (Option<Value>, String) {
        let file = tempfile::NamedTempFile::new_in(self.scratch.path()).unwrap();
        serde_json::to_writer(&file, question).unwrap();
        let mut command = self.command();
        command.args(["--argstr", "question"]).arg(file.path());
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compare/ask.nix"));
        let output = command.output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        let value =
            output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap());
        (value, err)
    }
}

/// The first error among what it said, on one line.
pub fn first_error(said: &str) -> String {
    let errors = said.lines().skip_while(|line| !line.starts_with("error:"));
    let lines: Vec<&str> = errors.take(2).map(str::trim).collect();
    let text = lines.join(" ");
    text.char_indices().nth(240).map_or(text.clone(), |(end, _)| format!("{}…", &text[..end]))
}
