//! The book has a page for every lint, and its links lead somewhere.

use std::path::{Path, PathBuf};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src")
}

/// A page as the book shows it.
fn read(page: &Path) -> String {
    let text = std::fs::read_to_string(page).unwrap_or_default();
    let included = text.strip_prefix("{{#include ").and_then(|rest| rest.split_once("}}"));
    match included {
        Some((path, _)) => read(&page.parent().unwrap().join(path)),
        None => text,
    }
}

#[test]
fn every_lint_has_its_page_in_the_book() {
    let summary = read(&docs().join("SUMMARY.md"));
    for lint in nixpact_lints::CATALOGUE {
        let name = lint.name;
        let page = format!("lints/{name}.md");
        let text = std::fs::read_to_string(docs().join(&page)).unwrap_or_default();
        let included = format!("{{{{#include ../../../{}}}}}", lint.page_file());
        assert_eq!(text.trim_end(), included, "{page}");
        assert!(summary.contains(&format!("[{name}]({page})")), "SUMMARY.md does not have {name}");
    }
}

#[test]
fn links_lead_to_pages() {
    let mut links = 0;
    let pages = walkdir::WalkDir::new(docs()).into_iter().map(|entry| entry.unwrap().into_path());
    for page in pages.filter(|path| path.extension().is_some_and(|it| it == "md")) {
        let text = read(&page);
        // What stands in blocks of code is no link.
        let prose = text.split("```").step_by(2);
        for link in prose.flat_map(|prose| prose.split("](").skip(1)) {
            let target = link.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains(':') || target.contains(' ') {
                continue;
            }
            links += 1;
            let file = page.parent().unwrap().join(target);
            assert!(file.is_file(), "{} links to {target}", page.display());
        }
    }
    assert!(links > 200, "{links}");
}
