//! Which files of a directory are those of the repository, and which cannot be read.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]

mod support;

use pretty_assertions::assert_eq;

use support::{nixpact, repository, shown, write};

#[cfg(unix)]
#[test]
fn a_loop_of_directories_is_not_followed() {
    let directory = repository(&[("modules/server/options.nix", "{ }")]);
    std::os::unix::fs::symlink("..", directory.path().join("modules/loop")).unwrap();
    std::os::unix::fs::symlink("self", directory.path().join("modules/self")).unwrap();
    let root = shown(directory.path());
    assert_eq!(nixpact(&["check", root]).status, 0);
    let eval = |expression| nixpact(&["eval", "--root", root, "--expr", expression]).out;
    let listed = "{ loop = \"symlink\"; self = \"symlink\"; server = \"directory\"; }\n";
    assert_eq!(eval("builtins.readDir ./modules"), listed);
    // What stands behind them is.
    for unknown in
        ["builtins.readDir ./modules/loop", "builtins.pathExists ./modules/loop/modules/x"]
    {
        assert!(eval(unknown).starts_with("«unknown: "), "{unknown}: {}", eval(unknown));
    }
}

#[test]
fn a_file_that_is_not_utf_8() {
    let directory = repository(&[("a.nix", "{ }")]);
    write(&directory.path().join("modules/b.nix"), b"{ x = \"\xff\"; }");
    let run = nixpact(&["check", shown(directory.path())]);
    let message = run.failure();
    assert!(message.contains("modules/b.nix: not UTF-8: the byte at offset 7"), "{message}");
    // The message's remedy works.
    write(&directory.path().join("nixpact.toml"), "[files]\nexclude = [\"modules/b.nix\"]\n");
    assert_eq!(nixpact(&["check", shown(directory.path())]).status, 0);
}

