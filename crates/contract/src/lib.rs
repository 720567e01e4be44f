//! What the repository's services promise: the contract as its `options.nix` declares it, and every
//! service of every host with what it declares.
//!
//! Architecture Invariant: a [`Model`] is plain data, without lifetimes and without syntax or
//! evaluation in its types. Lints, tables and editors read it; nothing writes it but [`build`].

mod assume;
mod audit;
mod beside;
mod build;
mod datum;
mod deprecated;
mod details;
mod discover;
mod extract;
mod fleet;
mod host;
mod hosts;
mod look;
mod loose;
mod model;
mod nearest;
mod network;
mod nix;
mod ordering;
mod places;
mod plain;
mod reuse;
mod roles;
mod roots;
mod secrets;
mod settings;
mod state;
mod structure;
mod tests;
mod text;

pub use beside::{Evaluators, Job, Jobs};
pub use build::{Files, build, build_with};
pub use datum::{Cause, Datum, Located, UnknownValue, located};
pub use deprecated::{Because, DeprecatedField, DeprecatedUse};
pub use hosts::{Named, hosts};
pub use model::{
    Contract, Definition, Enabled, Field, FieldDecl, FieldState, Finding, FindingKind, Host,
    Middleware, Middlewares, Model, Party, Refused, RefusedKind, Room, Service, ServiceFacts, Site,
    Test, Unformatted, UnknownHosts, Unread, Written,
};
pub use nearest::nearest;
pub use network::{Address, BadPort, Binding, BindingKind, Network, PortForm, Protocol, are_alike};
pub use nix::assertions::FailedAssertion;
pub use nix::failure::Failure;
pub use nix::faults::{DuplicateAttribute, DuplicateFormal, Meant, SyntaxError, UndefinedVariable};
pub use nix::ignored::Absence;
pub use nix::imports::MissingImport;
pub use nix::recursion::{Asked, Recursion};
pub use nix::stops::{Stops, UnsupportedAttribute};
pub use nixpact_eval::{attribute_name, string_literal};
pub use nixpact_modules::{Clash, ClashKind, ConflictKind, Invalid, InvalidKind};
pub use ordering::Ordering;
pub use reuse::Reuse;
pub use roles::{ROLES, Role, Roles};
pub use roots::flakes_below;
pub use secrets::plaintext::PlainSecret;
pub use secrets::{AbsentKey, SecretPlace, Secrets, Store, Undeclared};
pub use settings::{HostSettings, Settings};
pub use state::backups::Backups;
pub use state::data::Data;
pub use state::persistence::{Emptied, Kept, Persistence};
pub use structure::conventions::{Conventions, Hole, Template};
pub use structure::headings::is_heading;
pub use structure::{
    Checks, ContractRead, ContractWrite, DatabaseAddress, Declared, Imported, RuntimeSwitch,
    ServiceModule, Structure, TestFile,
};
pub use text::facts::FileFacts;
pub use text::legacy::LegacyRead;
