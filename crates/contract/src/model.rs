use std::sync::Arc;

use nixpact_modules::{Clash, ConflictKind, Invalid};
use nixpact_source::{FileId, Span};
use rustc_hash::FxHashSet;

use crate::datum::{Located, UnknownValue};
use crate::deprecated::{DeprecatedField, DeprecatedUse};
use crate::network::Network;
use crate::nix::failure::Failure;
use crate::nix::faults::{DuplicateAttribute, DuplicateFormal, SyntaxError, UndefinedVariable};
use crate::nix::imports::MissingImport;
use crate::nix::recursion::Recursion;
use crate::nix::stops::Stops;
use crate::ordering::Ordering;
use crate::roles::{Role, Roles};
use crate::secrets::Secrets;
use crate::secrets::plaintext::PlainSecret;
use crate::state::backups::Backups;
use crate::state::data::Data;
use crate::state::persistence::Persistence;
use crate::structure::Structure;
use crate::text::legacy::LegacyRead;

/// Why hosts are not known.
#[derive(Clone, Debug)]
pub struct UnknownHosts {
    pub why: UnknownValue,
    /// The source of an input, which is not read, may tell.
    pub is_in_input: bool,
}

/// All services of all hosts, and the contracts that they keep.
#[derive(Debug, Default)]
pub struct Model {
    /// The one that counts first.
    pub contracts: Vec<Contract>,
    /// Sorted by name.
    pub hosts: Vec<Host>,
    /// Evaluations of modules by the repository's own tests, in the order of the flake's checks and
    /// of the files.
    pub tests: Vec<Host>,
    /// What no host imports: service modules and templates. Nothing there collides.
    pub loose: Vec<Host>,
    /// Names of middlewares in use that stand as an attribute's name somewhere in the repository.
    pub attribute_names: FxHashSet<Box<str>>,
    /// By contract and field.
    pub unread: Vec<Unread>,
    /// Options outside of services that are declared twice, and that nothing in the repository reads.
    pub unread_clashes: FxHashSet<Box<str>>,
    /// Why Nix evaluates no host, or not all of them.
    pub failures: Vec<Failure>,
    /// Where the flake says what its hosts are: the name of its `outputs`.
    pub outputs: Option<Span>,
    /// Why the flake's hosts are not known.
    pub hosts_unknown: Option<UnknownHosts>,
    /// Directories whose flake may have the hosts of a repository that has none.
    pub flakes_below: Vec<Box<str>>,
    /// By file, at most one a file: what follows the first one is often its echo.
    pub syntax_errors: Vec<SyntaxError>,
    /// By file and place.
    pub duplicate_attributes: Vec<DuplicateAttribute>,
    /// Files that the user's formatter refuses, where it was asked.
    pub unformatted: Vec<Unformatted>,
    /// Reads of services in the legacy contract, by file and place.
    pub legacy_reads: Vec<LegacyRead>,
    /// The import for want of which the flake's hosts are not known.
    pub hosts_missing: Option<MissingImport>,
    /// Imports of what is not there that are written anywhere, by file and place.
    pub missing_imports: Vec<MissingImport>,
    /// By file and place.
    pub duplicate_formals: Vec<DuplicateFormal>,
    /// By file and place of the first use.
    pub undefined_variables: Vec<UndefinedVariable>,
    /// How the modules of services are laid out; nothing without conventions.
    pub structure: Structure,
    pub secrets: Secrets,
    /// By file and place.
    pub plain_secrets: Vec<PlainSecret>,
}

impl Model {
    /// Everything in which services are: hosts, tests, and files that belong to neither.
    pub fn all(&self) -> impl Iterator<Item = &Host> {
        self.hosts.iter().chain(&self.tests).chain(&self.loose)
    }

    /// Where services run beside each other: hosts, and the nodes of tests.
    pub fn machines(&self) -> impl Iterator<Item = &Host> {
        let is_node = |host: &&Host| host.test.as_ref().is_some_and(|test| test.node.is_some());
        self.hosts.iter().chain(self.tests.iter().filter(is_node))
    }
}

/// A field that services of hosts define, and that nothing in the repository reads.
#[derive(Clone, Copy, Debug)]
pub struct Unread {
    /// The position in [`Model::contracts`].
    pub contract: usize,
    /// The position in [`Contract::fields`].
    pub field: usize,
}

/// A file that the user's formatter would change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unformatted {
    /// Relative to the root.
    pub path: String,
    /// Its beginning.
    pub span: Span,
}

/// An option of type `attrsOf (submodule …)` whose members are services.
#[derive(Clone, PartialEq, Debug)]
pub struct Contract {
    /// Such as `qgroget.serviceModules`.
    pub option: String,
    /// Where the option is declared.
    pub span: Option<Span>,
    /// Sorted by name.
    pub fields: Vec<FieldDecl>,
    pub roles: Roles,
    /// Fields that the contract does not have are allowed.
    pub open: bool,
    /// The configuration names it as the one that is to be left.
    pub is_legacy: bool,
    /// Fields that are to be replaced, by name.
    pub deprecated: Vec<DeprecatedField>,
}

