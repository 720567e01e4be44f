//! The hosts of a repository, and the modules of each.

use nixpact_eval::{Evaluator, Reason, Stop, Unknown};
use nixpact_modules::{Source, Universe, flake_hosts, hosts_without_flake, outputs_span};

use crate::datum::{UnknownValue, unknown_value};
use crate::model::{Model, UnknownHosts};
use crate::nix::failure::failure;
use crate::nix::imports;
use crate::roots::{Root, configurations, flakes_below, roots};
use crate::settings::Settings;

/// A host's name and its modules.
pub struct Named<'a> {
    pub name: Option<String>,
    pub universe: &'a Universe<'a>,
    /// Its modules are all that there are, and not a guess at some of them.
    pub(crate) is_complete: bool,
}

/// The hosts of the repository, as [`build`](crate::build()) finds them, and why there may be others.
pub fn hosts<'a>(
    ev: &Evaluator<'a>,
    settings: &Settings,
) -> (Vec<Named<'a>>, Option<UnknownHosts>) {
    let mut model = Model::default();
    (universes(ev, settings, &mut model), model.hosts_unknown)
}

pub(crate) fn universes<'a>(
    ev: &Evaluator<'a>,
    settings: &Settings,
    model: &mut Model,
) -> Vec<Named<'a>> {
    let flake = ev.sources.id("flake.nix");
    model.outputs = flake.and_then(|flake| outputs_span(ev, flake));
    let unknown_hosts = |why: UnknownValue| {
        let is_in_input = flake.is_some() && why.is_of_another_flake() && !ev.reads_inputs();
        UnknownHosts { why, is_in_input }
    };
    // Any set of modules may stand in a file. Where it is said which are hosts, these are meant.
    let are_named = !settings.hosts.is_empty() || settings.modules_given;
    let without_flake = || hosts_without_flake(ev, !are_named);
    match flake.map(|flake| flake_hosts(ev, flake)).or_else(without_flake) {
        Some(Ok(hosts)) => {
            // What flake-parts may add to those that are defined is no other host.
            let foreign =
                |unknown: &&Unknown<'_>| matches!(unknown.reason, Reason::ForeignOption(_));
            let unknown = hosts.unknown.filter(|u| hosts.known.is_empty() || !foreign(u));
            model.failures = hosts.failed.iter().filter_map(|error| failure(ev, error)).collect();
            model.hosts_missing = unknown.and_then(|unknown| imports::of_unknown(ev, unknown));
            model.hosts_unknown = unknown.map(unknown_value).map(unknown_hosts);
            if !hosts.known.is_empty() {
                let named = hosts.known.iter();
                return named
                    .map(|host| Named {
                        name: Some(host.name.to_string()),
                        universe: host.universe,
                        is_complete: true,
                    })
                    .collect();
            }
        }
        Some(Err(Stop::Unknown(unknown))) => {
            model.hosts_missing = imports::of_unknown(ev, unknown);
            model.hosts_unknown = Some(unknown_hosts(unknown_value(unknown)));
        }
        Some(Err(Stop::Error(error))) => {
            model.failures.extend(failure(ev, error));
            let reason = format!("Nix would stop there: {}", error.message);
            let span = error.span;
            let why = UnknownValue { span, ..UnknownValue::new("error", reason) };
            model.hosts_unknown = Some(unknown_hosts(why));
        }
        None => {}
    }
    let known = |paths: &[String]| -> Vec<Source<'a>> {
        paths.iter().filter_map(|path| ev.sources.id(path)).map(Source::File).collect()
    };
    if !settings.hosts.is_empty() {
        let hosts = settings.hosts.iter();
        return hosts
            .map(|(name, host)| Named {
                name: Some(name.clone()),
                universe: Universe::of_modules(ev, &known(&host.modules), Vec::new()),
                is_complete: true,
            })
            .collect();
    }
    if flake.is_none() && !settings.modules_given {
        let roots = roots(ev, settings);
        if !roots.is_empty() {
            model.hosts_unknown = None;
            let named = |universe| Named { name: None, universe, is_complete: true };
            return roots.iter().map(|root| named(root.universe)).collect();
        }
    }
    let modules = [known(&settings.schema), known(&settings.modules)].concat();
    // The modules of a flake whose hosts are not known may be overridden there in any way.
    if modules.is_empty() || (flake.is_some() && !settings.modules_given) {
        model.flakes_below = flakes_below(ev.sources).into_iter().map(Box::from).collect();
        if flake.is_some() || !model.flakes_below.is_empty() {
            return Vec::new();
        }
        let found = configurations(ev);
        if !found.is_empty() {
            model.hosts_unknown = None;
        }
        return found.iter().map(|root| named_by_directory(ev, root)).collect();
    }
    let universe = Universe::of_modules(ev, &modules, Vec::new());
    vec![Named { name: None, universe, is_complete: settings.modules_given }]
}

/// A host that a `configuration.nix` is; that in the root has no name.
fn named_by_directory<'a>(ev: &Evaluator<'a>, root: &Root<'a>) -> Named<'a> {
    let path = &*ev.sources.file(root.file).path;
    let name = path.rsplit_once('/').map(|(directory, _)| directory.to_owned());
    Named { name, universe: root.universe, is_complete: true }
}
