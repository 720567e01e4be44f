//! Whether what is known of a service names a place in a file.
//!
//! Every type is taken apart in full, so that a new field cannot be forgotten.

use nixpact_modules::{Clash, Invalid};
use nixpact_source::{FileId, Span};

use crate::beside::KeptTask;
use crate::datum::{Cause, Datum, Located, UnknownValue};
use crate::deprecated::DeprecatedUse;
use crate::model::{
    Definition, Enabled, Field, Finding, FindingKind, Party, Refused, RefusedKind, Room, Service,
    ServiceFacts, Site,
};
use crate::network::{BadPort, Binding, Container, Network};
use crate::nix::recursion::{Asked, Recursion};
use crate::nix::stops::UnsupportedAttribute;
use crate::reuse::Looked;
use crate::tests::{Place, TestFacts, Tested};

pub(crate) trait Places {
    fn are_in(&self, file: FileId) -> bool;
}

impl Places for Span {
    fn are_in(&self, file: FileId) -> bool {
        self.file == file
    }
}

impl<T: Places> Places for Option<T> {
    fn are_in(&self, file: FileId) -> bool {
        self.as_ref().is_some_and(|it| it.are_in(file))
    }
}

impl<T: Places> Places for [T] {
    fn are_in(&self, file: FileId) -> bool {
        self.iter().any(|it| it.are_in(file))
    }
}

impl<T: Places + ?Sized> Places for Box<T> {
    fn are_in(&self, file: FileId) -> bool {
        (**self).are_in(file)
    }
}

impl Places for Service {
    fn are_in(&self, file: FileId) -> bool {
        let ServiceFacts {
            name: _,
            span,
            spans,
            enabled,
            fields,
            findings,
            room,
            recursions,
            only_switch: _,
            names,
            deprecated,
        } = &**self;
        span.are_in(file)
            || spans.are_in(file)
            || enabled.are_in(file)
            || fields.are_in(file)
            || findings.are_in(file)
            || room.are_in(file)
            || recursions.are_in(file)
            || names.are_in(file)
            || deprecated.are_in(file)
    }
}

impl Places for Enabled {
    fn are_in(&self, file: FileId) -> bool {
        match self {
            Enabled::Yes | Enabled::No => false,
            Enabled::Unknown(unknown) => unknown.are_in(file),
        }
    }
}

impl Places for Field {
    fn are_in(&self, file: FileId) -> bool {
        let Field { state: _, value, definitions } = self;
        value.are_in(file) || definitions.are_in(file)
    }
}

impl Places for Definition {
    fn are_in(&self, file: FileId) -> bool {
        let Definition { key, value } = self;
        key.are_in(file) || value.are_in(file)
    }
}

impl Places for Located {
    fn are_in(&self, file: FileId) -> bool {
        let Located { datum, span, is_literal: _, through } = self;
        span.are_in(file) || through.are_in(file) || datum.are_in(file)
    }
}

impl Places for Datum {
    fn are_in(&self, file: FileId) -> bool {
        match self {
            Datum::Null
            | Datum::Bool(_)
            | Datum::Int(_)
            | Datum::Float(_)
            | Datum::Str(_)
            | Datum::Path(_)
            | Datum::Function
            | Datum::Error(_) => false,
            Datum::Template { text: _, unknown } | Datum::Unknown(unknown) => unknown.are_in(file),
            Datum::List { items, rest } => items.are_in(file) || rest.are_in(file),
            Datum::Attrs { entries, rest } => {
                entries.iter().any(|(_, value)| value.are_in(file)) || rest.are_in(file)
            }
        }
    }
}

impl Places for UnknownValue {
    fn are_in(&self, file: FileId) -> bool {
        let UnknownValue { kind: _, reason: _, span, text: _, causes } = self;
        span.are_in(file) || causes.are_in(file)
    }
}

impl Places for Cause {
    fn are_in(&self, file: FileId) -> bool {
        let Cause { reason: _, span } = self;
        span.are_in(file)
    }
}

impl Places for Finding {
    fn are_in(&self, file: FileId) -> bool {
        let Finding { field: _, kind, site, law } = self;
        kind.are_in(file) || site.are_in(file) || law.are_in(file)
    }
}

impl Places for FindingKind {
    fn are_in(&self, file: FileId) -> bool {
        match self {
            FindingKind::Missing { .. } | FindingKind::WrongType { .. } => false,
            FindingKind::Unknown { nearest: _, names } => names.are_in(file),
        }
    }
}

