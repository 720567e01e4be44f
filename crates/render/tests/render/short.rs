use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_render::Format;
use snapbox::{assert_data_eq, str};

use crate::{COLORED, PLAIN, no_contract, port_conflict, rendered, sources, span, two_services};

#[test]
fn one_line_each() {
    let sources = two_services();
    let diagnostics = [port_conflict(&sources), no_contract()];
    assert_data_eq!(
        rendered(Format::Short, COLORED, &sources, &diagnostics),
        str![[r#"
modules/server/arrs/sonarr/default.nix:4:12: error[duplicate-port]: Port 8080 conflict between 'jellyfin' and 'sonarr'
note[no-contract]: No option declares a service contract

"#]]
    );
}

#[test]
fn columns_count_characters() {
    let sources = sources(&[("a.nix", "{\r\n  \"🎬e\u{301}界\" = 80;\r\n}")]);
    let diagnostic = Diagnostic::new("a-lint", Severity::Warning, "two\nlines\u{1b}[0m")
        .primary(span(&sources, "a.nix", "80"), "here");
    assert_data_eq!(
        rendered(Format::Short, PLAIN, &sources, &[diagnostic]),
        str![[r#"
a.nix:2:12: warning[a-lint]: two lines?[0m

"#]]
    );
}
