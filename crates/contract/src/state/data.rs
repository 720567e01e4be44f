//! Where the units and containers of services keep data.

use nixpact_eval::Evaluator;
use nixpact_modules::{Node, Universe};
use nixpact_source::Span;
use rustc_hash::FxHashSet;

use crate::look::Look;
use crate::model::Service;

/// A directory or file in which something of a service keeps data.
#[derive(Debug)]
pub struct Data {
    pub service: Box<str>,
    /// The option that says so, such as `systemd.services.jellyfin.serviceConfig.StateDirectory`.
    pub option: String,
    /// Where it is, absolute; the first is the one to show, the data may be in any of them.
    pub paths: Vec<Box<str>>,
    /// Where it is written.
    pub span: Option<Span>,
}

/// Options below `services.<name>` that name the directory of a service.
const DIRECTORIES: &[&str] = &["dataDir", "stateDir"];

/// Directories below `/var/lib` that services of NixOS keep their data in unless they are told
/// otherwise, from the modules of nixpkgs (`nixos/modules/services`); of several any may be the one,
/// depending on `system.stateVersion`.
const DEFAULTS: &[(&str, &[&str])] = &[
    ("adguardhome", &["AdGuardHome"]),
    ("audiobookshelf", &["audiobookshelf"]),
    ("bazarr", &["bazarr"]),
    ("forgejo", &["forgejo"]),
    ("gitea", &["gitea"]),
    ("grafana", &["grafana"]),
    ("headscale", &["headscale"]),
    ("home-assistant", &["hass"]),
    ("immich", &["immich"]),
    ("jellyfin", &["jellyfin"]),
    ("jellyseerr", &["jellyseerr"]),
    ("lidarr", &["lidarr"]),
    ("mosquitto", &["mosquitto"]),
    ("mysql", &["mysql"]),
    ("n8n", &["n8n"]),
    ("navidrome", &["navidrome"]),
    ("nextcloud", &["nextcloud"]),
    ("node-red", &["node-red"]),
    ("paperless", &["paperless"]),
    ("plex", &["plex"]),
    ("postgresql", &["postgresql"]),
    ("prometheus", &["prometheus2"]),
    ("prowlarr", &["prowlarr"]),
    ("radarr", &["radarr"]),
    ("radicale", &["radicale"]),
    ("readarr", &["readarr"]),
    ("sonarr", &["sonarr"]),
    ("syncthing", &["syncthing"]),
    ("uptime-kuma", &["uptime-kuma"]),
    ("vaultwarden", &["vaultwarden", "bitwarden_rs"]),
    ("zigbee2mqtt", &["zigbee2mqtt"]),
];

/// What the names of options speak of that move the data of a service.
const MOVES: &[&str] =
    &["backend", "dir", "folder", "home", "location", "path", "root", "stateful", "storage"];

/// Containers: the set, and the list of volumes in each.
const CONTAINERS: &[(&[&str], &[&str])] = &[
    (&["virtualisation", "oci-containers", "containers"], &["volumes"]),
    (&["virtualisation", "quadlet", "containers"], &["containerConfig", "volumes"]),
];

/// The data of enabled services that is known, in the order of the services.
pub(crate) fn data<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    services: &[&Service],
) -> Vec<Data> {
    let look = Look { ev, universe };
    let names: FxHashSet<&str> = services.iter().map(|service| service.name.as_str()).collect();
    let mut found = Vec::new();
    for service in services {
        let name = service.name.as_str();
        state_directory(look, name, &mut found);
        directories(look, name, &mut found);
        default_directory(look, name, &mut found);
    }
    for (set, volumes) in CONTAINERS {
        for (name, container) in look.children(look.at(set)) {
            let Some(service) = owner(name.as_str(), &names) else { continue };
            let Some(list) = look.below(container, volumes) else { continue };
            let path: Vec<&str> = set.iter().copied().chain([name.as_str()]).collect();
            let option = format!("{}.{}", path.join("."), volumes.join("."));
            host_sides(look, list, service, &option, &mut found);
        }
    }
    found
}

/// The service to which a container belongs: that of its name, or of the longest beginning of it.
fn owner<'n>(container: &'n str, names: &FxHashSet<&str>) -> Option<&'n str> {
    let mut name = container;
    loop {
        if names.contains(name) {
            return Some(name);
        }
        name = name.rsplit_once(['-', '_'])?.0;
    }
}

