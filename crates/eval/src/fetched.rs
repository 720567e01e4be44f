//! Sources that Nix fetches: what they are, as far as where they come from tells.

use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::nixpkgs::CHECKOUT;
use crate::thunk::Thunk;
use crate::unknown::{External, Reason};
use crate::value::{Piece, Value};

/// The functions of Nix that fetch a source by its address.
const FETCHERS: &[&str] = &[
    "builtins.fetchGit",
    "builtins.fetchMercurial",
    "builtins.fetchTarball",
    "builtins.fetchTree",
    "builtins.getFlake",
];

/// The arguments that give the hash of a whole tree.
const HASHES: &[&str] = &["narHash", "sha256"];

/// Where nixpkgs is, in small letters.
const NIXPKGS: &[&str] = &[
    "channels.nixos.org/",
    "github.com/nixos/nixpkgs",
    "github:nixos/nixpkgs",
    "nixos.org/channels/",
    "releases.nixos.org/nixos/",
    "releases.nixos.org/nixpkgs/",
];

impl<'a> Evaluator<'a> {
    /// What a call of a built-in function fetches from elsewhere: nixpkgs, or something else from outside. None
    /// for other functions, and where the address is not known or is a path, which may be the repository's.
    pub(crate) fn fetched(&self, function: &'a str, argument: &'a Thunk<'a>) -> Option<Reason<'a>> {
        let address = self.fetched_address(function, argument)?;
        Some(match is_of_nixpkgs(&address)? {
            true if self.fetches_checkout(argument) => {
                Reason::External(External::Nixpkgs, CHECKOUT)
            }
            true => Reason::External(External::Nixpkgs, "fetched nixpkgs"),
            false => Reason::External(External::Other, self.arena.alloc_str(&shown(&address))),
        })
    }

    /// The same, as it lies on this machine, where [that is read](crate::Outside::read_fetched).
    pub(crate) fn fetched_tree(
        &self,
        function: &'a str,
        argument: &'a Thunk<'a>,
    ) -> Option<Value<'a>> {
        let fetched = self.outside()?.fetched.as_ref()?;
        let address = self.fetched_address(function, argument)?;
        // Nothing but its `lib` and the options of NixOS is read of nixpkgs.
        if is_of_nixpkgs(&address)? {
            return None;
        }
        let hash = self.hash_of(argument)?;
        let Ok(Value::Attrs(attrs)) = self.force(argument) else { return None };
        let name = match attrs.get(Symbol::new("name")) {
            Some(name) => self.force_str(name.value).ok()?,
            None => "source",
        };
        let shown = shown(&address);
        let title = shown.rsplit('/').next().unwrap_or_default();
        let place = fetched.place(hash, name, title)?;
        let pieces = [Piece::Location(place)];
        let path = Value::Template(self.arena.alloc_slice_copy(&pieces));
        if function == "builtins.fetchTarball" {
            return Some(path);
        }
        // When and from where it was fetched is not known.
        let reason = Reason::External(External::Other, self.arena.alloc_str(&shown));
        let rest = self.unknown_ref(reason, None);
        Some(Value::Attrs(
            self.open_attrs(vec![self.attr("outPath", self.value(path))], Some(rest)),
        ))
    }

    /// Whether the checkout of nixpkgs is what an argument fetches.
    fn fetches_checkout(&self, argument: &'a Thunk<'a>) -> bool {
        let known = self.outside().filter(|outside| outside.has_nixpkgs());
        let known = known.and_then(|outside| outside.nixpkgs_hash.as_deref());
        known.is_some() && self.hash_of(argument) == known
    }

