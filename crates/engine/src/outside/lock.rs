//! Which inputs `flake.lock` pins.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use nixpact_eval::{InputOf, Provenance};
use nixpact_source::{LoadError, Sources};
use serde_json::Value;

use super::store;

const FILE: &str = "flake.lock";

/// Inputs that follow each other are followed this far.
const MAX_FOLLOWS: usize = 64;

/// What nixpact follows by itself, and does not evaluate.
const NATIVE: &[&str] = &["flake-parts", "import-tree"];

/// `flake.lock`: nodes that name each other.
pub(super) struct Lock {
    nodes: Value,
    root: String,
}

/// An input that is pinned.
pub(super) struct Pinned<'l> {
    /// The names of the inputs that lead to it from the root, with dots.
    pub name: String,
    pub node: &'l str,
    /// Where it lies in the store.
    pub directory: PathBuf,
}

impl Lock {
    /// Reads the lock file of the repository.
    ///
    /// # Errors
    ///
    /// When it is not there, or none.
    pub fn read(sources: &Sources) -> Result<Lock, LoadError> {
        let failed = |problem: String, remedy| LoadError {
            path: sources.root().join(FILE),
            problem,
            remedy,
        };
        let text = sources.read_any(FILE).ok_or_else(|| {
            failed("cannot be read".to_owned(), "run nix flake lock, or name the directory")
        })?;
        Lock::parse(&text).map_err(|problem| failed(problem, "run nix flake lock"))
    }

    fn parse(text: &str) -> Result<Lock, String> {
        let mut lock: Value =
            serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
        let root = lock["root"].as_str().ok_or("it has no root")?.to_owned();
        Ok(Lock { nodes: lock["nodes"].take(), root })
    }

    /// The node that a path of input names leads to.
    pub fn node<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<&str> {
        names
            .into_iter()
            .try_fold(self.root.as_str(), |node, name| self.input(node, name, MAX_FOLLOWS))
    }

    /// The node of an input: by its name, or by the path of another input, from the root, that it follows.
    fn input(&self, node: &str, name: &str, depth: usize) -> Option<&str> {
        let depth = depth.checked_sub(1)?;
        match &self.nodes[node]["inputs"][name] {
            Value::String(node) => Some(node),
            Value::Array(path) => path
                .iter()
                .try_fold(self.root.as_str(), |node, name| self.input(node, name.as_str()?, depth)),
            _ => None,
        }
    }