impl Places for Site {
    fn are_in(&self, file: FileId) -> bool {
        let Site { span, through } = self;
        span.are_in(file) || through.are_in(file)
    }
}

impl Places for Room {
    fn are_in(&self, file: FileId) -> bool {
        let Room { span, indent: _ } = self;
        span.are_in(file)
    }
}

impl Places for Recursion {
    fn are_in(&self, file: FileId) -> bool {
        let Recursion { option: _, steps } = self;
        steps.are_in(file)
    }
}

impl Places for Asked {
    fn are_in(&self, file: FileId) -> bool {
        let Asked { span, option: _ } = self;
        span.are_in(file)
    }
}

impl Places for DeprecatedUse {
    fn are_in(&self, file: FileId) -> bool {
        let DeprecatedUse { at: _, key, names } = self;
        key.are_in(file) || names.are_in(file)
    }
}

impl Places for Refused {
    fn are_in(&self, file: FileId) -> bool {
        let Refused { option: _, service: _, kind } = self;
        kind.are_in(file)
    }
}

impl Places for RefusedKind {
    fn are_in(&self, file: FileId) -> bool {
        match self {
            RefusedKind::Conflict { kind: _, parties, law } => {
                parties.are_in(file) || law.are_in(file)
            }
            RefusedKind::Clash(Clash { kind: _, first, second }) => {
                first.are_in(file) || second.are_in(file)
            }
            RefusedKind::Invalid { declaration, is_met: _, nearest: _, names } => {
                let Invalid { kind: _, name, span } = declaration;
                name.are_in(file) || span.are_in(file) || names.are_in(file)
            }
            RefusedKind::WrongType(finding) => finding.are_in(file),
            RefusedKind::Misplaced { what: _, span, law } => {
                span.are_in(file) || law.as_ref().is_some_and(|(_, law)| law.are_in(file))
            }
            RefusedKind::Undeclared { parent: _, span, nearest: _, names, law } => {
                span.are_in(file) || names.are_in(file) || law.are_in(file)
            }
        }
    }
}

impl Places for Looked {
    fn are_in(&self, file: FileId) -> bool {
        let Looked { refused, recursions } = self;
        refused.are_in(file) || recursions.are_in(file)
    }
}

impl Places for KeptTask {
    fn are_in(&self, file: FileId) -> bool {
        let KeptTask { tests, left } = self;
        tests.are_in(file) || left.are_in(file)
    }
}

impl Places for Tested {
    fn are_in(&self, file: FileId) -> bool {
        let Tested { place, call, is_own: _, facts } = self;
        place.are_in(file) || call.are_in(file) || facts.are_in(file)
    }
}

impl Places for Place {
    fn are_in(&self, file: FileId) -> bool {
        let Place { span, node: _ } = self;
        span.are_in(file)
    }
}

impl Places for TestFacts {
    fn are_in(&self, file: FileId) -> bool {
        let TestFacts { test: _, services, refused, unsupported } = self;
        services.are_in(file) || refused.are_in(file) || unsupported.are_in(file)
    }
}

impl Places for UnsupportedAttribute {
    fn are_in(&self, file: FileId) -> bool {
        let UnsupportedAttribute { name: _, span, explicit: (_, at), meant: _, names, may_move: _ } =
            self;
        span.are_in(file) || at.are_in(file) || names.are_in(file)
    }
}

impl Places for Network {
    fn are_in(&self, file: FileId) -> bool {
        let Network { bindings, bad_ports, containers, inside_containers: _, open_ports } = self;
        bindings.are_in(file)
            || bad_ports.are_in(file)
            || containers.are_in(file)
            || open_ports.are_in(file)
    }
}

impl Places for Binding {
    fn are_in(&self, file: FileId) -> bool {
        let Binding {
            name: _,
            option: _,
            setting: _,
            form: _,
            kind: _,
            default_of: _,
            first: _,
            last: _,
            protocol: _,
            address: _,
            span,
            text,
            files,
            parts_of: _,
        } = self;
        span.are_in(file) || text.are_in(file) || files.contains(&file)
    }
}

impl Places for BadPort {
    fn are_in(&self, file: FileId) -> bool {
        let BadPort { option: _, shown: _, span } = self;
        span.are_in(file)
    }
}

impl Places for Container {
    fn are_in(&self, file: FileId) -> bool {
        let Container { name: _, files, is_on_host: _ } = self;
        files.contains(&file)
    }
}

impl Places for Party {
    fn are_in(&self, file: FileId) -> bool {
        let Party { key, value, shown: _, module: _ } = self;
        key.are_in(file) || value.are_in(file)
    }
}
