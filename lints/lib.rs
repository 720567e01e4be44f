//! The rules, one file per lint.
//!
//! Architecture Invariant: a lint reads the [`Model`](nixpact_contract::Model) and says what it finds.
//! It opens no file, evaluates nothing and prints nothing.

mod decisions;
mod lint;
mod options;
mod text;
mod wrong_type;

mod contract {
    pub mod conflicting_definition;
    pub mod contract_differs_by_runtime;
    pub mod deprecated_field;
    pub mod missing_required_field;
    pub mod no_contract;
    pub mod suspicious_default;
    pub mod undeclared_service;
    pub mod unknown_field;
    pub mod unknown_hosts;
    pub mod wrong_field_type;
}
mod databases {
    pub mod duplicate_database;
    pub mod hand_built_connection_string;
    pub mod invalid_database;
}
mod dependencies {
    pub mod dependency_cycle;
    pub mod disabled_dependency;
    mod edges;
    pub mod ordering_missing;
    pub mod unknown_dependency;
}
mod migration {
    pub mod declared_in_both_patterns;
    pub mod legacy_declaration;
    pub mod stale_legacy_reference;
}
mod network {
    mod claims;
    pub mod duplicate_hostname;
    pub mod duplicate_port;
    pub mod exposed_without_hostname;
    pub mod exposed_without_port;
    mod free_ports;
    mod host_name;
    pub mod middleware_cycle;
    pub mod port_not_in_range;
    pub mod public_without_authentication;
    pub mod unknown_middleware;
    pub mod unused_middleware;
    mod url;
}
mod nix {
    pub mod duplicate_attribute;
    pub mod duplicate_formal;
    pub mod evaluation_error;
    pub mod failed_assertion;
    pub mod infinite_recursion;
    pub mod invalid_option;
    pub mod missing_import;
    pub mod option_clash;
    pub mod syntax_error;
    pub mod undeclared_option;
    pub mod undefined_variable;
    pub mod unsupported_module_attribute;
    pub mod wrong_option_type;
}
mod secrets {
    pub mod plaintext_secret;
    pub mod secret_not_in_file;
    pub mod secret_path;
    pub mod undeclared_secret;
    pub mod unused_secret;
}
mod state {
    pub mod backup_not_persisted;
    pub mod data_not_backed_up;
    pub mod data_not_persisted;
    pub mod dead_field;
    pub mod nested_path;
    mod paths;
    pub mod relative_path;
}
mod structure {
    pub mod aggregation_in_module;
    pub mod foreign_section;
    pub mod missing_section;
    pub mod missing_test;
    pub mod module_file_name;
    pub mod service_name_mismatch;
    pub mod unexposed_test;
    pub mod unimported_module;
}
mod style {
    pub mod unformatted;
}
mod suppressions {
    pub mod invalid_suppression;
    pub mod stale_baseline;
    pub mod unused_suppression;
}

pub use decisions::{Allowed, BaselineEntry, Comment, Decisions};
pub use lint::{Check, Level, Lint, Sink};
pub use options::{LintOption, OptionKind, OptionValue, OptionValues};

