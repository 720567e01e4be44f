//! Two of those that listen on a host claim the same port.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use nixpact_contract::{BindingKind, Host, Model, Protocol, Role};
use nixpact_diagnostics::Diagnostic;
use nixpact_source::Span;

use super::claims::{Claim, Claimant, Collision, claims, collide, field};
use super::free_ports::{FreePorts, Places};
use crate::lint::{Level, Sink, declare_lint};
use crate::options::{LintOption, OptionKind};
use crate::text::{fix, origin, quoted_list, rewrite, value_span};

declare_lint! {
    #[doc = include_str!("duplicate_port.md")]
    pub static DUPLICATE_PORT = {
        name: "duplicate-port",
        summary: "two services of one host claim the same port",
        level: Level::Deny,
        options: &[LintOption {
            name: "shared",
            kind: OptionKind::Integers,
            summary: "ports that several services may claim on purpose",
        }],
        check,
    }
}

/// More claimants of one port are not listed beside each of them.
const SHOWN: usize = 8;

fn check(model: &Model, sink: &mut Sink<'_>) {
    // Where all is well nobody asks which ports are free.
    let places = LazyCell::new(|| {
        let hosts = model.machines().map(|host| Places::of(model, host));
        hosts.collect::<Vec<Places>>()
    });
    let mut ports: Option<FreePorts<'_>> = None;
    for (index, host) in model.machines().enumerate() {
        let claims = claims(model, host);
        let met = Met::of(&claims);
        for (at, claim) in claims.iter().enumerate() {
            let earlier = met.by(at, &claims).into_iter().filter_map(|other| {
                let other = &claims[other];
                Some((other, collide(model, host, claim, other)?))
            });
            let mut others: Vec<(&Claim<'_>, Collision)> = earlier.collect();
            // What is certain is not made less so by what may be otherwise.
            if others.iter().any(|(_, collision)| collision.unless.is_none()) {
                others.retain(|(_, collision)| collision.unless.is_none());
            }
            others.truncate(SHOWN);
            let Some((first, _)) = others.first() else { continue };
            let port = i64::from(claim.first.max(first.first));
            if sink.options().integers("shared").contains(&port) {
                continue;
            }
            let place = Place { model, host, places: &places[index] };
            let ports = ports.get_or_insert_with(|| FreePorts::of(model, &places));
            let text = own_text(ports, &place, claim);
            let free = ports.take(index, text, port);
            let mut finding = begin(sink, host, port, claim, &others);
            if let (Some(text), Some(free)) = (text, free) {
                finding = rewrite(finding, &[text], &free.to_string());
            }
            sink.push(describe(finding, &place, claim, &others, free));
        }
    }
}

/// Which claims have a port in common.
struct Met {
    /// By port, those of a single one, in their order.
    single: BTreeMap<u16, Vec<usize>>,
    ranges: Vec<usize>,
}

impl Met {
    fn of(claims: &[Claim<'_>]) -> Met {
        let mut met = Met { single: BTreeMap::new(), ranges: Vec::new() };
        for (at, claim) in claims.iter().enumerate() {
            match claim.first == claim.last {
                true => met.single.entry(claim.first).or_default().push(at),
                false => met.ranges.push(at),
            }
        }
        met
    }

    /// The claims that come by their name before the one at `at` and meet it.
    fn by(&self, at: usize, claims: &[Claim<'_>]) -> Vec<usize> {
        let claim = &claims[at];
        let key = |at: usize| (claims[at].name(), claims[at].full_name(), at);
        let single = self.single.range(claim.first..=claim.last).flat_map(|(_, claims)| claims);
        let is_met = |other: &&usize| {
            claims[**other].first <= claim.last && claim.first <= claims[**other].last
        };
        let ranges = self.ranges.iter().filter(is_met);
        let mut met: Vec<usize> =
            single.chain(ranges).copied().filter(|other| key(*other) < key(at)).collect();
        met.sort_by_key(|other| key(*other));
        met
    }
}

/// Where a claim is looked at.
struct Place<'m> {
    model: &'m Model,
    host: &'m Host,
    places: &'m Places,
}

impl Place<'_> {
    /// Where a claim is written.
    fn span(&self, claim: &Claim<'_>) -> Option<Span> {
        match claim.by {
            Claimant::Port(service) => self.places.of_service(self.model, service),
            Claimant::Url(service) => {
                let contract = &self.model.contracts[service.contract];
                service.role(contract, Role::Url).and_then(value_span)
            }
            Claimant::Binding(binding) => binding.span,
        }
    }
}

/// The number that says the port of this claim, and of no other.
fn own_text(ports: &FreePorts<'_>, place: &Place<'_>, claim: &Claim<'_>) -> Option<Span> {
    match claim.by {
        Claimant::Port(service) => ports.own_text(place.model, service),
        Claimant::Url(_) => None,
        Claimant::Binding(binding) => {
            binding.text.filter(|text| claim.first == claim.last && ports.is_own(*text))
        }
    }
}

fn begin(
    sink: &Sink<'_>,
    host: &Host,
    port: i64,
    claim: &Claim<'_>,
    others: &[(&Claim<'_>, Collision)],
) -> Diagnostic {
    let protocol = match claim.protocol() {
        Protocol::Tcp => "Port",
        Protocol::Udp => "UDP port",
    };
    let first = others.first().map_or("", |(other, _)| name_beside(other, claim));
    let message =
        format!("{protocol} {port} conflict between '{first}' and '{}'", own_name(claim, others));
    match others.first().and_then(|(_, collision)| collision.unless.as_ref()) {
        Some(unless) => sink.possible(Some(host), message).note(format!("Unless {unless}")),
        None => sink.finding(Some(host), message),
    }
}

/// The name of a claim beside another one.
fn name_beside<'m>(claim: &Claim<'m>, other: &Claim<'_>) -> &'m str {
    if claim.name() == other.name() { claim.full_name() } else { claim.name() }
}

fn own_name<'m>(claim: &Claim<'m>, others: &[(&Claim<'_>, Collision)]) -> &'m str {
    others.first().map_or(claim.name(), |(other, _)| name_beside(claim, other))
}

fn describe(
    mut finding: Diagnostic,
    place: &Place<'_>,
    claim: &Claim<'_>,
    others: &[(&Claim<'_>, Collision)],
    free: Option<i64>,
) -> Diagnostic {
    let name = own_name(claim, others);
    finding = finding.service(name);
    if others.len() > 1 {
        let names = others.iter().map(|(other, _)| name_beside(other, claim)).chain([name]);
        finding = finding.note(format!("{} all claim it", quoted_list(names)));
    }
    if let Some(span) = place.span(claim) {
        finding = finding.primary(span, says(claim));
    }
    for (other, _) in others {
        let name = name_beside(other, claim);
        finding = finding.service(name);
        if let Some(span) = place.span(other) {
            finding = finding.secondary(span, has_already(other, name));
        }
    }
    for party in others.iter().map(|(other, _)| *other).chain([claim]) {
        if let Claimant::Port(service) = party.by
            && let Some(field) = field(place.model, service)
        {
            finding = origin(finding, &field.value, place.span(party));
        }
    }
    for module in others.iter().map(|(other, _)| *other).chain([claim]).filter_map(default_of) {
        finding = finding
            .note(format!("The default is that of nixos/modules/services/{module} in nixpkgs"));
    }
    if opens(place.host, i64::from(claim.first)) {
        finding = finding.note("networking.firewall opens it: a change has to be made there, too");
    }
    match free.and_then(|free| remedy(place, claim, free)) {
        Some(remedy) => finding.note(remedy),
        None => finding,
    }
}

/// What a claim does with the port.
fn says(claim: &Claim<'_>) -> String {
    match claim.by {
        Claimant::Port(service) => format!("'{}' claims it here", service.name),
        Claimant::Url(service) => format!("the backend of '{}' is there", service.name),
        Claimant::Binding(binding) => match binding.kind {
            BindingKind::Published => format!("'{}' publishes it here", binding.name),
            BindingKind::EntryPoint => {
                format!("Traefik's entry point '{}' listens on it", binding.name)
            }
            _ if binding.default_of.is_some() => {
                format!("{} listens on it by default", binding.option)
            }
            _ => format!("{} listens on it", binding.option),
        },
    }
}

fn default_of(claim: &Claim<'_>) -> Option<&'static str> {
    match claim.by {
        Claimant::Binding(binding) => binding.default_of,
        Claimant::Port(_) | Claimant::Url(_) => None,
    }
}

fn has_already(claim: &Claim<'_>, name: &str) -> String {
    match claim.by {
        Claimant::Port(_) | Claimant::Url(_) => format!("'{name}' already has it"),
        Claimant::Binding(_) => says(claim),
    }
}

/// Whether the firewall lets a port through.
fn opens(host: &Host, port: i64) -> bool {
    host.network.open_ports.iter().any(|open| open.as_int() == Some(port))
}

fn remedy(place: &Place<'_>, claim: &Claim<'_>, free: i64) -> Option<String> {
    match claim.by {
        Claimant::Port(service) => {
            let contract = &place.model.contracts[service.contract];
            let decl = contract.role(Role::Port)?;
            Some(fix(contract, &service.name, &decl.name, &free.to_string()))
        }
        Claimant::Url(_) => None,
        Claimant::Binding(binding) => {
            let setting = binding.setting.as_ref()?;
            Some(match binding.form.write(free) {
                Some(value) => format!("Fix: {setting} = {value};"),
                None => format!("Fix: publish another port in {setting}, such as {free}"),
            })
        }
    }
}
