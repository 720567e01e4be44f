//! How the modules of services are laid out, as far as the repository has conventions for it.

pub(crate) mod conventions;
pub(crate) mod headings;

use std::collections::BTreeMap;
use std::sync::Arc;

use nixpact_eval::Evaluator;
use nixpact_modules::flake_check_names;
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;
use rustc_hash::FxHashSet;

use crate::model::{Contract, Model, Service};
use crate::roles::Role;
use crate::settings::Settings;
use crate::structure::conventions::Conventions;
use crate::structure::headings::headings;
use crate::text::facts::{File, FileFacts};
use crate::text::scan::{Conditional, Read, ReadKind, Scan};

/// What there is to be said about the layout. All of it concerns the first contract.
#[derive(Debug, Default)]
pub struct Structure {
    pub conventions: Conventions,
    /// Sorted by path.
    pub modules: Vec<ServiceModule>,
    /// The files that are where the test of a service belongs, sorted by path.
    pub tests: Vec<TestFile>,
    /// Absent where there may be more.
    pub checks: Option<Checks>,
}

/// The checks of the flake, for one system.
#[derive(Debug)]
pub struct Checks {
    /// In the order of their names.
    pub names: Vec<String>,
    /// Where they are written.
    pub span: Option<Span>,
    /// Such as `x86_64-linux`.
    pub system: String,
}

#[derive(Debug)]
pub struct TestFile {
    pub service: String,
    pub path: String,
    /// The beginning of the file.
    pub span: Span,
}

/// A file that declares services, and is no settings file that only switches them on.
#[derive(Debug)]
pub struct ServiceModule {
    pub path: String,
    pub services: Vec<Declared>,
    pub imported: Imported,
    /// The comments that stand on a line of their own, in lower case, without ornaments.
    pub headings: Vec<String>,
    /// It has to do with secrets.
    pub has_secrets: bool,
    pub reads: Vec<ContractRead>,
    /// Definitions of services that another file declares.
    pub writes: Vec<ContractWrite>,
    pub addresses: Vec<DatabaseAddress>,
    pub switches: Vec<RuntimeSwitch>,
}

#[derive(Debug)]
pub struct Declared {
    pub name: String,
    /// Where its name is written in this file.
    pub span: Span,
    /// The services that it depends on; none where they are not known, or the contract has no such field.
    pub depends_on: Option<Vec<String>>,
    /// Whether the file is there in which its test belongs.
    pub has_test: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imported {
    Yes,
    /// No host imports it.
    No,
    /// Not all modules of the hosts are known.
    Unknown,
}

/// A use of the contract's option.
#[derive(Debug)]
pub struct ContractRead {
    /// None for all services together.
    pub service: Option<String>,
    pub field: Option<String>,
    pub span: Span,
    /// Where the service is declared, if another file does.
    pub declared: Option<Span>,
}

#[derive(Debug)]
pub struct ContractWrite {
    pub service: String,
    pub span: Span,
    pub declared: Option<Span>,
}

/// An address of a database that is put together, or written down, in a string.
#[derive(Debug)]
pub struct DatabaseAddress {
    pub span: Span,
    /// Such as `postgresql`.
    pub scheme: &'static str,
}

/// A part of a service's contract that depends on how the service runs.
#[derive(Debug)]
pub struct RuntimeSwitch {
    pub service: String,
    pub field: Option<String>,
    /// Where the field's name is written.
    pub span: Span,
    pub condition: Span,
    /// The option that the condition reads.
    pub option: String,
}

pub(crate) fn add<'a>(
    ev: &Evaluator<'a>,
    facts: &[Arc<FileFacts>],
    settings: &Settings,
    imported: &FxHashSet<FileId>,
    model: &mut Model,
) {
    let conventions = settings.conventions.clone();
    if conventions.is_empty() {
        return;
    }
    let Some(contract) = model.contracts.first() else { return };
    let places = places(ev, contract, imported, model);
    let mut found = Structure { conventions, ..Structure::default() };
    let about = About {
        option: contract.option.split('.').map(Symbol::new).collect(),
        switch: contract.role(Role::Enable).map(|field| Symbol::new(&field.name)),
        main: places.iter().map(|(_, it)| (it.name.as_str(), it.span)).collect(),
        runtime: found.conventions.runtime.iter().map(|path| symbols(path)).collect(),
        connections: found.conventions.connections.as_deref().map(symbols),
    };
    let mut files: BTreeMap<FileId, Vec<&Place>> = BTreeMap::new();
    for (file, place) in &places {
        files.entry(*file).or_default().push(place);
    }
    for (file, places) in files {
        let (Some(ast), Some(facts)) = (ev.ast(file), facts.get(file.index())) else { continue };
        let declared = places.iter().map(|place| Declared {
            name: place.name.clone(),
            span: place.span,
            depends_on: place.depends_on.clone(),
            has_test: has_test(ev, &found.conventions, &place.name),
        });
        let declared = declared.collect();
        let file = File { ast, facts };
        let status = status(ast.file, imported, model);
        found.modules.push(about.module(ev, file, declared, status));
    }
    found.tests = tests(ev, &found);
    found.checks = checks(ev);
    model.structure = found;
}