/// Every lint, by group and name.
pub static CATALOGUE: &[&Lint] = &[
    &contract::conflicting_definition::CONFLICTING_DEFINITION,
    &contract::contract_differs_by_runtime::CONTRACT_DIFFERS_BY_RUNTIME,
    &contract::deprecated_field::DEPRECATED_FIELD,
    &contract::missing_required_field::MISSING_REQUIRED_FIELD,
    &contract::no_contract::NO_CONTRACT,
    &contract::suspicious_default::SUSPICIOUS_DEFAULT,
    &contract::undeclared_service::UNDECLARED_SERVICE,
    &contract::unknown_field::UNKNOWN_FIELD,
    &contract::unknown_hosts::UNKNOWN_HOSTS,
    &contract::wrong_field_type::WRONG_FIELD_TYPE,
    &databases::duplicate_database::DUPLICATE_DATABASE,
    &databases::hand_built_connection_string::HAND_BUILT_CONNECTION_STRING,
    &databases::invalid_database::INVALID_DATABASE,
    &dependencies::dependency_cycle::DEPENDENCY_CYCLE,
    &dependencies::disabled_dependency::DISABLED_DEPENDENCY,
    &dependencies::ordering_missing::ORDERING_MISSING,
    &dependencies::unknown_dependency::UNKNOWN_DEPENDENCY,
    &migration::declared_in_both_patterns::DECLARED_IN_BOTH_PATTERNS,
    &migration::legacy_declaration::LEGACY_DECLARATION,
    &migration::stale_legacy_reference::STALE_LEGACY_REFERENCE,
    &network::duplicate_hostname::DUPLICATE_HOSTNAME,
    &network::duplicate_port::DUPLICATE_PORT,
    &network::exposed_without_hostname::EXPOSED_WITHOUT_HOSTNAME,
    &network::exposed_without_port::EXPOSED_WITHOUT_PORT,
    &network::middleware_cycle::MIDDLEWARE_CYCLE,
    &network::port_not_in_range::PORT_NOT_IN_RANGE,
    &network::public_without_authentication::PUBLIC_WITHOUT_AUTHENTICATION,
    &network::unknown_middleware::UNKNOWN_MIDDLEWARE,
    &network::unused_middleware::UNUSED_MIDDLEWARE,
    &nix::duplicate_attribute::DUPLICATE_ATTRIBUTE,
    &nix::duplicate_formal::DUPLICATE_FORMAL,
    &nix::evaluation_error::EVALUATION_ERROR,
    &nix::failed_assertion::FAILED_ASSERTION,
    &nix::infinite_recursion::INFINITE_RECURSION,
    &nix::invalid_option::INVALID_OPTION,
    &nix::missing_import::MISSING_IMPORT,
    &nix::option_clash::OPTION_CLASH,
    &nix::syntax_error::SYNTAX_ERROR,
    &nix::undeclared_option::UNDECLARED_OPTION,
    &nix::undefined_variable::UNDEFINED_VARIABLE,
    &nix::unsupported_module_attribute::UNSUPPORTED_MODULE_ATTRIBUTE,
    &nix::wrong_option_type::WRONG_OPTION_TYPE,
    &secrets::plaintext_secret::PLAINTEXT_SECRET,
    &secrets::secret_not_in_file::SECRET_NOT_IN_FILE,
    &secrets::secret_path::SECRET_PATH,
    &secrets::undeclared_secret::UNDECLARED_SECRET,
    &secrets::unused_secret::UNUSED_SECRET,
    &state::backup_not_persisted::BACKUP_NOT_PERSISTED,
    &state::data_not_backed_up::DATA_NOT_BACKED_UP,
    &state::data_not_persisted::DATA_NOT_PERSISTED,
    &state::dead_field::DEAD_FIELD,
    &state::nested_path::NESTED_PATH,
    &state::relative_path::RELATIVE_PATH,
    &structure::aggregation_in_module::AGGREGATION_IN_MODULE,
    &structure::foreign_section::FOREIGN_SECTION,
    &structure::missing_section::MISSING_SECTION,
    &structure::missing_test::MISSING_TEST,
    &structure::module_file_name::MODULE_FILE_NAME,
    &structure::service_name_mismatch::SERVICE_NAME_MISMATCH,
    &structure::unexposed_test::UNEXPOSED_TEST,
    &structure::unimported_module::UNIMPORTED_MODULE,
    &style::unformatted::UNFORMATTED,
    &suppressions::invalid_suppression::INVALID_SUPPRESSION,
    &suppressions::stale_baseline::STALE_BASELINE,
    &suppressions::unused_suppression::UNUSED_SUPPRESSION,
];

/// The lint of a name.
pub fn find(name: &str) -> Option<&'static Lint> {
    CATALOGUE.iter().copied().find(|lint| lint.name == name)
}

/// The groups of lints, sorted by name.
pub fn groups() -> Vec<&'static str> {
    let mut groups: Vec<_> = CATALOGUE.iter().map(|lint| lint.group()).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// The lint or group whose name is nearest to one that does not exist.
pub fn nearest(name: &str) -> Option<&'static str> {
    nixpact_contract::nearest(name, CATALOGUE.iter().map(|lint| lint.name).chain(groups()))
}
