//! Why a file that is not in the repository may be there when Nix looks for it.

use globset::GlobBuilder;
use nixpact_source::Sources;

/// What may make a missing file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Absence {
    /// Nothing that is known: Nix sees the repository as it is.
    Plain,
    /// Git is told not to keep it.
    Ignored,
    /// There is no flake, so that Nix reads whatever lies on the machine.
    Machine,
}

/// What is made on the machine when it is installed.
pub(crate) const MADE: &str = "hardware-configuration.nix";

/// What may make a missing file at `path`, relative to the root; `None` where it is usual that a
/// checkout lacks it.
pub(crate) fn absence(sources: &Sources, path: &str) -> Option<Absence> {
    let is_flake = sources.id("flake.nix").is_some();
    if sources.is_in_missing_submodule(path) {
        return None;
    }
    match (is_ignored(sources, path), is_flake) {
        (true, true) => Some(Absence::Ignored),
        (false, true) => Some(Absence::Plain),
        (true, false) => None,
        (false, false) if path.ends_with(MADE) => None,
        (false, false) => Some(Absence::Machine),
    }
}

/// Whether a `.gitignore` on the way to a file has a pattern for it, or for a directory that holds it.
/// Exceptions (`!`) are passed over: it is only asked what may be so.
fn is_ignored(sources: &Sources, path: &str) -> bool {
    let parents = path.match_indices('/').map(|(at, _)| &path[..at + 1]);
    std::iter::once("").chain(parents).any(|directory| {
        let Some(rules) = sources.read_any(&format!("{directory}.gitignore")) else { return false };
        let below = &path[directory.len()..];
        rules.lines().any(|rule| ignores(rule.trim(), below))
    })
}

fn ignores(rule: &str, path: &str) -> bool {
    if rule.is_empty() || rule.starts_with(['#', '!']) {
        return false;
    }
    let rule = rule.trim_end_matches('/');
    let anchored = rule.contains('/');
    let rule = rule.trim_start_matches('/');
    let rule = rule.strip_prefix("**/").map_or((rule, anchored), |rest| (rest, false));
    let (rule, anchored) = rule;
    let Ok(glob) = GlobBuilder::new(rule).literal_separator(true).build() else { return false };
    let glob = glob.compile_matcher();
    // A directory that is ignored hides all that is in it.
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.into_iter().any(|end| {
        let whole = &path[..end];
        let begins = whole.match_indices('/').map(|(at, _)| at + 1);
        let is_match = |from: usize| glob.is_match(&whole[from..]);
        is_match(0) || (!anchored && begins.into_iter().any(is_match))
    })
}

#[cfg(test)]
mod tests {
    use super::ignores;

    #[test]
    fn rules_are_those_of_git() {
        for (rule, path) in [
            ("secrets", "a/secrets/b.nix"),
            ("secrets/", "secrets/b.nix"),
            ("/local.nix", "local.nix"),
            ("*.local.nix", "hosts/a.local.nix"),
            ("hosts/*/hardware.nix", "hosts/a/hardware.nix"),
            ("**/generated", "x/generated/y.nix"),
            ("hosts/**/x.nix", "hosts/a/b/x.nix"),
            ("x?.nix", "x1.nix"),
            ("x[0-9].nix", "x1.nix"),
        ] {
            assert!(ignores(rule, path), "{rule} {path}");
        }
        for (rule, path) in [
            ("/local.nix", "a/local.nix"),
            ("a/local.nix", "b/a/local.nix"),
            ("*.local.nix", "local.nix"),
            ("hosts/*.nix", "hosts/a/b.nix"),
            ("#secrets", "#secrets"),
            ("!secrets", "secrets"),
            ("", "a"),
        ] {
            assert!(!ignores(rule, path), "{rule} {path}");
        }
    }
}
