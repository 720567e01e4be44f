use std::collections::BTreeMap;

/// What a field of the contract means to the lints.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    Enable,
    Port,
    Exposed,
    Subdomain,
    Domain,
    Type,
    Url,
    State,
    Backup,
    Middlewares,
    Databases,
    DependsOn,
}

/// Every role with its key in `nixpact.toml` and the names that fields playing it usually have, the
/// likeliest first.
pub const ROLES: &[(Role, &str, &[&str])] = &[
    (Role::Enable, "enable", &["enable", "enabled"]),
    (Role::Port, "port", &["port", "httpPort", "webPort", "listenPort"]),
    (Role::Exposed, "exposed", &["exposed", "expose", "isExternal", "public"]),
    (Role::Subdomain, "subdomain", &["subdomain", "subDomain", "host", "hostName", "hostname"]),
    (Role::Domain, "domain", &["domain", "baseDomain", "fqdn"]),
    (Role::Type, "type", &["type", "visibility", "access"]),
    (Role::Url, "url", &["url", "backend", "upstream", "proxyPass"]),
    (
        Role::State,
        "state",
        &["persistedData", "dataDir", "persistence", "stateDirs", "persistDirs"],
    ),
    (Role::Backup, "backup", &["backupDirectories", "backupPaths", "backups", "backup"]),
    (Role::Middlewares, "middlewares", &["middlewares", "middleware"]),
    (Role::Databases, "databases", &["databases", "database"]),
    (Role::DependsOn, "dependsOn", &["dependsOn", "dependencies", "requires"]),
];

/// Which field plays which role, as positions in a contract's list of fields.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Roles(BTreeMap<Role, usize>);

impl Roles {
    /// Finds the roles of fields by their names; `named` says so where a name is unusual.
    pub fn assign<'f>(
        fields: impl Iterator<Item = &'f str> + Clone,
        named: &BTreeMap<Role, String>,
    ) -> Roles {
        let position = |name: &str| fields.clone().position(|field| field == name);
        let found = ROLES.iter().filter_map(|(role, _, synonyms)| {
            let field = match named.get(role) {
                Some(name) => position(name),
                None => synonyms.iter().find_map(|name| position(name)),
            };
            field.map(|field| (*role, field))
        });
        Roles(found.collect())
    }

    pub fn field(&self, role: Role) -> Option<usize> {
        self.0.get(&role).copied()
    }

    pub fn role_of(&self, field: usize) -> Option<Role> {
        self.0.iter().find(|(_, at)| **at == field).map(|(role, _)| *role)
    }

    /// Whether an `attrsOf (submodule …)` with these roles is a contract of services: it says what
    /// runs where, not merely that something has a name and a path. `fields` are those that were
    /// assigned.
    pub(crate) fn make_a_contract(&self, fields: &[String]) -> bool {
        let has = |role| self.0.contains_key(&role);
        // What has a backend may be a backup as well as a route.
        let is_route =
            |at| has(Role::Middlewares) || fields.get(at).is_some_and(|n| n != "backend");
        let network = has(Role::Port)
            || has(Role::Subdomain)
            || has(Role::Domain)
            || self.field(Role::Url).is_some_and(is_route);
        let more = [Role::State, Role::Backup, Role::Middlewares, Role::Databases, Role::DependsOn];
        let duties = more.iter().filter(|role| has(**role)).count();
        network && (duties > 0 || (has(Role::Enable) && self.0.len() >= 3))
    }
}
