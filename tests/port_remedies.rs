//! The value that is offered for a setting is one that the setting takes.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and makes files for it")]

mod support;

use support::{nixpact, repository, shown};

/// The remedies for a host with these services, one of which is on the port of another.
fn remedies(services: &str) -> Vec<String> {
    let directory = repository(&[
        (
            "flake.nix",
            "{ outputs = { nixpkgs, ... }: { nixosConfigurations.a = nixpkgs.lib.nixosSystem { \
             modules = [ ./a.nix ]; }; }; }",
        ),
        ("a.nix", &format!("{{ services = {{ {services} }}; }}")),
    ]);
    let run = nixpact(&["check", shown(directory.path())]);
    let fixes = run.out.lines().filter_map(|line| line.trim().strip_prefix("= Fix: "));
    fixes.map(str::to_owned).collect()
}

#[test]
fn a_remedy_is_of_the_type_of_its_setting() {
    let grafana = |port: u16| {
        format!(
            "grafana = {{ enable = true; settings.server = {{ http_port = {port}; http_addr = \"\"; }}; }};"
        )
    };
    for (port, service, remedy) in [
        (
            8096,
            "audiobookshelf = { enable = true; port = 8096; };",
            "grafana.settings.server.http_port = 8097;",
        ),
        (3001, "uptime-kuma.enable = true;", "uptime-kuma.settings.UPTIME_KUMA_PORT = \"3002\";"),
        (22, "openssh.enable = true;", "openssh.ports = [ 23 ];"),
        (8080, "miniflux.enable = true;", "miniflux.config.LISTEN_ADDR = \"localhost:8081\";"),
        (
            8384,
            "syncthing = { enable = true; guiAddress = \"0.0.0.0:8384\"; };",
            "syncthing.guiAddress = \"0.0.0.0:8385\";",
        ),
        (
            80,
            "traefik = { enable = true; staticConfigOptions.entryPoints.web.address = \"127.0.0.1:80/tcp\"; };",
            "traefik.staticConfigOptions.entryPoints.web.address = \"127.0.0.1:81/tcp\";",
        ),
    ] {
        let found = remedies(&format!("{} {service}", grafana(port)));
        let expected = format!("services.{remedy}");
        assert!(found.contains(&expected), "{service}: {found:?}");
    }
}
