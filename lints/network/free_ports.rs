//! Where the services of a host write their ports, and which ports are still to be had.

use std::collections::{BTreeMap, BTreeSet};

use nixpact_contract::{Host, Model, Service};
use nixpact_source::Span;

use super::claims::field;
use crate::text::value_span;

/// The ports that are still to be had.
pub(super) struct FreePorts<'p> {
    /// By host: every port that a service has, running or not, and what was already proposed.
    taken: Vec<BTreeSet<i64>>,
    /// What was proposed for a text that several hosts share.
    proposed: BTreeMap<Span, i64>,
    places: &'p [Places],
}

impl<'p> FreePorts<'p> {
    /// Of all machines, in their order.
    pub fn of(model: &Model, places: &'p [Places]) -> FreePorts<'p> {
        let taken = |host: &Host| {
            let fields = host.services.iter().filter_map(|service| field(model, service));
            let bindings = host.network.bindings.iter();
            let bound = bindings.flat_map(|it| i64::from(it.first)..=i64::from(it.last));
            fields.filter_map(|field| field.value.as_int()).chain(bound).collect()
        };
        let taken = model.machines().map(taken).collect();
        FreePorts { taken, proposed: BTreeMap::new(), places }
    }

    /// The number that says the port of this service, and of no other on any host.
    pub fn own_text(&self, model: &Model, service: &Service) -> Option<Span> {
        let field = field(model, service)?;
        let span = field.value.span.filter(|_| field.value.is_literal)?;
        (field.definitions.len() == 1 && self.is_own(span)).then_some(span)
    }

    /// Whether a number says the port of nothing else.
    pub fn is_own(&self, text: Span) -> bool {
        self.places.iter().all(|places| places.values.get(&text).is_none_or(|uses| *uses == 1))
    }

    /// The next port that is free on the host, and on all others that share the text which says it.
    pub fn take(&mut self, host: usize, text: Option<Span>, port: i64) -> Option<i64> {
        if let Some(proposed) = text.and_then(|text| self.proposed.get(&text)) {
            return Some(*proposed);
        }
        let shares = |at: &usize| {
            *at == host || text.is_some_and(|text| self.places[*at].values.contains_key(&text))
        };
        let hosts: Vec<usize> = (0..self.taken.len()).filter(shares).collect();
        let is_free = |port: &i64| hosts.iter().all(|host| !self.taken[*host].contains(port));
        let free = (port + 1..=65_535).find(is_free)?;
        for host in hosts {
            self.taken[host].insert(free);
        }
        self.proposed.extend(text.map(|text| (text, free)));
        Some(free)
    }
}

/// Where the services of a host write their ports, and how many write it at the same place: a helper
/// that makes several services says nothing of the one that is meant.
pub(super) struct Places {
    definitions: BTreeMap<Span, usize>,
    values: BTreeMap<Span, usize>,
}

impl Places {
    pub fn of(model: &Model, host: &Host) -> Places {
        let mut places = Places { definitions: BTreeMap::new(), values: BTreeMap::new() };
        for field in host.services.iter().filter_map(|service| field(model, service)) {
            let definition = value_span(field);
            let counted =
                [(&mut places.definitions, definition), (&mut places.values, field.value.span)];
            for (counts, span) in counted {
                if let Some(span) = span {
                    *counts.entry(span).or_default() += 1;
                }
            }
        }
        for span in host.network.bindings.iter().filter_map(|binding| binding.text) {
            *places.values.entry(span).or_default() += 1;
        }
        places
    }

    /// The definition; the value where services share the definition; the service where the contract's
    /// default is the claim.
    pub fn of_service(&self, model: &Model, service: &Service) -> Option<Span> {
        let field = field(model, service)?;
        if field.definitions.is_empty() {
            return service.span;
        }
        let definition = value_span(field)?;
        match self.definitions.get(&definition) {
            Some(2..) => self.own_value(model, service).or(Some(definition)),
            _ => Some(definition),
        }
    }

    /// The text of the value, where it is that of no other service.
    fn own_value(&self, model: &Model, service: &Service) -> Option<Span> {
        let field = field(model, service)?;
        let span = field.value.span.filter(|_| !field.definitions.is_empty())?;
        (self.values.get(&span) == Some(&1)).then_some(span)
    }
}
