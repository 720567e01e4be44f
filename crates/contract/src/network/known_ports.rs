//! The ports of well-known services of NixOS, as the modules of nixpkgs declare them.
//!
//! A service is here whose port can be read off its module, or is that of upstream's documentation; not
//! one whose default differs between the versions of nixpkgs, or that listens only once more is set.

use super::{PortForm, Protocol};

/// What `services.<service>.enable = true;` listens on.
pub(super) struct KnownPort {
    /// The path below `services`.
    pub service: &'static str,
    pub port: u16,
    pub protocol: Protocol,
    pub port_option: PortOption,
    /// The address on which it listens by default; empty for all.
    pub address: &'static str,
    /// Options that set the address, with dots, below the service.
    pub address_options: &'static [&'static str],
    /// Options that, once set, leave open where it listens.
    pub open: &'static [&'static str],
    /// How the option says the port.
    pub form: Form,
    /// The port or the address is upstream's default, which the program's own configuration may change.
    pub is_usual: bool,
    /// The file that says so, below `nixos/modules/services` in nixpkgs.
    pub module: &'static str,
}

/// As [`PortForm`], of what says no more than the port.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Number,
    Text,
    List,
}

impl From<Form> for PortForm {
    fn from(form: Form) -> PortForm {
        match form {
            Form::Number => PortForm::Number,
            Form::Text => PortForm::Text,
            Form::List => PortForm::List,
        }
    }
}

/// Where another port is set, with dots, below the service.
#[derive(Clone, Copy)]
pub(super) enum PortOption {
    /// By no option.
    None,
    /// By one of these, of which the first counts. Other versions of nixpkgs may have another.
    Number(&'static [&'static str]),
    /// By an address with its port.
    Listen(&'static str),
}

impl PortOption {
    /// The option as recent versions of nixpkgs have it.
    pub fn path(self) -> Option<&'static str> {
        match self {
            PortOption::None => None,
            PortOption::Number(paths) => paths.first().copied(),
            PortOption::Listen(path) => Some(path),
        }
    }
}

impl KnownPort {
    const fn new(service: &'static str, port: u16, option: PortOption) -> KnownPort {
        KnownPort {
            service,
            port,
            protocol: Protocol::Tcp,
            port_option: option,
            address: "",
            address_options: &[],
            open: &[],
            form: Form::Number,
            is_usual: false,
            module: "",
        }
    }

