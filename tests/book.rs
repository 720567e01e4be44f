//! The book has a page for every lint.

use std::path::Path;

#[test]
fn every_lint_has_its_page_in_the_book() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src");
    let read = |path: &str| std::fs::read_to_string(docs.join(path)).unwrap_or_default();
    let summary = read("SUMMARY.md");
    for lint in nixpact_lints::CATALOGUE {
        let name = lint.name;
        let page = format!("lints/{name}.md");
        let included = format!("{{{{#include ../../../{}}}}}", lint.page_file());
        assert_eq!(read(&page).trim_end(), included, "{page}");
        assert!(summary.contains(&format!("[{name}]({page})")), "SUMMARY.md does not have {name}");
    }
}
