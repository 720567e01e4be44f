//! What git says of a repository: the files that changed, and the texts that are staged.
#![allow(clippy::disallowed_methods, reason = "git is asked only when the user asks for it")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::process::Command;

/// What is to be committed, with paths relative to the root.
pub struct Staged {
    pub changed: BTreeSet<String>,
    /// The texts in the index, of files that differ from it.
    pub texts: BTreeMap<String, String>,
    /// Files that are no part of the commit, and so are not there.
    pub untracked: BTreeSet<String>,
}

/// The files that differ from where the current branch left `base`, untracked ones included; paths are
/// relative to the root.
pub fn changed(root: &Path, base: &str) -> Result<BTreeSet<String>, Box<dyn Error>> {
    // Between two branches, what only the other one changed is not meant.
    let fork = git(root, &["merge-base", base, "HEAD"]);
    let base = fork.as_deref().map_or(base, str::trim);
    let mut changed = names(root, &["diff", "--name-only", "--relative", "-z", base, "--"])?;
    changed.extend(untracked(root)?);
    Ok(changed)
}

/// What the index holds.
pub fn staged(root: &Path) -> Result<Staged, Box<dyn Error>> {
    let changed = names(root, &["diff", "--cached", "--name-only", "--relative", "-z", "--"])?;
    let differing = names(root, &["diff", "--name-only", "--relative", "-z", "--"])?;
    let mut texts = BTreeMap::new();
    for path in differing.into_iter().filter(|path| path.ends_with(".nix")) {
        let text = git(root, &["show", &format!(":./{path}")])?;
        texts.insert(path, text);
    }
    Ok(Staged { changed, texts, untracked: untracked(root)? })
}

fn untracked(root: &Path) -> Result<BTreeSet<String>, Box<dyn Error>> {
    names(root, &["ls-files", "--others", "--exclude-standard", "-z"])
}

fn names(root: &Path, arguments: &[&str]) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let output = git(root, arguments)?;
    Ok(output.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(arguments);
    in_the_checkout_of_a_hook(&mut command)?;
    let output = command.output().map_err(|error| format!("git cannot be run: {error}"))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(format!("git {}: {}", arguments[0], message.trim()).into());
    }
    String::from_utf8(output.stdout)
        .map_err(|_| format!("git {}: the output is not UTF-8", arguments.join(" ")).into())
}

/// In a second working tree git gives its hooks `GIT_DIR`, and takes the current directory for the top of
/// the checkout; `-C` must not change that.
fn in_the_checkout_of_a_hook(command: &mut Command) -> std::io::Result<()> {
    if let Some(directory) = std::env::var_os("GIT_DIR") {
        let here = std::env::current_dir()?;
        let top = std::env::var_os("GIT_WORK_TREE").unwrap_or_default();
        command.env("GIT_DIR", here.join(directory)).env("GIT_WORK_TREE", here.join(top));
    }
    Ok(())
}
