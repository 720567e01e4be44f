/// Resolves `.`, `..` and repeated `/` in `path`, which is relative to a repository's root or
/// absolute, without touching the disk (Nix's `canonPath`).
///
/// Returns `None` when the path climbs above where it begins.
pub fn normalize(path: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    let joined = segments.join("/");
    Some(if path.starts_with('/') { format!("/{joined}") } else { joined })
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn dots_are_resolved_and_the_root_is_not_left() {
        assert_eq!(normalize("a/./b//../c").as_deref(), Some("a/c"));
        assert_eq!(normalize("./a/..").as_deref(), Some(""));
        assert_eq!(normalize("a/../..").as_deref(), None);
        assert_eq!(normalize("/a/../b").as_deref(), Some("/b"));
    }
}