    /// The names of a node's inputs, and the nodes that they are.
    fn inputs<'l>(&'l self, node: &'l str) -> impl Iterator<Item = (&'l str, &'l str)> {
        let inputs = self.nodes[node]["inputs"].as_object().into_iter().flatten();
        inputs.filter_map(move |(name, _)| {
            Some((name.as_str(), self.input(node, name, MAX_FOLLOWS)?))
        })
    }

    /// Where the tree of a node lies in the store; `None` for one that is a part of another.
    pub fn directory(&self, node: &str) -> Option<PathBuf> {
        let locked = &self.nodes[node]["locked"];
        store::path(locked["narHash"].as_str()?, locked["name"].as_str().unwrap_or("source"))
    }

    /// The directory of a node's `flake.nix`; `None` for what is no flake.
    pub fn flake(&self, node: &str) -> Option<&str> {
        let node = &self.nodes[node];
        match &node["flake"] {
            Value::Bool(false) => None,
            _ => Some(node["locked"]["dir"].as_str().unwrap_or_default()),
        }
    }

    /// All inputs, those of inputs among them, but nixpkgs, what nixpact knows without their sources, and what lies in the
    /// repository.
    pub fn pinned(&self) -> Vec<Pinned<'_>> {
        let mut found: BTreeMap<&str, String> = BTreeMap::new();
        let mut order = Vec::new();
        let mut queue = VecDeque::from([(self.root.as_str(), String::new(), true)]);
        while let Some((node, names, is_inside)) = queue.pop_front() {
            for (name, input) in self.inputs(node) {
                let dot = if names.is_empty() { "" } else { "." };
                let path = format!("{names}{dot}{name}");
                if input == self.root
                    || found.contains_key(input)
                    || self.is_nixpkgs(name, input)
                    || self.is_native(name, input)
                {
                    continue;
                }
                found.insert(input, path.clone());
                let is_inside = is_inside && self.is_relative(input);
                if let (false, Some(directory)) = (is_inside, self.directory(input)) {
                    order.push(Pinned { name: path.clone(), node: input, directory });
                }
                queue.push_back((input, path, is_inside));
            }
        }
        order
    }

    /// What the inputs of a node are, with the position of those that are at hand by their node.
    pub fn inputs_of(&self, node: &str, at_hand: &BTreeMap<&str, usize>) -> Vec<(String, InputOf)> {
        let of_root: BTreeMap<&str, &str> =
            self.inputs(&self.root).map(|(name, node)| (node, name)).collect();
        let of = |(name, input): (&str, &str)| {
            let of = match (of_root.get(input), at_hand.get(input)) {
                (Some(root), _) => InputOf::Repository((*root).to_owned()),
                (None, Some(at)) => InputOf::AtHand(*at),
                (None, None) if self.is_nixpkgs(name, input) => InputOf::Nixpkgs,
                (None, None) => InputOf::Away(self.provenance(input)),
            };
            (name.to_owned(), of)
        };
        self.inputs(node).map(of).collect()
    }

    fn provenance(&self, node: &str) -> Provenance {
        let systems = self.input(node, "systems", MAX_FOLLOWS).map(|systems| self.url(systems));
        let usual = ["github:nix-systems/default", "github:nix-systems/default-linux"];
        let is_usual = |url: Option<String>| url.is_some_and(|url| usual.contains(&&*url));
        let has_usual_systems = systems.is_none_or(is_usual);
        Provenance { url: self.url(node), has_usual_systems }
    }

    /// Whether a node is a directory of the flake that names it.
    fn is_relative(&self, node: &str) -> bool {
        let locked = &self.nodes[node]["locked"];
        locked["type"] == "path"
            && locked["path"].as_str().is_some_and(|path| !path.starts_with('/'))
    }

    /// Where a node comes from, if that is GitHub.
    fn url(&self, node: &str) -> Option<String> {
        let locked = &self.nodes[node]["locked"];
        let is_github = locked["type"] == "github" && locked["host"].is_null();
        let (owner, name) = (locked["owner"].as_str()?, locked["repo"].as_str()?);
        is_github.then(|| format!("github:{owner}/{name}"))
    }

    fn is_nixpkgs(&self, name: &str, node: &str) -> bool {
        name.starts_with("nixpkgs") || name == "unstable" || self.is_from(node, "nixpkgs")
    }

    /// Whether nixpact does by itself what an input does.
    fn is_native(&self, name: &str, node: &str) -> bool {
        NATIVE.iter().any(|native| name == *native || self.is_from(node, native))
    }

    fn is_from(&self, node: &str, repository: &str) -> bool {
        let original = &self.nodes[node]["original"];
        let last = |key: &str| {
            let name = original[key].as_str()?.trim_end_matches('/').rsplit('/').next()?;
            Some(name.trim_end_matches(".git").to_ascii_lowercase())
        };
        ["repo", "id", "url"].iter().any(|key| last(key).as_deref() == Some(repository))
    }
}