/// A service, and where its module names it.
struct Place {
    name: String,
    span: Span,
    depends_on: Option<Vec<String>>,
}

/// The services of the first contract, each with the file that declares it.
fn places(
    ev: &Evaluator<'_>,
    contract: &Contract,
    imported: &FxHashSet<FileId>,
    model: &Model,
) -> Vec<(FileId, Place)> {
    let mut places: BTreeMap<(FileId, &str), Place> = BTreeMap::new();
    for host in model.hosts.iter().chain(&model.loose) {
        let is_module = |file: FileId| match host.file {
            Some(only) => only == file,
            None => imported.contains(&file),
        };
        for service in host.services.iter().filter(|service| service.contract == 0) {
            let Some(span) = declaration(ev, service, contract, &is_module) else { continue };
            let path = &ev.sources.file(span.file).path;
            // A directory such as `_template` holds no service.
            if path.split('/').any(|name| name.starts_with('_')) {
                continue;
            }
            let known = places.entry((span.file, service.name.as_str())).or_insert(Place {
                name: service.name.clone(),
                span,
                depends_on: Some(Vec::new()),
            });
            let more = depends_on(service, contract);
            known.depends_on =
                known.depends_on.take().zip(more).map(|(known, more)| [known, more].concat());
        }
    }
    places.into_iter().map(|((file, _), place)| (file, place)).collect()
}

fn depends_on(service: &Service, contract: &Contract) -> Option<Vec<String>> {
    let field = service.role(contract, Role::DependsOn)?;
    if field.value.unknown().is_some() {
        return None;
    }
    Some(field.value.items().iter().filter_map(|item| item.as_str()).map(str::to_owned).collect())
}

/// Where a module names a service that it declares; one that only switches it on does not.
fn declaration(
    ev: &Evaluator<'_>,
    service: &Service,
    contract: &Contract,
    is_module: &dyn Fn(FileId) -> bool,
) -> Option<Span> {
    let switch = contract.roles.field(Role::Enable);
    let keys = |file: FileId| {
        let fields = service.fields.iter().enumerate();
        fields.flat_map(move |(at, field)| {
            let here = field.definitions.iter().filter_map(|it| it.key);
            here.filter(move |key| key.file == file).map(move |_| at)
        })
    };
    let only_switches = |file: FileId| {
        let mut fields = keys(file).peekable();
        fields.peek().is_some() && fields.all(|field| Some(field) == switch)
    };
    let candidates =
        service.spans.iter().filter(|it| is_module(it.file) && !only_switches(it.file));
    // What is made for several services is not where one of them is declared.
    let is_written = |span: Span| {
        let after = ev.sources.file(span.file).text.get(span.end as usize..).unwrap_or_default();
        after.trim_start().starts_with(['=', '.'])
    };
    candidates.rev().max_by_key(|span| (keys(span.file).count(), is_written(**span))).copied()
}

fn status(file: FileId, imported: &FxHashSet<FileId>, model: &Model) -> Imported {
    if imported.contains(&file) {
        Imported::Yes
    } else if !model.hosts.is_empty()
        && model.hosts_unknown.is_none()
        && !model.hosts.iter().any(|host| host.lacks_modules)
    {
        Imported::No
    } else {
        Imported::Unknown
    }
}

fn has_test(ev: &Evaluator<'_>, conventions: &Conventions, service: &str) -> bool {
    let Some(template) = &conventions.test else { return false };
    if ev.sources.id(&template.fill(service)).is_some() {
        return true;
    }
    ev.sources.files().iter().any(|file| template.is_for(service, &file.path))
}

/// Tests of the services that there are.
fn tests(ev: &Evaluator<'_>, found: &Structure) -> Vec<TestFile> {
    let Some(template) = &found.conventions.test else { return Vec::new() };
    let is_service = |name: &str| {
        found.modules.iter().flat_map(|module| &module.services).any(|it| it.name == name)
    };
    let files = ev.sources.files().iter().enumerate();
    let files = files.filter_map(|(at, file)| {
        let service = template.service(&file.path).filter(|name| is_service(name))?;
        let span = Span::new(FileId::new(at as u32), 0, 0);
        Some(TestFile { service: service.to_owned(), path: file.path.clone(), span })
    });
    files.collect()
}

fn checks(ev: &Evaluator<'_>) -> Option<Checks> {
    let (system, names, span) = flake_check_names(ev)?;
    Some(Checks { system, span, names: names.iter().map(Symbol::to_string).collect() })
}

fn symbols(path: &[String]) -> Vec<Symbol> {
    path.iter().map(|name| Symbol::new(name)).collect()
}

