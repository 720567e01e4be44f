//! `nixpact commit-msg`, as git's hook calls it.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]

mod support;

use pretty_assertions::assert_eq;

use support::{Run, nixpact, repository, shown};

const RIGHT: &str = "\
refactor(server/jellyfin): migrate to service contract

- Define service contract in modules/server/media/jellyfin/default.nix
- Implement collector aggregation (persistence, backup, traefik)
- Add VM test in tests/jellyfin/default.nix
- Remove old pattern configuration

Checklist:
- [x] Service contract defined with all required fields
- [x] VM test passes
- [ ] Database provisioning configured (if needed)

Co-authored-by: Somebody <somebody@example.org>
";

fn check(message: &str) -> Run {
    check_with(message, &[])
}

fn check_with(message: &str, arguments: &[&str]) -> Run {
    let directory = repository(&[("COMMIT_EDITMSG", message)]);
    let file = directory.path().join("COMMIT_EDITMSG");
    let mut run = nixpact(&[&["commit-msg", shown(&file)], arguments].concat());
    assert_eq!(run.err, "");
    run.out = run.out.replace(shown(&file), "MSG");
    run
}

#[track_caller]
fn passes(message: &str) {
    let run = check(message);
    assert_eq!((run.status, run.out.as_str()), (0, ""), "{message}");
}

/// The lines that it prints of a message with a right body.
#[track_caller]
fn subject(subject: &str) -> String {
    let (_, body) = RIGHT.split_once('\n').unwrap();
    let run = check(&format!("{subject}\n{body}"));
    assert_eq!(run.status, 1, "{subject}");
    run.out
}

#[test]
fn the_convention_is_accepted() {
    passes(RIGHT);
    passes(&RIGHT.replace("- [x]", "* [X]").replace('\n', "\r\n"));
    passes(&RIGHT.replace("):", ")!:"));
    let checklist_alone = "refactor(server/uptime-kuma): migrate to service contract\n\n\
        1. [x] Contract definition\n2. [x] Collector integration\n3. [x] VM test\n\
        4. [x] Old pattern removal";
    passes(checklist_alone);
}

#[test]
fn commits_that_migrate_no_service_are_free() {
    for message in [
        "",
        "\n\n# nothing yet\n",
        "update the flake\nwithout an empty line",
        "feat(server/jellyfin): transcode on the GPU",
        "refactor(server/immich): migrate to postgresql 17",
        "refactor(server/immich): migrate the database to the new host",
        "docs(server): migrate guide to service contract",
        "feat: migrate to the contract of the mail provider",
        "fix(collector): read the contract twice",
        "Describe how to migrate to the service contract",
        "http://example.org: moved",
    ] {
        passes(message);
    }
}

#[test]
fn what_git_writes_itself_is_free() {
    let (subject, _) = RIGHT.split_once('\n').unwrap();
    for message in [
        "Merge branch 'migrate-to-contract' into main".to_owned(),
        format!("Revert \"{subject}\"\n\nThis reverts commit 1234567.\n"),
        format!("Reapply \"{subject}\""),
        format!("fixup! {subject}"),
        format!("squash! {subject}\n\nmore"),
        format!("amend! {subject}\n\n{subject}"),
    ] {
        passes(&message);
    }
}

#[test]
fn comments_and_the_change_below_the_scissors_are_not_read() {
    passes(&format!("# Please enter the commit message\n{RIGHT}# - [ ] not this\n"));
    let scissors = "# ------------------------ >8 ------------------------";
    passes(&format!("{RIGHT}{scissors}\n# Do not modify\ndiff --git a b\n- [ ] removed line\n"));
    passes(&format!("update\n{scissors}\n+refactor(server/a): migrate to service contract\n"));
    let commented = RIGHT.replace("- Add VM test", "# Add VM test").replace("- [x] VM", "# [x] VM");
    let run = check(&commented);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("does not list 'VM test'"), "{}", run.out);
}

