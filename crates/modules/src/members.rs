//! Options of NixOS, and of modules that many repositories import, of which it is known that they are sets of
//! members (`attrsOf`): a member is there when one of its definitions counts. In a namespace every option is.

/// Whether NixOS declares all that may be defined directly below a path: such a place is no option, and what is there
/// is there whatever its conditions.
pub(crate) fn are_options(path: &[&str]) -> bool {
    let [name] = path else { return false };
    matches!(
        *name,
        "boot"
            | "console"
            | "documentation"
            | "environment"
            | "fonts"
            | "hardware"
            | "i18n"
            | "networking"
            | "nix"
            | "nixpkgs"
            | "powerManagement"
            | "programs"
            | "security"
            | "services"
            | "system"
            | "systemd"
            | "time"
            | "users"
            | "virtualisation"
            | "xdg"
    )
}

/// Whether the option at a path is such a set.
pub(crate) fn are_below(path: &[&str]) -> bool {
    match path {
        ["age" | "sops", "secrets"]
        | ["boot", "kernel", "sysctl"]
        | ["boot", "initrd", "luks", "devices"]
        | ["boot", "initrd", "systemd", "services"]
        | ["containers" | "fileSystems"]
        | [
            "environment",
            "etc" | "persistence" | "sessionVariables" | "shellAliases" | "variables",
        ]
        | ["home-manager", "users"]
        | ["networking", "bonds" | "bridges" | "hosts" | "interfaces" | "macvlans" | "vlans"]
        | ["networking", "firewall" | "wg-quick" | "wireguard", "interfaces"]
        | ["nix", "registry"]
        | ["programs", "ssh", "knownHosts"]
        | ["security", "acme", "certs"]
        | ["security", "pam", "services"]
        | ["security", "wrappers"]
        | ["services", "authelia" | "gitea-actions-runner", "instances"]
        | ["services", "borgbackup", "jobs"]
        | ["services", "caddy" | "httpd" | "nginx", "virtualHosts"]
        | ["services", "cloudflared", "tunnels"]
        | ["services", "github-runners"]
        | ["services", "nginx", "upstreams"]
        | ["services", "phpfpm", "pools"]
        | ["services", "redis", "servers"]
        | ["services", "restic", "backups"]
        | ["services", "sanoid", "datasets"]
        | ["services", "syncoid", "commands"]
        | ["services", "tor", "relay", "onionServices"]
        | ["sops", "templates"]
        | ["systemd", "network", "links" | "netdevs" | "networks"]
        | ["systemd", "tmpfiles", "settings"]
        | ["users", "groups" | "users"]
        | ["virtualisation", "oci-containers", "containers"]
        | ["virtualisation", "quadlet", "containers" | "networks" | "pods" | "volumes"] => true,
        ["systemd", unit] | ["systemd", "user", unit] => {
            matches!(*unit, "paths" | "services" | "slices" | "sockets" | "targets" | "timers")
        }
        _ => false,
    }
}