/// Whether nixpact follows an input of this name without its source.
pub(super) fn is_native(name: &str) -> bool {
    NATIVE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"{
      "nodes": {
        "root": { "inputs": { "home": "home_2", "nixpkgs": "n_2", "src": "src", "same": ["home"] } },
        "home_2": {
          "inputs": { "nixpkgs": ["nixpkgs"], "other": "other", "systems": ["home", "other", "systems"] },
          "locked": { "narHash": "sha256-UDE63d3mA0sesL/+a7qTpe+SK18BPvvZV4H3/MWNs/c=", "dir": "sub" }
        },
        "other": {
          "inputs": { "nixpkgs": "n_3", "systems": "systems", "parts": "parts", "utils": "utils" },
          "locked": { "narHash": "sha256-w+fTSHSNAEd1sGK9nwRU4GHhcp2owIvnQDLNxA6iyU8=" }
        },
        "parts": { "locked": { "narHash": "sha256-w+fTSHSNAEd1sGK9nwRU4GHhcp2owIvnQDLNxA6iyU8=" },
                   "original": { "owner": "hercules-ci", "repo": "flake-parts" } },
        "systems": { "inputs": {}, "locked": { "owner": "nix-systems", "repo": "default", "type": "github" } },
        "utils": { "inputs": { "systems": "systems" },
                   "locked": { "owner": "numtide", "repo": "flake-utils", "type": "github" } },
        "src": { "flake": false,
                 "locked": { "narHash": "sha256-Ruz/5Rp71dB0rWBho2D0rS8XEkx8CuM8YP3qEhaf0uc=", "name": "it" } },
        "n_2": { "locked": { "narHash": "sha256-w+fTSHSNAEd1sGK9nwRU4GHhcp2owIvnQDLNxA6iyU8=" } },
        "n_3": { "original": { "url": "https://github.com/NixOS/nixpkgs.git" } }
      },
      "root": "root", "version": 7 }"#;

    #[test]
    fn inputs_and_those_of_inputs_are_pinned() {
        let lock = Lock::parse(LOCK).unwrap();
        let pinned: Vec<_> =
            lock.pinned().into_iter().map(|pinned| (pinned.name, pinned.node.to_owned())).collect();
        let expected = [("home", "home_2"), ("src", "src"), ("home.other", "other")];
        assert_eq!(pinned, expected.map(|(name, node)| (name.to_owned(), node.to_owned())));
        assert_eq!(lock.flake("home_2"), Some("sub"));
        assert_eq!(lock.flake("src"), None);
        let path = PathBuf::from("/nix/store/jzx8cmzn0xzv6syalf858ax83mzrfxh4-source");
        assert_eq!(lock.directory("home_2"), Some(path));
        assert!(lock.directory("src").unwrap().to_string_lossy().ends_with("-it"));
    }

    #[test]
    fn what_lies_in_the_repository_is_not_pinned() {
        let lock = r#"{ "root": "root", "nodes": {
          "root": { "inputs": { "own": "own", "away": "away" } },
          "own": { "inputs": { "inner": "inner" }, "locked": { "type": "path", "path": "./own", "narHash": "HASH" } },
          "inner": { "inputs": { "a": "a" }, "locked": { "type": "path", "path": "./inner" } },
          "away": { "inputs": { "part": "part" }, "locked": { "type": "path", "path": "/srv", "narHash": "HASH" } },
          "part": { "locked": { "type": "path", "path": "./part", "narHash": "HASH" } },
          "a": { "locked": { "type": "github", "narHash": "HASH" } }
        } }"#;
        let hash = "sha256-w+fTSHSNAEd1sGK9nwRU4GHhcp2owIvnQDLNxA6iyU8=";
        let lock = Lock::parse(&lock.replace("HASH", hash)).unwrap();
        let names: Vec<_> = lock.pinned().into_iter().map(|pinned| pinned.name).collect();
        assert_eq!(names, ["away", "away.part", "own.inner.a"]);
    }

    #[test]
    fn an_input_may_follow_another() {
        let lock = Lock::parse(LOCK).unwrap();
        assert_eq!(lock.node(["same", "systems"]), Some("systems"));
        assert_eq!(lock.node(["home", "nixpkgs"]), Some("n_2"));
        assert_eq!(lock.node(["home", "none"]), None);
        let at_hand = BTreeMap::from([("other", 7)]);
        let inputs = format!("{:?}", lock.inputs_of("home_2", &at_hand));
        let of_home = concat!(
            r#"[("nixpkgs", Repository("nixpkgs")), ("other", AtHand(7)), ("systems", Away(Provenance "#,
            r#"{ url: Some("github:nix-systems/default"), has_usual_systems: true }))]"#,
        );
        assert_eq!(inputs, of_home);
        let inputs = format!("{:?}", lock.inputs_of("other", &at_hand));
        let of_other = concat!(
            r#"[("nixpkgs", Nixpkgs), ("parts", Away(Provenance { url: None, has_usual_systems: true })), "#,
            r#"("systems", Away(Provenance { url: Some("github:nix-systems/default"), "#,
            r#"has_usual_systems: true })), "#,
            r#"("utils", Away(Provenance { url: Some("github:numtide/flake-utils"), has_usual_systems: true }))]"#,
        );
        assert_eq!(inputs, of_other);
        let other = LOCK.replace(r#""repo": "default""#, r#""repo": "x86_64-linux""#);
        let other = Lock::parse(&other).unwrap().provenance("utils");
        assert!(!other.has_usual_systems);
        let linux = LOCK.replace(r#""repo": "default""#, r#""repo": "default-linux""#);
        assert!(Lock::parse(&linux).unwrap().provenance("utils").has_usual_systems);
        let endless =
            r#"{ "nodes": { "root": { "inputs": { "a": ["a"], "b": [3] } } }, "root": "root" }"#;
        let endless = Lock::parse(endless).unwrap();
        assert_eq!((endless.node(["a"]), endless.node(["b"])), (None, None));
        assert!(Lock::parse("{").is_err_and(|problem| problem.starts_with("no JSON")));
        assert!(Lock::parse("{}").is_err_and(|problem| problem == "it has no root"));
    }
}
