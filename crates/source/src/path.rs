/// Resolves `.`, `..` and repeated `/` in `path`, which is relative to a repository's root or
/// absolute, without touching the disk (Nix's `canonPath`).
///
/// Returns `None` when the path climbs above where it begins.
pub fn normalize(path: &str) -> Option<String> {
    let mut normal = String::with_capacity(path.len());
    if path.starts_with('/') {
        normal.push('/');
    }
    let root = normal.len();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if normal.len() == root => return None,
            ".." => normal.truncate(root + normal[root..].rfind('/').unwrap_or(0)),
            name => {
                if normal.len() > root {
                    normal.push('/');
                }
                normal.push_str(name);
            }
        }
    }
    Some(normal)
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
        assert_eq!(normalize("/a/b/.././c/").as_deref(), Some("/a/c"));
        assert_eq!(normalize("/a/b/../..").as_deref(), Some("/"));
        assert_eq!(normalize("/..").as_deref(), None);
        assert_eq!(normalize("").as_deref(), Some(""));
    }
}
