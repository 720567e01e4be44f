use std::collections::BTreeMap;

use crate::roles::Role;
use crate::structure::conventions::Conventions;

/// What the configuration says about the contract. Paths and globs are relative to the root.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The option whose members are the services; found by its fields when absent.
    pub option: Option<Vec<String>>,
    /// An option of the same kind that older services still use.
    pub legacy: Option<Vec<String>>,
    /// Fields that are to be replaced by another one.
    pub deprecated: BTreeMap<String, String>,
    /// Files that declare the contract, for services that no host imports, as paths.
    pub schema: Vec<String>,
    /// Files that are a host together where nothing else tells one, as paths.
    pub modules: Vec<String>,
    /// The modules were named, not guessed: they are that host also beside a flake.
    pub modules_given: bool,
    /// Fields that play a role under a name of their own.
    pub roles: BTreeMap<Role, String>,
    /// Options whose attribute names are middlewares; `*` stands for any name.
    pub middlewares_from: Vec<Vec<String>>,
    /// Further middlewares.
    pub middlewares_extra: Vec<String>,
    /// Services that are taken for enabled.
    pub assume_enabled: Vec<String>,
    /// Contracts are described with all that an editor shows.
    pub details: bool,
    /// Hosts that the flake does not tell.
    pub hosts: BTreeMap<String, HostSettings>,
    /// What the repository agreed on beside its contract.
    pub conventions: Conventions,
}

#[derive(Clone, Debug, Default)]
pub struct HostSettings {
    /// Modules, as `lib.nixosSystem` would be given them.
    pub modules: Vec<String>,
}
