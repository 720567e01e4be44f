//! Damages to ports, names and routes.

use nixpact_contract::Role;

use crate::Kind;
use crate::base::{Base, Mutant};
use crate::style::{Rng, definition, int, string};

pub const KINDS: &[Kind] = &[
    Kind { lint: "duplicate-port", damage: take_port },
    Kind { lint: "duplicate-port", damage: publish_port },
    Kind { lint: "duplicate-port", damage: listen_on_port },
    Kind { lint: "unknown-middleware", damage: misspell_middleware },
    Kind { lint: "duplicate-hostname", damage: take_name },
    Kind { lint: "exposed-without-hostname", damage: empty_domain },
    Kind { lint: "port-not-in-range", damage: exceed_range },
    Kind { lint: "middleware-cycle", damage: chain_in_a_circle },
    Kind { lint: "unused-middleware", damage: define_for_nobody },
];

/// The port of another service.
fn take_port(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let (service, other) = (base.enabled(rng)?, base.enabled(rng)?);
    let value = base.own(service, base.role(service, Role::Port)?)?.value?;
    let taken = base.role(other, Role::Port)?.value.as_int()?;
    let text = int(rng, taken);
    (service.name != other.name).then(|| Mutant::new(base.replace(value, definition(rng, &text))))
}

/// A container without relation to any service.
fn publish_port(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let other = base.enabled(rng)?;
    let taken = base.role(other, Role::Port)?.value.as_int()?;
    let text = match rng.below(0..5) {
        0 => format!("\"{taken}:80\""),
        1 => format!("\"0.0.0.0:{taken}:80/tcp\""),
        2 => format!("\"{}-{}:1000-1004\"", taken - 2, taken + 2),
        3 => format!("\"[::]:{taken}:80\""),
        _ => format!("\"${{toString {taken}}}:80\""),
    };
    let option = match rng.below(0..3) {
        0 => "virtualisation.oci-containers.containers.zz-test.ports",
        1 => "virtualisation.quadlet.containers.zz-test.containerConfig.publishPorts",
        _ => "virtualisation.quadlet.pods.zz-test.podConfig.publishPorts",
    };
    let list = definition(rng, &format!("[{text}]"));
    let edit = base.module(&format!("  {option} = {list};"));
    Some(Mutant::new(edit))
}

/// A service of NixOS that the contract knows nothing of.
fn listen_on_port(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let other = base.enabled(rng)?;
    let taken = base.role(other, Role::Port)?.value.as_int()?;
    let text = int(rng, taken);
    let port = definition(rng, &text);
    let line = match rng.below(0..3) {
        0 => format!("  services.cockpit = {{ enable = true; port = {port}; }};"),
        1 => format!(
            "  services.prometheus = {{ enable = true; port = {port}; listenAddress = \"0.0.0.0\"; }};"
        ),
        _ => format!(
            "  services.forgejo = {{ enable = lib.mkForce true; settings.server.HTTP_PORT = {port}; }};"
        ),
    };
    Some(Mutant::new(base.module(&line)))
}

fn misspell_middleware(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    const WRONG: &[&str] = &["auth-sso", "rate-limits", "chain-autelia", "zz"];
    let service = base.enabled(rng)?;
    let value = base.own(service, base.role(service, Role::Middlewares)?)?.value?;
    let wrong = rng.pick(WRONG).copied()?;
    let list = format!("[\"compress\" {}]", string(rng, wrong));
    Some(Mutant::new(base.replace(value, definition(rng, &list))))
}

/// The subdomain of another service.
fn take_name(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let (service, other) = (base.enabled(rng)?, base.enabled(rng)?);
    let value = base.own(service, base.role(service, Role::Subdomain)?)?.value?;
    let taken = base.role(other, Role::Subdomain)?.value.as_str()?;
    let is_exposed =
        |service| base.role(service, Role::Exposed).and_then(|it| it.value.as_bool()) == Some(true);
    let text = match rng.below(0..3) {
        0 => string(rng, &taken.to_uppercase()),
        _ => string(rng, taken),
    };
    (service.name != other.name && is_exposed(service) && is_exposed(other))
        .then(|| Mutant::new(base.replace(value, definition(rng, &text))))
}

fn empty_domain(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let service = base.enabled(rng)?;
    let exposed = base.role(service, Role::Exposed)?;
    let span = exposed.definitions.first()?.value.filter(|span| {
        exposed.value.as_bool() == Some(true) && base.path(*span).contains(&service.name)
    })?;
    let name = nixpact_contract::attribute_name(&service.name);
    let nothing = string(rng, "");
    let line = format!("  qgroget.serviceModules.{name}.domain = {nothing};");
    let at = (base.path(span).to_owned(), span.start as usize..span.end as usize);
    Some(Mutant { edits: vec![base.module(&line)], at, also: &[] })
}

fn exceed_range(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let wrong = 65_536 + rng.below(0..40_000) as i64;
    let line = match rng.below(0..3) {
        0 => format!("  networking.firewall.allowedTCPPorts = [22 {}];", int(rng, wrong)),
        1 => format!("  networking.firewall.allowedUDPPorts = lib.mkAfter [{}];", int(rng, wrong)),
        _ => {
            let mapping = string(rng, &format!("{wrong}:80"));
            format!("  virtualisation.oci-containers.containers.zz.ports = [{mapping}];")
        }
    };
    Some(Mutant::new(base.module(&line)))
}

fn chain_in_a_circle(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let (first, second) = (string(rng, "zz-b"), string(rng, "zz-a"));
    let line = match rng.below(0..3) {
        0 => format!("  qgroget.traefik.middlewares.zz-b.chain.middlewares = [{first}];"),
        1 => format!(
            "  qgroget.traefik.middlewares = {{ zz-a.chain.middlewares = [\"compress\" {first}]; \
             zz-b.chain.middlewares = [{second}]; }};"
        ),
        _ => format!(
            "  qgroget.traefik = {{ middlewares = lib.mkMerge [{{ zz-b.chain.middlewares = [{second}]; }} \
             {{ zz-a.chain = {{ middlewares = [{first}]; }}; }}]; }};"
        ),
    };
    Some(Mutant::new(base.module(&line)))
}

fn define_for_nobody(base: &Base, rng: &mut Rng) -> Option<Mutant> {
    let kind =
        rng.pick(&["compress = { }", "rateLimit.average = 3", "headers.frameDeny = true"])?;
    let line = format!("  qgroget.traefik.middlewares.zz-nobody.{kind};");
    Some(Mutant::new(base.module(&line)))
}