#[test]
fn a_file_that_git_crypt_has_locked_is_unknown() {
    let directory = repository(&[
        ("flake.nix", "{ outputs = _: { }; }"),
        ("read.nix", "builtins.readFile ./key.txt"),
    ]);
    for locked in ["secrets/default.nix", "key.txt"] {
        write(&directory.path().join(locked), b"\0GITCRYPT\0\x8a\xff\x01");
    }
    write(&directory.path().join("transcrypt.nix"), b"U2FsdGVkX18fAAECAwQFBg==\n");
    let sops = b"{\n\t\"data\": \"ENC[AES256_GCM,data:6d6Q,type:str]\",\n\t\"sops\": { }\n}\n";
    write(&directory.path().join("sops.nix"), sops);
    let root = shown(directory.path());
    let run = nixpact(&["check", root]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    let cases = [
        ("import ./secrets", "secrets/default.nix"),
        ("import ./transcrypt.nix", "transcrypt.nix"),
        ("builtins.readFile ./transcrypt.nix", "transcrypt.nix"),
        ("import ./sops.nix", "sops.nix"),
        ("import ./read.nix", "key.txt"),
        ("builtins.hashFile \"sha256\" ./key.txt", "key.txt"),
    ];
    for (expression, path) in cases {
        let run = nixpact(&["eval", "--root", root, "--expr", expression]);
        assert_eq!(
            run.out,
            format!("«unknown: {path} is encrypted»\n"),
            "{expression} {}",
            run.err
        );
    }
    let exists =
        "[ (builtins.pathExists ./secrets) (builtins.attrNames (builtins.readDir ./secrets)) ]";
    let run = nixpact(&["eval", "--root", root, "--expr", exists]);
    assert_eq!(run.out, "[ true [ \"default.nix\" ] ]\n");
}

#[test]
fn a_submodule_that_is_not_checked_out_is_unknown() {
    let host = "{ nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./a.nix ]; }; }";
    let directory = repository(&[
        ("flake.nix", &format!("{{ outputs = {{ nixpkgs, ... }}: {host}; }}")),
        ("a.nix", "{ imports = [ ./private/host.nix ./sub/module.nix ]; }"),
        (
            ".gitmodules",
            "[submodule \"private\"]\n\tpath = private\n[submodule \"sub\"]\n\tpath = sub\n\
             [submodule \"gone\"]\n\tpath = \"vendor/gone\"\n\
             [submodule \"hidden\"]\n\tpath = .cursor\n",
        ),
        ("sub/module.nix", "{ imports = [ ./absent.nix ]; }"),
        ("vendor/x.nix", "./.cursor/rules.nix"),
    ]);
    std::fs::create_dir(directory.path().join("private")).unwrap();
    let root = shown(directory.path());
    for (expression, path) in [
        ("import ./private", "private"),
        ("import ./private/host.nix", "private/host.nix"),
        ("builtins.pathExists ./private/host.nix", "private/host.nix"),
        ("builtins.pathExists ./vendor/gone/x", "vendor/gone/x"),
        ("builtins.readDir ./private", "private"),
        ("builtins.readDir ./.cursor", ".cursor"),
        ("builtins.readFile ./private/key", "private/key"),
    ] {
        let run = nixpact(&["eval", "--root", root, "--expr", expression]);
        let unknown =
            format!("«unknown: {path} is in a submodule of git that is not checked out»\n");
        assert_eq!(run.out, unknown, "{expression} {}", run.err);
    }
    let known = "[ (builtins.pathExists ./private) (builtins.pathExists ./private/.) \
                 (builtins.readDir ./vendor) (builtins.pathExists ./sub/absent.nix) ]";
    let run = nixpact(&["eval", "--root", root, "--expr", known]);
    let expected = "[ true true { gone = \"directory\"; \"x.nix\" = \"regular\"; } false ]\n";
    assert_eq!(run.out, expected, "{}", run.err);
    // What is missing from a submodule that is there is missing.
    let run = nixpact(&["check", root]);
    assert_eq!(run.status, 1, "{}", run.out);
    assert!(run.out.contains("'sub/absent.nix' is imported"), "{}", run.out);
    assert!(!run.out.contains("private"), "{}", run.out);
}

#[test]
fn a_hidden_directory_is_searched_where_a_file_names_it() {
    let directory = repository(&[
        ("a.nix", "import ./.config/b.nix + import ../up/.other/c.nix"),
        (".config/b.nix", "import ./.deeper/d.nix"),
        (".config/.deeper/d.nix", "1"),
        (".config-old/x.nix", "{"),
        (".github/x.nix", "{"),
        (".direnv/x.nix", "{"),
        ("b.nix", "{ home = \"~/.configuration\"; path = ./.direnv/x.nix; }"),
    ]);
    let root = shown(directory.path());
    let run = nixpact(&["check", "--format", "short", root]);
    assert!(run.out.contains("note in 4 files"), "{}", run.out);
    let run = nixpact(&["eval", "--root", root, "--expr", "import ./.config/b.nix"]);
    assert_eq!(run.out, "1\n");
}

#[test]
fn nothing_exists_below_a_file() {
    let directory = repository(&[("a.nix", "{ }"), ("d/e.txt", "")]);
    let exists =
        "map builtins.pathExists [ ./a.nix/b ./d/e.txt/f/g \"${toString ./a.nix}/b\" ./a.nix ]";
    let run = nixpact(&["eval", "--root", shown(directory.path()), "--expr", exists]);
    assert_eq!(run.out, "[ false false false true ]\n");
}

#[test]
fn file_sets_hold_the_files_that_nixpkgs_finds() {
    let names = ["a", "a.nix", "_b.nix", "c.txt", "sub/d.nix", "sub/e.md"];
    let files: Vec<(String, &str)> = names.iter().map(|name| (format!("d/{name}"), "")).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let directory = repository(&files);
    let eval = |set: &str| {
        let expression = format!(
            "let lib = import <nixpkgs/lib>;
            in with lib.fileset; let nix = fileFilter (file: file.hasExt \"nix\") ./d; in
            lib.concatMapStringsSep \" \" (file: lib.removePrefix (toString ./d + \"/\") (toString file))
              (toList ({set}))"
        );
        let run = nixpact(&["eval", "--root", shown(directory.path()), "--expr", &expression]);
        if run.err.is_empty() { run.out.trim_end().trim_matches('"').to_owned() } else { run.err }
    };
    for (set, expected) in [
        ("./d", "_b.nix a a.nix c.txt sub/d.nix sub/e.md"),
        ("nix", "_b.nix a.nix sub/d.nix"),
        (
            "fileFilter (f: f.hasExt \"nix\" && !(lib.hasPrefix \"_\" f.name)) ./d",
            "a.nix sub/d.nix",
        ),
        ("difference ./d nix", "a c.txt sub/e.md"),
        ("union ./d/sub nix", "_b.nix a.nix sub/d.nix sub/e.md"),
        ("unions [ ./d/c.txt ./d/sub (maybeMissing ./nope) ]", "c.txt sub/d.nix sub/e.md"),
        ("intersection ./d/sub nix", "sub/d.nix"),
        ("./d/a.nix", "a.nix"),
        ("fileFilter (f: f.type == \"regular\") ./d/a.nix", "a.nix"),
        ("fileFilter ({ name, ... }: name == \"d.nix\") ./d", "sub/d.nix"),
        ("fileFilter (f: f.hasExt \"\") ./d", ""),
        ("union empty nix", "_b.nix a.nix sub/d.nix"),
        ("unions [ ]", ""),
    ] {
        assert_eq!(eval(set), expected, "{set}");
    }
    for set in [
        "./nope",
        "union ./nope ./d",
        "\"d\"",
        "fileFilter 1 ./d",
        "fileFilter (f: true) nix",
        "fileFilter (f: 1) ./d",
        "fileFilter ({ name }: true) ./d",
    ] {
        assert!(eval(set).starts_with("error: "), "{set}: {}", eval(set));
    }
    // What git knows is not looked at.
    assert!(eval("gitTracked ./d").contains("unknown: lib.fileset.gitTracked"));
}

#[test]
fn hidden_directories_are_listed_when_they_are_asked_for() {
    let directory = repository(&[
        ("flake.nix", "{ outputs = _: { }; }"),
        (".git/config", ""),
        ("a/.ssh/keys", "key"),
        ("a/.ssh/more/b.nix", "1"),
        ("a/c.nix", "2"),
        ("a/.direnv/d", ""),
    ]);
    let root = shown(directory.path());
    let eval = |expression: &str| {
        let expression = format!("let lib = import <nixpkgs/lib>; in {expression}");
        nixpact(&["eval", "--root", root, "--expr", &expression]).out
    };
    let names = "builtins.attrNames (builtins.readDir ./.)";
    assert_eq!(eval(names), "[ \"a\" \"flake.nix\" ]\n");
    assert_eq!(
        eval("builtins.readDir ./a/.ssh"),
        "{ keys = \"regular\"; more = \"directory\"; }\n"
    );
    let below = "map toString (lib.filesystem.listFilesRecursive ./a/.ssh)";
    let below = format!("map (lib.removePrefix (toString ./a)) ({below})");
    assert_eq!(eval(&below), "[ \"/.ssh/keys\" \"/.ssh/more/b.nix\" ]\n");
    // What tools keep there is none of the repository's.
    let unknown = "«unknown: a/.direnv is no file of the repository»";
    assert_eq!(eval("builtins.readDir ./a/.direnv"), format!("{unknown}\n"));
    let below = eval("lib.filesystem.listFilesRecursive ./a");
    assert!(below.contains("/.ssh/keys") && below.contains(unknown), "{below}");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let directory = repository(&[("secret.nix", "{ }")]);
    let path = directory.path().join("secret.nix");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        return; // root may read everything
    }
    let run = nixpact(&["check", shown(directory.path())]);
    assert!(run.failure().contains("secret.nix: permission denied"), "{}", run.err);
}
