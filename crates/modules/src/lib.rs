//! nixpkgs' module system: options, definitions, priorities and types.
//!
//! Follows `lib/modules.nix`, `lib/options.nix` and `lib/types.nix`. A [`Universe`] is one
//! `lib.evalModules`; a [`Node`] a place in its tree of options; a [`Slot`] a type with the definitions
//! for it, whether it is an option or a member of an `attrsOf`.
//!
//! Architecture Invariant: nothing here knows what an option means. That a service has a port is the
//! business of the contract.

mod apply;
mod check;
mod class;
mod collect;
mod conflict;
mod declare;
mod describe;
mod discharge;
mod evaluations;
mod flakes;
mod foreign;
mod freeform;
mod hosts;
mod inputs;
mod invalid;
mod library;
mod loose;
mod members;
mod merge;
mod misplaced;
mod names;
mod node;
mod opaque;
mod option;
mod options;
mod packages;
mod path;
mod property;
mod slot;
mod system;
mod template;
mod types;
mod unify;
mod universe;
mod update;

pub use check::{Mismatch, mismatches};
pub use collect::{Collected, Source};
pub use conflict::{Conflict, ConflictKind, Party};
pub use declare::{Clash, ClashKind, Declared};
pub use evaluations::{
    Evaluation, check_evaluations, evaluations, flake_check_names, flake_checks,
};
pub use hosts::{HIVE, Host, Hosts, flake_hosts, hosts_without_flake, outputs_span};
pub use invalid::{Invalid, InvalidKind};
pub use library::GROUPS;
pub use library::options::OPTION as OPTION_ARGUMENTS;
pub use misplaced::Misplaced;
pub use node::Node;
pub use option::OptionDecl;
pub use path::Path;
pub use property::{Definition, RawDefinition};
pub use slot::{Elements, Slot, SlotState};
pub use types::{Submodule, Type, TypeRef};
pub use unify::Module;
pub use universe::Universe;
