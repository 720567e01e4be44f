//! Sources that Nix fetches: what they are, as far as where they come from tells.

use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{External, Reason};
use crate::value::Value;

/// The functions of Nix that fetch a source by its address.
const FETCHERS: &[&str] = &[
    "builtins.fetchGit",
    "builtins.fetchMercurial",
    "builtins.fetchTarball",
    "builtins.fetchTree",
    "builtins.getFlake",
];

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
        if !FETCHERS.contains(&function) {
            return None;
        }
        let is_nixpkgs = match self.force(argument).ok()? {
            Value::Str(address) => is_of_nixpkgs(address)?,
            Value::Attrs(attrs) => {
                let text = |name| self.force_str(attrs.get(Symbol::new(name))?.value).ok();
                match (text("url"), text("owner"), text("repo")) {
                    (Some(address), _, _) => is_of_nixpkgs(address)?,
                    (None, Some(owner), Some(repo)) => {
                        owner.eq_ignore_ascii_case("nixos") && repo.eq_ignore_ascii_case("nixpkgs")
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(match is_nixpkgs {
            true => Reason::External(External::Nixpkgs, "fetched nixpkgs"),
            false => Reason::External(External::Other, function),
        })
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
    use super::is_of_nixpkgs;

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
}