    /// The hash of a whole tree, as it is written in the argument of a function that fetches it.
    fn hash_of(&self, argument: &'a Thunk<'a>) -> Option<&'a str> {
        let Ok(Value::Attrs(attrs)) = self.force(argument) else { return None };
        HASHES.iter().find_map(|name| self.force_str(attrs.get(Symbol::new(name))?.value).ok())
    }

    fn fetched_address(&self, function: &'a str, argument: &'a Thunk<'a>) -> Option<String> {
        if !FETCHERS.contains(&function) {
            return None;
        }
        match self.force(argument).ok()? {
            Value::Str(address) => Some(address.to_owned()),
            Value::Attrs(attrs) => {
                let text = |name| self.force_str(attrs.get(Symbol::new(name))?.value).ok();
                match (text("url"), text("type"), text("owner"), text("repo")) {
                    (Some(address), ..) => Some(address.to_owned()),
                    (None, Some(forge), Some(owner), Some(repo)) => {
                        Some(format!("{forge}:{owner}/{repo}"))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// An address as the inputs of flakes have it, if it is one of GitHub, without its version.
fn shown(address: &str) -> String {
    let address = address.strip_prefix("git+").unwrap_or(address);
    let on_github =
        ["https://github.com/", "github:"].iter().find_map(|at| address.strip_prefix(at));
    let mut parts = on_github.unwrap_or_default().split(['/', '?']);
    match (parts.next(), parts.next()) {
        (Some(owner), Some(name)) if !name.is_empty() => {
            format!("github:{owner}/{}", name.strip_suffix(".git").unwrap_or(name))
        }
        _ => address.to_owned(),
    }
}

/// Whether nixpkgs is at an address; `None` where it is a path.
fn is_of_nixpkgs(address: &str) -> Option<bool> {
    let is_path = address.starts_with(['.', '/', '~']) || address.starts_with("path:");
    let is_file = address.starts_with("file:") || address.contains("+file:");
    if is_path || is_file {
        return None;
    }
    let address = address.to_ascii_lowercase();
    let is_at = |place: &&str| {
        // Another repository may be called after it.
        let behind = address.split_once(*place).map(|(_, behind)| behind);
        behind.is_some_and(|behind| place.ends_with('/') || !behind.starts_with('-'))
    };
    Some(address == "nixpkgs" || NIXPKGS.iter().any(is_at))
}

#[cfg(test)]
mod tests {
    use super::{is_of_nixpkgs, shown};

    #[test]
    fn nixpkgs_is_known_by_its_address() {
        for address in [
            "https://github.com/NixOS/nixpkgs/archive/nixos-25.05.tar.gz",
            "https://channels.nixos.org/nixos-25.05/nixexprs.tar.xz",
            "https://releases.nixos.org/nixos/25.05/nixos-25.05.1/nixexprs.tar.xz",
            "github:nixos/nixpkgs/nixos-unstable",
            "nixpkgs",
        ] {
            assert_eq!(is_of_nixpkgs(address), Some(true), "{address}");
        }
        for address in [
            "https://github.com/NixOS/nixos-hardware",
            "github:nix-community/disko",
            "https://releases.nixos.org/nix/nix-2.31.0/nix-2.31.0.tar.xz",
            "https://github.com/NixOS/nixpkgs-vet",
        ] {
            assert_eq!(is_of_nixpkgs(address), Some(false), "{address}");
        }
        for address in ["./.", "/etc/nixos", "path:.", "file:///srv/nixpkgs", "git+file:///srv"] {
            assert_eq!(is_of_nixpkgs(address), None, "{address}");
        }
    }

    #[test]
    fn a_repository_is_shown_without_its_version() {
        for (address, expected) in [
            (
                "https://github.com/nix-community/disko/archive/0a1b.tar.gz",
                "github:nix-community/disko",
            ),
            ("https://github.com/nix-community/disko.git", "github:nix-community/disko"),
            ("git+https://github.com/nix-community/disko?ref=main", "github:nix-community/disko"),
            ("github:nix-community/disko/v1.0", "github:nix-community/disko"),
            (
                "https://git.lix.systems/lix-project/nixos-module",
                "https://git.lix.systems/lix-project/nixos-module",
            ),
            ("https://github.com/", "https://github.com/"),
            ("gitlab:simple/mailserver", "gitlab:simple/mailserver"),
        ] {
            assert_eq!(shown(address), expected);
        }
    }
}
