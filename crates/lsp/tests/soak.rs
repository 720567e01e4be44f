//! After any edits the findings are those of a fresh check. `cargo bench --bench lsp -- soak 10000` goes
//! on for longer.

mod support;

use support::Editor;
use support::soak::soak;

#[test]
fn random_edits_leave_what_a_fresh_check_finds() {
    let paths = [
        "modules/server/media/immich/default.nix",
        "modules/server/media/jellyfin/default.nix",
        "modules/server/options.nix",
        "hosts/Server/settings.nix",
    ];
    let mut editor = Editor::of("homelab");
    let report = soak(&mut editor, &paths, 48, 4);
    assert!(report.compared == 12 && (1..12).contains(&report.broken), "{report:?}");
    editor.end().unwrap();
}