/// `StateDirectory` of the unit that is named like the service.
fn state_directory<'a>(look: Look<'_, 'a>, service: &str, found: &mut Vec<Data>) {
    let Some(unit) = look.at(&["systemd", "services", service]) else { return };
    let runs = look.bool_at(look.below(unit, &["enable"])) != Some(false);
    let Some(node) = look.below(unit, &["serviceConfig", "StateDirectory"]).filter(|_| runs) else {
        return;
    };
    if let Some(given) = sure(look, node) {
        for item in look.items(given) {
            let Some((text, span)) = look.text(item) else { continue };
            for directory in text.split_whitespace() {
                // What follows a colon is a link to it, or says how it is mounted.
                let directory = directory.split(':').next().unwrap_or(directory);
                if directory.contains('%') || directory.starts_with('/') {
                    continue;
                }
                found.push(Data {
                    service: service.into(),
                    option: format!("systemd.services.{service}.serviceConfig.StateDirectory"),
                    // The latter with `DynamicUser`, which a unit of NixOS may set itself.
                    paths: vec![
                        format!("/var/lib/{directory}").into(),
                        format!("/var/lib/private/{directory}").into(),
                    ],
                    span,
                });
            }
        }
    }
}

/// `services.<name>.dataDir` and the like, where the service of NixOS is switched on.
fn directories<'a>(look: Look<'_, 'a>, service: &str, found: &mut Vec<Data>) {
    let Some(node) = look.at(&["services", service]) else { return };
    if look.bool_at(look.below(node, &["enable"])) != Some(true) {
        return;
    }
    for name in DIRECTORIES {
        let Some(directory) = look.below(node, &[name]) else { continue };
        if let Some((path, span)) = sure(look, directory).and_then(|given| look.text(given))
            && path.starts_with('/')
        {
            let option = format!("services.{service}.{name}");
            found.push(Data { service: service.into(), option, paths: vec![path.into()], span });
        }
    }
}

/// What a service of NixOS uses by default, where nothing says otherwise.
fn default_directory(look: Look<'_, '_>, service: &str, found: &mut Vec<Data>) {
    let Some((_, names)) = DEFAULTS.iter().find(|(name, _)| *name == service) else { return };
    let Some(node) = look.at(&["services", service]) else { return };
    let Some(switch) = look.below(node, &["enable"]) else { return };
    if look.bool_at(Some(switch)) != Some(true) || look.doubt(node).is_some() {
        return;
    }
    let moves = |name: &str| {
        let name = name.to_lowercase();
        MOVES.iter().any(|word| name.contains(word))
    };
    let is_moved = look.children(Some(node)).iter().any(|(name, _)| moves(name.as_str()))
        // Its configuration is all that counts, and is written anew.
        || look.bool_at(look.below(node, &["mutableSettings"])) == Some(false)
        || ["StateDirectory", "BindPaths", "WorkingDirectory", "ExecStart"].iter().any(|setting| {
            look.at(&["systemd", "services", service, "serviceConfig", setting]).is_some()
        });
    if is_moved {
        return;
    }
    let bases = ["/var/lib", "/var/lib/private"];
    let paths =
        bases.iter().flat_map(|base| names.iter().map(move |name| format!("{base}/{name}")));
    found.push(Data {
        service: service.into(),
        option: format!("services.{service}"),
        paths: paths.map(Into::into).collect(),
        span: look.name_span(switch),
    });
}

/// The value of a place, where that is certain.
fn sure<'a>(look: Look<'_, 'a>, node: &'a Node<'a>) -> Option<&'a nixpact_eval::Thunk<'a>> {
    look.doubt(node).is_none().then(|| node.value(look.ev))
}

/// The paths of the host that a container writes to.
fn host_sides<'a>(
    look: Look<'_, 'a>,
    list: &'a Node<'a>,
    service: &str,
    option: &str,
    found: &mut Vec<Data>,
) {
    let Some(value) = sure(look, list) else { return };
    for item in look.items(value) {
        let Some((text, span)) = look.text(item) else { continue };
        let mut parts = text.split(':');
        let (Some(path), Some(_), flags) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let is_read_only = flags.is_some_and(|flags| flags.split(',').any(|flag| flag == "ro"));
        if path.starts_with('/') && !is_read_only {
            let (service, option) = (service.into(), option.to_owned());
            found.push(Data { service, option, paths: vec![path.into()], span });
        }
    }
}
