//! The comments by which a file is divided into sections.

/// The comments that stand on lines of their own, in lower case and without ornaments, in the order of
/// the file. What only looks like one, in a string of several lines, is among them.
pub(crate) fn headings(text: &str) -> Vec<String> {
    let comments = text.lines().map(str::trim).filter_map(|line| {
        let is_comment = ["#", "/*", "*"].iter().any(|start| line.starts_with(start));
        is_comment.then(|| plain(line).to_lowercase())
    });
    comments.filter(|heading| !heading.is_empty()).collect()
}

/// Whether a heading is that of a section: its name, or a line that begins with it, perhaps after a number
/// or the word "section".
pub fn is_heading(heading: &str, section: &str) -> bool {
    let begins = |text: &str| {
        text.strip_prefix(section)
            .is_some_and(|rest| !rest.starts_with(|char: char| char.is_alphanumeric()))
    };
    let rest = heading.strip_prefix("section").map_or(heading, str::trim_start);
    let numbered = rest.trim_start_matches(|char: char| char.is_ascii_digit());
    let unnumbered = numbered.trim_start_matches(|char: char| !char.is_alphanumeric());
    begins(heading) || begins(unnumbered)
}

fn plain(line: &str) -> &str {
    line.trim_matches(|char: char| !char.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ornaments_do_not_count() {
        let text = "# --- Contract ---\n  #### 2. Implementation ####\n/* === Secrets === */\n#\na = 1; # b\n";
        assert_eq!(headings(text), ["contract", "2. implementation", "secrets"]);
    }

    #[test]
    fn a_heading_begins_with_the_name_of_its_section() {
        for heading in ["contract", "1. contract", "section 1: contract", "contract declaration"] {
            assert!(is_heading(heading, "contract"), "{heading}");
        }
        for heading in ["the contract", "contracts", "contractual", "section", ""] {
            assert!(!is_heading(heading, "contract"), "{heading}");
        }
    }
}