#[test]
fn a_subject_in_another_form_is_shown_in_the_right_one() {
    let right = "  Fix: refactor(server/jellyfin): migrate to service contract\n";
    for wrong in [
        "feat(server/jellyfin): migrate to service contract",
        "refactor(server): migrate jellyfin to new pattern",
        "refactor(jellyfin): migrate to the service contract",
        "refactor: migrate jellyfin to contract",
        "migrate jellyfin to service contract",
        "Migrated the jellyfin service to the new service contract.",
        "refactor(server/jellyfin): migrate to service contract.",
        "refactor(server/jellyfin): Migrate to service contract",
        "refactor(server/jellyfin): migrate jellyfin to new pattern",
        "refactor(server/media/jellyfin): migrate to service contract",
        "refactor(server/jellyfin, immich): migrate to service contract",
    ] {
        let out = subject(wrong);
        assert!(out.starts_with("MSG:1: error: "), "{wrong}: {out}");
        assert!(out.ends_with(right) && out.lines().count() == 2, "{wrong}: {out}");
    }
    assert_eq!(
        subject("feat(server/jellyfin): migrate to service contract"),
        format!("MSG:1: error: A migration is of type 'refactor', not 'feat'\n{right}")
    );
    assert_eq!(
        subject("refactor(server/): migrate to service contract"),
        "MSG:1: error: The subject names no service\n  \
         Fix: refactor(server/SERVICE): migrate to service contract\n"
    );
}

#[test]
fn every_step_is_listed_and_ticked() {
    let run = check("refactor(server/dns): migrate to service contract\n");
    assert_eq!(
        (run.status, run.out.as_str()),
        (
            1,
            "MSG:1: error: The body does not list 'Contract definition', 'Collector integration', \
             'VM test', 'Old pattern removal'\n  \
             Fix: - [x] Contract definition\n  Fix: - [x] Collector integration\n  \
             Fix: - [x] VM test\n  Fix: - [x] Old pattern removal\n"
        )
    );
    let by_hand = RIGHT
        .replace("Add VM test in tests/jellyfin/default.nix", "Tested on actual server")
        .replace("VM test passes", "Tested");
    assert!(check(&by_hand).out.contains("does not list 'VM test'"));
    let (without, _) = RIGHT.split_once("\nChecklist").unwrap();
    let run = check(without);
    assert!(run.out.starts_with("MSG:6: error: The body has no checklist"), "{}", run.out);
    let run = check(&RIGHT.replace("- [x] VM test", "- [ ] VM test"));
    assert_eq!(
        (run.status, run.out.as_str()),
        (
            1,
            "MSG:10: error: 'VM test passes' is not ticked as completed\n  \
             Fix: - [x] VM test passes\n"
        )
    );
    let run = check(&RIGHT.replacen("\n\n", "\n", 1));
    assert!(run.out.starts_with("MSG:2: error: The line below the subject"), "{}", run.out);
}

#[test]
fn another_repository_has_its_own_scope() {
    let message = RIGHT.replace("server/jellyfin", "services/jellyfin");
    let own = ["--scope", "services"];
    let run = check_with(&message, &own);
    assert_eq!((run.status, run.out.as_str()), (0, ""));
    assert_eq!(check(&message).status, 1);
    assert!(check_with(RIGHT, &own).out.contains("Fix: refactor(services/jellyfin): migrate"));
}

#[test]
fn what_a_message_holds_does_not_reach_the_terminal_as_a_command() {
    let out = check(&RIGHT.replace("[x] VM", "[ ] \u{1b}[31mVM")).out;
    assert!(out.contains("VM test passes") && !out.contains('\u{1b}'), "{out}");
}

#[test]
fn a_file_that_cannot_be_read_is_no_finding() {
    let run = nixpact(&["commit-msg", "no/such/file"]);
    assert!(run.failure().starts_with("nixpact: no/such/file: "), "{}", run.err);
    assert_eq!(nixpact(&["commit-msg"]).status, 2);
}

#[test]
fn bytes_that_are_no_utf8_are_read_all_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("MSG");
    std::fs::write(&file, [RIGHT.as_bytes(), b"- caf\xe9\n"].concat()).unwrap();
    assert_eq!(nixpact(&["commit-msg", shown(&file)]).status, 0);
}