impl Contract {
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.binary_search_by(|field| field.name.as_str().cmp(name)).ok()
    }

    /// The declaration of the field that plays a role.
    pub fn role(&self, role: Role) -> Option<&FieldDecl> {
        self.roles.field(role).map(|at| &self.fields[at])
    }
}

#[derive(Clone, PartialEq, Debug)]
pub struct FieldDecl {
    pub name: String,
    /// As nixpkgs describes it, such as `list of string`.
    pub ty: String,
    /// A value of the type, as Nix, for messages.
    pub example: String,
    /// The members of an enum, as Nix writes them.
    pub members: Vec<String>,
    pub description: Option<String>,
    /// Without a default.
    pub required: bool,
    pub internal: bool,
    /// Where its name is declared.
    pub span: Option<Span>,
    /// The default as Nix, where it is short and known. Empty unless the settings ask for details.
    pub default: Option<String>,
    /// The options of the submodules that the field holds, or of the set that it is, sorted by name. Empty
    /// unless the settings ask for details.
    pub fields: Vec<FieldDecl>,
}

/// A machine, or a file that belongs to none.
#[derive(Debug, Default)]
pub struct Host {
    /// Absent when the repository names no hosts, and for files that no host imports.
    pub name: Option<String>,
    /// The file, for one that no host imports.
    pub file: Option<FileId>,
    /// The test that it belongs to.
    pub test: Option<Test>,
    /// By contract, then by name.
    pub services: Vec<Service>,
    pub middlewares: Middlewares,
    /// Names below `services`, `systemd.services` and the like: what runs besides the contract.
    pub units: FxHashSet<Box<str>>,
    /// What listens on its ports besides the services of the contract.
    pub network: Network,
    /// What survives a reboot, where the host has enabled services.
    pub persistence: Persistence,
    /// Where enabled services keep data, on a host whose root is emptied at boot.
    pub data: Vec<Data>,
    /// What is backed up whatever the contract says, where some service leaves its backups open.
    pub backups: Backups,
    /// Enabled services that use a database of the host.
    pub orderings: Vec<Ordering>,
    /// What Nix refuses among the options that the repository declares, in the order of their paths.
    pub refused: Vec<Refused>,
    /// What Nix does not get past.
    pub stops: Stops,
    /// Modules that are not known, with the reason: those of flake inputs, too.
    pub unresolved: Vec<UnknownValue>,
    /// Some of the repository's own modules may be among these, or Nix stops before it has found them.
    pub lacks_modules: bool,
}

impl Host {
    /// Services of any contract that surely run.
    pub fn enabled(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(|service| matches!(service.enabled, Enabled::Yes))
    }
}

/// A test's evaluation of modules.
#[derive(Clone, Debug)]
pub struct Test {
    /// The name of the node, in a NixOS test; none where the test calls `lib.evalModules` itself.
    pub node: Option<String>,
    /// The file in which its modules are given.
    pub path: String,
}

/// An option that Nix refuses, or a definition of none.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The path, such as `qgroget.serviceModules.sonarr.port`.
    pub option: String,
    /// The service to which it belongs.
    pub service: Option<String>,
    pub kind: RefusedKind,
}

#[derive(Clone, Debug)]
pub enum RefusedKind {
    /// Definitions of one priority that do not merge, by file and place.
    Conflict { kind: ConflictKind, parties: Vec<Party>, law: Option<Span> },
    /// Two declarations that do not go together.
    Clash(Clash),
    /// A declaration that is no option and no set of them.
    Invalid {
        declaration: Invalid,
        /// Whether Nix stops for it even where nothing reads the option.
        is_met: bool,
        /// The argument of `mkOption` that is nearest to one that it does not have.
        nearest: Option<String>,
        /// Where that one could be written anew: all places in this set, or none.
        names: Vec<Span>,
    },
    /// A value is not of the option's type.
    WrongType(Finding),
    /// Something else than a set is defined where options are declared below.
    Misplaced {
        /// What it is, with its article.
        what: &'static str,
        /// Where its name is written.
        span: Option<Span>,
        /// Where one of the options is declared, and its name.
        law: Option<(String, Span)>,
    },
    /// No option is declared there.
    Undeclared {
        /// The path of the set in which it stands.
        parent: String,
        /// Where its name is written.
        span: Option<Span>,
        /// The name of the nearest option beside it.
        nearest: Option<String>,
        /// Where its name could be written anew: all places in this set, or none.
        names: Vec<Span>,
        /// Where an option beside it is declared.
        law: Option<Span>,
    },
}

/// A definition in a conflict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// Where the option's name is written.
    pub key: Option<Span>,
    /// Where the value itself is written, if not there.
    pub value: Option<Span>,
    /// The value as Nix writes it, where that is short and known.
    pub shown: Option<String>,
    /// The file of a checkout of nixpkgs that it stands in.
    pub module: Option<String>,
}