/// What modules are asked about.
struct About<'m> {
    option: Vec<Symbol>,
    switch: Option<Symbol>,
    /// The services, and where they are declared.
    main: BTreeMap<&'m str, Span>,
    runtime: Vec<Vec<Symbol>>,
    connections: Option<Vec<Symbol>>,
}

impl About<'_> {
    fn module(
        &self,
        ev: &Evaluator<'_>,
        file: File<'_>,
        services: Vec<Declared>,
        imported: Imported,
    ) -> ServiceModule {
        let scan = file.scan();
        let file = ev.sources.file(file.ast.file);
        let is_own = |name: &str| services.iter().any(|service| service.name == name);
        ServiceModule {
            path: file.path.clone(),
            imported,
            headings: headings(&file.text),
            has_secrets: has_secrets(scan),
            reads: scan.reads.iter().filter_map(|read| self.read(read, &is_own)).collect(),
            writes: self.writes(scan, &is_own),
            addresses: self.addresses(scan),
            switches: self.switches(scan, &is_own),
            services,
        }
    }

    fn declared(&self, service: &str) -> Option<Span> {
        self.main.get(service).copied()
    }

    fn read(&self, read: &Read, is_own: &dyn Fn(&str) -> bool) -> Option<ContractRead> {
        let mut rest = read.path.strip_prefix(&self.option[..])?.iter();
        let service = rest.next().map(|name| name.to_string());
        // A name that is not known may be its own.
        let is_meant = match &service {
            Some(service) => !is_own(service),
            None => !read.open,
        };
        (is_meant && read.kind != ReadKind::Alias).then(|| ContractRead {
            declared: service.as_deref().and_then(|service| self.declared(service)),
            service,
            field: rest.next().map(|name| name.to_string()),
            span: read.span,
        })
    }

    fn writes(&self, scan: &Scan, is_own: &dyn Fn(&str) -> bool) -> Vec<ContractWrite> {
        let mut writes: Vec<ContractWrite> = Vec::new();
        for binding in &scan.bindings {
            let Some([service]) = binding.path.strip_prefix(&self.option[..]) else { continue };
            let service = service.to_string();
            if !binding.open && !is_own(&service) && self.main.contains_key(service.as_str()) {
                let declared = self.declared(&service);
                writes.push(ContractWrite { service, span: binding.key, declared });
            }
        }
        writes
    }

    fn addresses(&self, scan: &Scan) -> Vec<DatabaseAddress> {
        let Some(connections) = &self.connections else { return Vec::new() };
        let is_structured =
            |paths: &[Vec<Symbol>]| paths.iter().any(|path| path.starts_with(connections));
        let by_hand = scan.urls.iter().filter(|url| !url.has_unknown && !is_structured(&url.paths));
        by_hand.map(|url| DatabaseAddress { span: url.span, scheme: url.scheme }).collect()
    }

    fn switches(&self, scan: &Scan, is_own: &dyn Fn(&str) -> bool) -> Vec<RuntimeSwitch> {
        let mut found = Vec::new();
        for Conditional { condition, whole } in &scan.conditionals {
            let mut reads = scan.reads.iter().filter(|read| condition.holds(read.span));
            let Some(read) = reads.find(|read| self.is_runtime(&read.path)) else { continue };
            let binding = scan.bindings.iter().find_map(|binding| {
                let rest = binding.path.strip_prefix(&self.option[..])?;
                let (service, fields) = rest.split_first()?;
                let field = fields.first();
                let depends =
                    whole.holds(binding.key) || (field.is_some() && binding.value.holds(*whole));
                let is_meant = is_own(service.as_str()) && !binding.open && depends;
                // Whether it runs at all may well depend on it.
                (is_meant && (field.is_none() || field.copied() != self.switch))
                    .then(|| (service.to_string(), field.map(Symbol::to_string), binding.key))
            });
            if let Some((service, field, span)) = binding {
                let option = read.path.iter().map(Symbol::to_string).collect::<Vec<_>>().join(".");
                found.push(RuntimeSwitch { service, field, span, condition: *condition, option });
            }
        }
        found
    }

    fn is_runtime(&self, path: &[Symbol]) -> bool {
        self.runtime.iter().any(|pattern| {
            let fits =
                |(wanted, name): (&Symbol, &Symbol)| wanted.as_str() == "*" || wanted == name;
            pattern.len() <= path.len() && pattern.iter().zip(path).all(fits)
        })
    }
}

fn has_secrets(scan: &Scan) -> bool {
    let is_secret = |path: &[Symbol]| match path {
        [first, ..] if first.as_str() == "sops" => true,
        [first, second, ..] => first.as_str() == "age" && second.as_str() == "secrets",
        _ => false,
    };
    scan.reads.iter().any(|read| is_secret(&read.path))
        || scan.bindings.iter().any(|binding| is_secret(&binding.path))
}