    /// A port that one of these options sets.
    const fn set(service: &'static str, port: u16, options: &'static [&'static str]) -> KnownPort {
        KnownPort::new(service, port, PortOption::Number(options))
    }

    /// A port that stands in an address.
    const fn listen(service: &'static str, port: u16, option: &'static str) -> KnownPort {
        KnownPort::new(service, port, PortOption::Listen(option))
    }

    /// Upstream's port and address.
    const fn usual(service: &'static str, port: u16) -> KnownPort {
        KnownPort { is_usual: true, ..KnownPort::new(service, port, PortOption::None) }
    }

    const fn at(self, address: &'static str, options: &'static [&'static str]) -> KnownPort {
        KnownPort { address, address_options: options, ..self }
    }

    /// On upstream's address.
    const fn somewhere(self) -> KnownPort {
        KnownPort { is_usual: true, ..self }
    }

    const fn open(self, options: &'static [&'static str]) -> KnownPort {
        KnownPort { open: options, ..self }
    }

    const fn text(self) -> KnownPort {
        KnownPort { form: Form::Text, ..self }
    }

    const fn list(self) -> KnownPort {
        KnownPort { form: Form::List, ..self }
    }

    const fn from(self, module: &'static str) -> KnownPort {
        KnownPort { module, ..self }
    }
}

/// Every one, by its path.
#[rustfmt::skip]
pub(super) const KNOWN_PORTS: &[KnownPort] = &[
    KnownPort::set("actual", 3000, &["settings.port"]).at("", &["settings.hostname"]).from("web-apps/actual.nix"),
    KnownPort::set("atuin", 8888, &["port"]).at("127.0.0.1", &["host"]).from("misc/atuin.nix"),
    KnownPort::set("audiobookshelf", 8000, &["port"]).at("127.0.0.1", &["host"]).from("web-apps/audiobookshelf.nix"),
    KnownPort::set("bazarr", 6767, &["listenPort"]).somewhere().from("misc/bazarr.nix"),
    KnownPort::set("cadvisor", 8080, &["port"]).at("127.0.0.1", &["listenAddress"]).from("monitoring/cadvisor.nix"),
    KnownPort::set("calibre-server", 8080, &["port"]).at("0.0.0.0", &["host"]).from("misc/calibre-server.nix"),
    KnownPort::set("calibre-web", 8083, &["listen.port"]).at("::1", &["listen.ip"]).from("web-apps/calibre-web.nix"),
    KnownPort::set("changedetection-io", 5000, &["port"]).at("localhost", &["listenAddress"]).from("web-apps/changedetection-io.nix"),
    KnownPort::set("cockpit", 9090, &["port"]).from("monitoring/cockpit.nix"),
    KnownPort::set("couchdb", 5984, &["port"]).at("127.0.0.1", &["bindAddress"]).from("databases/couchdb.nix"),
    KnownPort::set("esphome", 6052, &["port"]).at("localhost", &["address"]).open(&["enableUnixSocket"]).from("home-automation/esphome.nix"),
    KnownPort::set("flaresolverr", 8191, &["port"]).somewhere().from("misc/flaresolverr.nix"),
    KnownPort::set("forgejo", 3000, &["settings.server.HTTP_PORT", "httpPort"]).at("0.0.0.0", &["settings.server.HTTP_ADDR", "httpAddress"]).open(&["settings.server.PROTOCOL"]).from("misc/forgejo.nix"),
    KnownPort::set("gitea", 3000, &["settings.server.HTTP_PORT", "httpPort"]).at("0.0.0.0", &["settings.server.HTTP_ADDR", "httpAddress"]).open(&["settings.server.PROTOCOL"]).from("misc/gitea.nix"),
    KnownPort::set("glance", 8080, &["settings.server.port"]).at("127.0.0.1", &["settings.server.host"]).from("web-apps/glance.nix"),
    KnownPort::set("grafana", 3000, &["settings.server.http_port"]).at("127.0.0.1", &["settings.server.http_addr"]).open(&["settings.server.protocol"]).from("monitoring/grafana.nix"),
    KnownPort::set("home-assistant", 8123, &["config.http.server_port", "port"]).at("", &["config.http.server_host"]).somewhere().from("home-automation/home-assistant.nix"),
    KnownPort::set("homepage-dashboard", 8082, &["listenPort"]).somewhere().from("misc/homepage-dashboard.nix"),
    KnownPort::set("immich", 2283, &["port"]).at("localhost", &["host"]).open(&["environment.IMMICH_HOST", "environment.IMMICH_PORT"]).from("web-apps/immich.nix"),
    KnownPort::usual("jellyfin", 8096).from("misc/jellyfin.nix"),
    KnownPort::set("jellyseerr", 5055, &["port"]).somewhere().from("misc/jellyseerr.nix"),
    KnownPort::set("kavita", 5000, &["settings.Port", "port"]).at("", &["settings.IpAddresses"]).from("web-apps/kavita.nix"),
    KnownPort::set("komga", 8080, &["settings.server.port", "port"]).somewhere().from("web-apps/komga.nix"),
    KnownPort::set("lidarr", 8686, &["settings.server.port"]).at("", &["settings.server.bindaddress"]).somewhere().from("misc/servarr/lidarr.nix"),
    KnownPort::set("lldap", 17170, &["settings.http_port"]).at("::", &["settings.http_host"]).open(&["environment.LLDAP_HTTP_HOST", "environment.LLDAP_HTTP_PORT"]).from("databases/lldap.nix"),
    KnownPort::set("lldap", 3890, &["settings.ldap_port"]).at("::", &["settings.ldap_host"]).open(&["environment.LLDAP_LDAP_HOST", "environment.LLDAP_LDAP_PORT"]).from("databases/lldap.nix"),
    KnownPort::set("mealie", 9000, &["port"]).at("0.0.0.0", &["listenAddress"]).from("web-apps/mealie.nix"),
    KnownPort::set("meilisearch", 7700, &["listenPort"]).at("localhost", &["listenAddress"]).from("search/meilisearch.nix"),
    KnownPort::set("memcached", 11211, &["port"]).at("127.0.0.1", &["listen"]).open(&["enableUnixSocket"]).from("databases/memcached.nix"),
    KnownPort::set("microbin", 8080, &["settings.MICROBIN_PORT"]).at("0.0.0.0", &["settings.MICROBIN_BIND"]).from("web-apps/microbin.nix"),
    KnownPort::listen("miniflux", 8080, "config.LISTEN_ADDR").at("localhost", &[]).open(&["config.PORT"]).from("web-apps/miniflux.nix"),
    KnownPort::set("mysql", 3306, &["settings.mysqld.port"]).at("", &["settings.mysqld.bind-address"]).somewhere().from("databases/mysql.nix"),
    KnownPort::set("n8n", 5678, &["environment.N8N_PORT", "settings.port"]).somewhere().from("misc/n8n.nix"),
    KnownPort::set("navidrome", 4533, &["settings.Port"]).at("127.0.0.1", &["settings.Address"]).from("audio/navidrome.nix"),
    KnownPort::set("nix-serve", 5000, &["port"]).at("0.0.0.0", &["bindAddress"]).from("networking/nix-serve.nix"),
    KnownPort::set("node-red", 1880, &["port"]).somewhere().from("web-apps/node-red.nix"),
    KnownPort::listen("ntfy-sh", 2586, "settings.listen-http").at("127.0.0.1", &[]).from("misc/ntfy-sh.nix"),
    KnownPort::set("ollama", 11434, &["port"]).at("127.0.0.1", &["host"]).from("misc/ollama.nix"),
    KnownPort::set("ombi", 5000, &["port"]).from("misc/ombi.nix"),
    KnownPort::set("open-webui", 8080, &["port"]).at("127.0.0.1", &["host"]).from("misc/open-webui.nix"),
    KnownPort::set("openssh", 22, &["ports"]).list().open(&["listenAddresses", "startWhenNeeded"]).from("networking/ssh/sshd.nix"),
    KnownPort::set("paperless", 28981, &["port"]).at("127.0.0.1", &["address"]).open(&["settings.GRANIAN_HOST", "settings.GRANIAN_PORT", "settings.GUNICORN_CMD_ARGS"]).from("misc/paperless.nix"),
    KnownPort::set("photoprism", 2342, &["port"]).at("localhost", &["address"]).open(&["settings.PHOTOPRISM_HTTP_HOST", "settings.PHOTOPRISM_HTTP_PORT"]).from("web-apps/photoprism.nix"),
    KnownPort::usual("plex", 32400).from("misc/plex.nix"),
    KnownPort::set("postgresql", 5432, &["settings.port", "port"]).at("localhost", &["enableTCPIP", "settings.listen_addresses"]).from("databases/postgresql.nix"),
    KnownPort::set("prometheus", 9090, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/default.nix"),
    KnownPort::set("prometheus.alertmanager", 9093, &["port"]).at("", &["listenAddress"]).from("monitoring/prometheus/alertmanager.nix"),
    KnownPort::set("prometheus.exporters.blackbox", 9115, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/blackbox.nix"),
    KnownPort::set("prometheus.exporters.nginx", 9113, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/nginx.nix"),
    KnownPort::set("prometheus.exporters.node", 9100, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/node.nix"),
    KnownPort::set("prometheus.exporters.postgres", 9187, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/postgres.nix"),
    KnownPort::set("prometheus.exporters.process", 9256, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/process.nix"),
    KnownPort::set("prometheus.exporters.redis", 9121, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/redis.nix"),
    KnownPort::set("prometheus.exporters.smartctl", 9633, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/smartctl.nix"),
    KnownPort::set("prometheus.exporters.systemd", 9558, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/systemd.nix"),
    KnownPort::set("prometheus.exporters.zfs", 9134, &["port"]).at("0.0.0.0", &["listenAddress"]).from("monitoring/prometheus/exporters/zfs.nix"),
    KnownPort::set("prowlarr", 9696, &["settings.server.port"]).at("", &["settings.server.bindaddress"]).somewhere().from("misc/servarr/prowlarr.nix"),
    KnownPort::set("qbittorrent", 8080, &["webuiPort"]).at("", &["serverConfig"]).somewhere().from("torrent/qbittorrent.nix"),
    KnownPort::set("radarr", 7878, &["settings.server.port"]).at("", &["settings.server.bindaddress"]).somewhere().from("misc/servarr/radarr.nix"),
    KnownPort::set("readarr", 8787, &["settings.server.port"]).at("", &["settings.server.bindaddress"]).somewhere().from("misc/servarr/readarr.nix"),
    KnownPort::set("scrutiny", 8080, &["settings.web.listen.port"]).at("0.0.0.0", &["settings.web.listen.host"]).from("monitoring/scrutiny.nix"),
    KnownPort::set("seerr", 5055, &["port"]).somewhere().from("misc/seerr.nix"),
    KnownPort::set("sonarr", 8989, &["settings.server.port"]).at("", &["settings.server.bindaddress"]).somewhere().from("misc/servarr/sonarr.nix"),
    KnownPort::listen("syncthing", 8384, "guiAddress").at("127.0.0.1", &[]).from("networking/syncthing.nix"),
    KnownPort::set("tandoor-recipes", 8080, &["port"]).at("localhost", &["address"]).from("misc/tandoor-recipes.nix"),
    KnownPort::set("tautulli", 8181, &["port"]).somewhere().from("misc/tautulli.nix"),
    KnownPort::set("transmission", 9091, &["settings.rpc-port", "port"]).at("127.0.0.1", &["settings.rpc-bind-address"]).from("torrent/transmission.nix"),
    KnownPort::usual("unifi", 8080).from("networking/unifi.nix"),
    KnownPort::set("uptime-kuma", 3001, &["settings.UPTIME_KUMA_PORT", "settings.PORT"]).text().at("127.0.0.1", &["settings.UPTIME_KUMA_HOST", "settings.HOST"]).from("monitoring/uptime-kuma.nix"),
    KnownPort::listen("victoriametrics", 8428, "listenAddress").from("databases/victoriametrics.nix"),
    KnownPort::set("vikunja", 3456, &["port"]).at("", &["address"]).from("web-apps/vikunja.nix"),
];

#[cfg(test)]
mod tests {
    use super::KNOWN_PORTS;

    #[test]
    fn every_port_has_its_source_and_stands_in_its_place() {
        assert!(KNOWN_PORTS.is_sorted_by_key(|known| known.service));
        assert!(KNOWN_PORTS.iter().all(|known| known.module.ends_with(".nix") && known.port != 0));
    }
}
