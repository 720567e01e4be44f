//! What the repository's services promise: the contract as its `options.nix` declares it, and every
//! service of every host with what it declares.
//!
//! Architecture Invariant: a [`Model`] is plain data, without lifetimes and without syntax or
//! evaluation in its types. Lints, tables and editors read it; nothing writes it but [`build`].

mod assume;
mod audit;
mod backups;
mod bindings;
mod build;
mod conventions;
mod data;
mod datum;
mod deprecated;
mod details;
mod discover;
mod extract;
mod faults;
mod flow;
mod headings;
mod host;
mod ignored;
mod imports;
mod legacy;
mod look;
mod loose;
mod mentions;
mod middlewares;
mod model;
mod nearest;
mod ordering;
mod persistence;
mod plain;
mod plaintext;
mod reads;
mod recursion;
mod refused;
mod roles;
mod roots;
mod scan;
mod secrets;
mod settings;
mod sops_keys;
mod stops;
mod structure;
mod tests;

pub use backups::Backups;
pub use bindings::{Address, BadPort, Binding, BindingKind, Network, Protocol, are_alike};
pub use build::{Named, build, hosts};
pub use conventions::{Conventions, Hole, Template};
pub use data::Data;
pub use datum::{Cause, Datum, Located, UnknownValue, located};
pub use deprecated::{Because, DeprecatedField, DeprecatedUse};
pub use headings::is_heading;
pub use ignored::Absence;
pub use imports::MissingImport;
pub use legacy::LegacyRead;
pub use model::{
    Contract, Definition, DuplicateAttribute, DuplicateFormal, Enabled, Field, FieldDecl,
    FieldState, Finding, FindingKind, Host, Meant, Middleware, Middlewares, Model, Party, Refused,
    RefusedKind, Room, Service, Site, SyntaxError, Test, UndefinedVariable, Unformatted, Unread,
    Written,
};
pub use nearest::nearest;
pub use nixpact_eval::{attribute_name, string_literal};
pub use nixpact_modules::{Clash, ClashKind, ConflictKind};
pub use ordering::Ordering;
pub use persistence::{Emptied, Kept, Persistence};
pub use plaintext::PlainSecret;
pub use recursion::{Asked, Recursion};
pub use roles::{ROLES, Role, Roles};
pub use secrets::{AbsentKey, SecretPlace, Secrets, Store, Undeclared};
pub use settings::{HostSettings, Settings};
pub use stops::{Stops, UnsupportedAttribute};
pub use structure::{
    Checks, ContractRead, ContractWrite, DatabaseAddress, Declared, Imported, RuntimeSwitch,
    ServiceModule, Structure, TestFile,
};
