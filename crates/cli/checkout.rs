//! The git checkout that a repository is in.

use std::path::Path;

/// The directory of `root`, which is absolute, in its checkout: empty where it is the checkout itself or in
/// none, else with `/` at its end. Code hosts know files by their place in the checkout.
pub fn prefix(root: &Path) -> String {
    // A directory, or a file in worktrees and submodules.
    let checkout = root.ancestors().find(|directory| directory.join(".git").exists());
    let inside = checkout.and_then(|checkout| root.strip_prefix(checkout).ok());
    let mut prefix = String::new();
    for name in inside.into_iter().flatten() {
        match name.to_str() {
            Some(name) => prefix.extend([name, "/"]),
            None => return String::new(),
        }
    }
    prefix
}