/// The middlewares of a host.
#[derive(Debug, Default)]
pub struct Middlewares {
    /// Sorted by name.
    pub all: Vec<Middleware>,
    /// Positions in `all` of those that nothing in the repository names or uses.
    pub unused: Vec<usize>,
    /// Where they were looked for.
    pub sources: Vec<String>,
    /// All of them are known.
    pub complete: bool,
}

impl Middlewares {
    /// The one of a name.
    pub fn get(&self, name: &str) -> Option<&Middleware> {
        let at = self.all.binary_search_by(|known| known.name.as_str().cmp(name)).ok()?;
        Some(&self.all[at])
    }
}

/// A middleware, with what its definition is known to say.
#[derive(Clone, Debug, Default)]
pub struct Middleware {
    pub name: String,
    /// Where its name is written; absent for one that only the configuration names.
    pub span: Option<Span>,
    /// The members of a chain, as far as they are known.
    pub chain: Vec<Located>,
    /// It asks users who they are: `forwardAuth`, `basicAuth` or `digestAuth`.
    pub asks_who: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Enabled {
    Yes,
    No,
    Unknown(Box<UnknownValue>),
}

/// A service of a host. A clone shares what is known of it.
#[derive(Clone, Debug)]
pub struct Service {
    /// The position in [`Model::contracts`].
    pub contract: usize,
    facts: Arc<ServiceFacts>,
}

impl Service {
    pub(crate) fn new(contract: usize, facts: ServiceFacts) -> Service {
        Service { contract, facts: Arc::new(facts) }
    }

    /// Whether it is the same as another without having been looked at again.
    pub fn is_kept_from(&self, other: &Service) -> bool {
        Arc::ptr_eq(&self.facts, &other.facts)
    }

    /// The field that plays a role.
    pub fn role(&self, contract: &Contract, role: Role) -> Option<&Field> {
        self.fields.get(contract.roles.field(role)?)
    }
}

impl std::ops::Deref for Service {
    type Target = ServiceFacts;

    fn deref(&self) -> &ServiceFacts {
        &self.facts
    }
}

impl std::ops::DerefMut for Service {
    fn deref_mut(&mut self) -> &mut ServiceFacts {
        Arc::make_mut(&mut self.facts)
    }
}

/// What a host's modules say of a service.
#[derive(Clone, Debug)]
pub struct ServiceFacts {
    pub name: String,
    /// Where its name is written in the file that defines most of it.
    pub span: Option<Span>,
    /// Every place where its name is written.
    pub spans: Vec<Span>,
    pub enabled: Enabled,
    /// In the order of [`Contract::fields`].
    pub fields: Vec<Field>,
    pub findings: Vec<Finding>,
    /// Where another field could be written, for one that lacks a field.
    pub room: Option<Room>,
    /// Fields whose value needs itself.
    pub recursions: Vec<Recursion>,
    /// Nothing but its switch is defined, and not in a file that is named for it.
    pub only_switch: bool,
    /// Where the name of such a service could be written anew: all places, or none.
    pub names: Vec<Span>,
    /// The definitions of fields that are to be replaced.
    pub deprecated: Vec<DeprecatedUse>,
}

/// A place between two bindings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    /// Empty, before a binding that begins its line.
    pub span: Span,
    /// What stands before that binding: the end of the line above, and blanks.
    pub indent: Box<str>,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub state: FieldState,
    pub value: Located,
    /// Those that count, in the order in which they are merged.
    pub definitions: Box<[Definition]>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldState {
    /// At least one definition counts.
    Defined,
    /// Only the contract's default counts.
    Default,
    /// Nothing defines it.
    Missing,
    /// Definitions may count, under conditions that are unknown.
    Possible,
}

/// A definition that counts.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Where the field's name is written.
    pub key: Option<Span>,
    /// Where the value is written, before variables are followed.
    pub value: Option<Span>,
}

/// Something in a service that breaks the contract on its own.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The field's path below the service, such as `databases.name`.
    pub field: String,
    pub kind: FindingKind,
    /// The offending text.
    pub site: Site,
    /// Where the contract declares the field.
    pub law: Option<Span>,
}

#[derive(Clone, Debug)]
pub enum FindingKind {
    /// A field without default that nothing defines.
    Missing { ty: String, example: String },
    WrongType {
        expected: String,
        found: String,
        members: Vec<String>,
        suggestion: Option<String>,
        written: Written,
    },
    Unknown {
        nearest: Option<String>,
        /// Where its name could be written anew: all places in this set, or none.
        names: Vec<Span>,
    },
}

/// How the text at a site gives its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Written {
    /// By way of a variable, a function or the like.
    Computed,
    /// It is a number or a plain string, and the value of the definition; more may use it.
    Literal,
    /// It is such a literal of a module, and nothing but the definition uses it.
    OwnLiteral,
}

/// A place, and the uses through which the value came.
#[derive(Clone, Debug, Default)]
pub struct Site {
    pub span: Option<Span>,
    pub through: Vec<Span>,
}
