//! Applies fixes until there is nothing more to fix. All of it happens in memory.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use nixpact_contract::{Datum, Located, Model};
use nixpact_diagnostics::{Applicability, Diagnostic, Fix};
use nixpact_edit::Round;
use nixpact_source::{FileId, Sources};

use crate::analysis::Analysis;
use crate::config::Config;
use crate::load::{Failure, Options, parse_file};

/// A repository after its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// What is left to report; its texts are the new ones.
    pub analysis: Analysis,
    /// The files that have another text now, with the one that was read.
    pub before: BTreeMap<FileId, String>,
    /// How many findings a fix has removed.
    pub findings: usize,
}

/// Which fixes are meant.
pub type Wanted<'w> = &'w dyn Fn(&Sources, &Diagnostic) -> bool;

/// The repository is not analysed more often, so that any number of fixes takes a bounded time.
const MAX_ANALYSES: usize = 64;

impl Fixed {
    /// Reads a repository and applies the fixes of all findings that are `wanted` and not suppressed,
    /// as far as they are at least as applicable as `least`; those that are only to be shown never are.
    ///
    /// A fix counts only if its finding is gone then, no other finding has come, and each file reads as
    /// Nix as well as before. Nothing is written.
    ///
    /// # Errors
    ///
    /// As [`Analysis::run`].
    pub fn run(
        options: &Options,
        least: Applicability,
        wanted: Wanted<'_>,
    ) -> Result<Fixed, Failure> {
        let (analysis, config, options) = Analysis::read(options)?;
        Fixed::after(analysis, &config, &options, least, wanted)
    }

    /// Like [`run`](Fixed::run), for files that are already read.
    ///
    /// # Errors
    ///
    /// As [`Analysis::run`].
    pub fn of(
        sources: Sources,
        config: &Config,
        options: &Options,
        least: Applicability,
        wanted: Wanted<'_>,
    ) -> Result<Fixed, Failure> {
        let analysis = Analysis::of(sources, config, options)?;
        Fixed::after(analysis, config, options, least, wanted)
    }

    fn after(
        analysis: Analysis,
        config: &Config,
        options: &Options,
        least: Applicability,
        wanted: Wanted<'_>,
    ) -> Result<Fixed, Failure> {
        let least = least.max(Applicability::Unsafe);
        let all_hosts = match &options.host {
            Some(_) => Some(Analysis::of(
                analysis.sources.with_texts(BTreeMap::new()),
                config,
                &on_all_hosts(options),
            )?),
            None => None,
        };
        let fixed = Fixed { analysis, before: BTreeMap::new(), findings: 0 };
        let refused = BTreeSet::new();
        let mut run = Run { config, options, least, wanted, fixed, all_hosts, refused };
        run.apply_all()?;
        Ok(run.fixed)
    }
}

fn on_all_hosts(options: &Options) -> Options {
    Options { host: None, ..options.clone() }
}

struct Run<'r> {
    config: &'r Config,
    options: &'r Options,
    least: Applicability,
    wanted: Wanted<'r>,
    fixed: Fixed,
    /// Where only one host is looked at: what is fixed there must not break another one.
    all_hosts: Option<Analysis>,
    /// They did not do what they promise.
    refused: BTreeSet<Name>,
}

/// By what a fix is known after places have moved: lint, message, and the texts of its edits.
type Name = (&'static str, String, Vec<String>);

/// A fix, and the findings that share it, by their positions.
struct Group {
    fix: Fix,
    findings: Vec<usize>,
}

impl Run<'_> {
    fn apply_all(&mut self) -> Result<(), Failure> {
        let mut at_once = usize::MAX;
        let mut gained = false;
        for _ in 0..MAX_ANALYSES {
            let groups = self.groups(at_once);
            let round = self.round(&groups);
            if round.applied.is_empty() && !round.refused.is_empty() {
                continue;
            }
            if round.applied.is_empty() {
                // What was refused before another fix may hold after it.
                if !std::mem::take(&mut gained) {
                    return Ok(());
                }
                self.refused.clear();
                continue;
            }
            let applied: Vec<&Group> = round.applied.iter().map(|at| &groups[*at]).collect();
            if self.accept(&round, &applied)? {
                (gained, at_once) = (true, at_once.saturating_mul(2));
            } else if let [one] = &applied[..] {
                self.refuse(one);
                at_once = usize::MAX;
            } else {
                at_once = applied.len() / 2;
            }
        }
        Ok(())
    }

    /// Analyses the repository with these fixes, and keeps them if they hold.
    fn accept(&mut self, round: &Round, applied: &[&Group]) -> Result<bool, Failure> {
        let sources = || self.fixed.analysis.sources.with_texts(round.texts.clone());
        let after = Analysis::of(sources(), self.config, self.options)?;
        if !holds(&self.fixed.analysis, &after, round, applied) {
            return Ok(false);
        }
        if let Some(before) = &self.all_hosts {
            let after = Analysis::of(sources(), self.config, &on_all_hosts(self.options))?;
            if !holds(before, &after, round, &[]) {
                return Ok(false);
            }
            self.all_hosts = Some(after);
        }
        self.fixed.accept(after, applied, round);
        Ok(true)
    }

    /// The first fixes that may be applied, in the order of their findings.
    fn groups(&self, at_once: usize) -> Vec<Group> {
        let Analysis { sources, diagnostics, .. } = &self.fixed.analysis;
        let mut groups: Vec<Group> = Vec::new();
        let mut known: BTreeMap<Vec<(FileId, u32, &str)>, usize> = BTreeMap::new();
        for (at, finding) in diagnostics.iter().enumerate() {
            let Some(fix) = finding.fix.as_ref().filter(|fix| fix.applicability >= self.least)
            else {
                continue;
            };
            if finding.suppression.is_some()
                || !(self.wanted)(sources, finding)
                || self.refused.contains(&name(finding))
            {
                continue;
            }
            let place = fix.edits.iter().map(|it| (it.span.file, it.span.start, it.text.as_str()));
            match known.entry(place.collect()) {
                std::collections::btree_map::Entry::Occupied(group) => {
                    groups[*group.get()].findings.push(at);
                }
                std::collections::btree_map::Entry::Vacant(entry) if groups.len() < at_once => {
                    entry.insert(groups.len());
                    groups.push(Group { fix: fix.clone(), findings: vec![at] });
                }
                std::collections::btree_map::Entry::Vacant(_) => {}
            }
        }
        groups
    }

    fn round(&mut self, groups: &[Group]) -> Round {
        let sources = &self.fixed.analysis.sources;
        let fixes: Vec<&Fix> = groups.iter().map(|group| &group.fix).collect();
        let old: RefCell<BTreeMap<FileId, Option<Faults>>> = RefCell::default();
        let round = nixpact_edit::round(sources, &fixes, |file, text| {
            let old_text = || faults(file, &sources.file(file).text);
            let old = *old.borrow_mut().entry(file).or_insert_with(old_text);
            reads_as_well(old, faults(file, text))
        });
        for at in &round.refused {
            self.refuse(&groups[*at]);
        }
        round
    }

    fn refuse(&mut self, group: &Group) {
        let findings = &self.fixed.analysis.diagnostics;
        self.refused.extend(group.findings.iter().map(|at| name(&findings[*at])));
    }
}

impl Fixed {
    fn accept(&mut self, after: Analysis, applied: &[&Group], round: &Round) {
        for file in round.texts.keys() {
            let old = || self.analysis.sources.file(*file).text.clone();
            self.before.entry(*file).or_insert_with(old);
        }
        self.findings += applied.iter().map(|group| group.findings.len()).sum::<usize>();
        self.analysis = after;
    }
}

fn name(finding: &Diagnostic) -> Name {
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let texts = edits.map(|edit| edit.text.clone()).collect();
    (finding.lint, finding.message.clone(), texts)
}

/// Whether the findings that were fixed are gone, and nothing has become worse.
fn holds(before: &Analysis, after: &Analysis, round: &Round, applied: &[&Group]) -> bool {
    let fixed: BTreeSet<usize> =
        applied.iter().flat_map(|group| group.findings.iter().copied()).collect();
    let mut allowed = allowed(&before.diagnostics, round, &fixed);
    !after.diagnostics.iter().any(|finding| is_new(&mut allowed, finding))
        && errors(&after.model) <= errors(&before.model)
}

/// The findings that may still be there after a round, and how many of each: those at the positions
/// `fixed` are gone.
pub(crate) fn allowed<'d>(
    before: &'d [Diagnostic],
    round: &Round,
    fixed: &BTreeSet<usize>,
) -> BTreeMap<Place<'d>, usize> {
    let mut allowed: BTreeMap<Place<'_>, usize> = BTreeMap::new();
    for (at, finding) in before.iter().enumerate() {
        if !fixed.contains(&at) {
            let moved = |file, start| round.moved(file, start);
            *allowed.entry(place(finding, moved)).or_default() += 1;
        }
    }
    allowed
}

/// Whether a finding is none of those that are left in `allowed`, from which it is taken.
pub(crate) fn is_new<'d>(
    allowed: &mut BTreeMap<Place<'d>, usize>,
    finding: &'d Diagnostic,
) -> bool {
    match allowed.get_mut(&place(finding, |_, start| start)) {
        Some(left @ 1..) => {
            *left -= 1;
            false
        }
        _ => true,
    }
}

/// A finding by its lint and place; by its message where it has none.
pub(crate) type Place<'d> = (&'static str, Option<(FileId, u32)>, &'d str);

fn place(finding: &Diagnostic, moved: impl Fn(FileId, u32) -> u32) -> Place<'_> {
    match &finding.primary {
        Some(label) => {
            let file = label.span.file;
            (finding.lint, Some((file, moved(file, label.span.start))), "")
        }
        None => (finding.lint, None, &finding.message),
    }
}

/// How many values of the contract Nix would not compute.
pub(crate) fn errors(model: &Model) -> usize {
    let services = model.all().flat_map(|host| &host.services);
    let fields = services.flat_map(|service| &service.fields);
    fields.map(|field| errors_in(&field.value)).sum()
}

fn errors_in(value: &Located) -> usize {
    match &value.datum {
        Datum::Error(_) => 1,
        Datum::List { items, .. } => items.iter().map(errors_in).sum(),
        Datum::Attrs { entries, .. } => entries.iter().map(|(_, value)| errors_in(value)).sum(),
        _ => 0,
    }
}

/// What Nix refuses in a file: how many syntax errors, duplicate attributes and formals, and undefined
/// variables.
pub(crate) type Faults = [usize; 4];

/// `None` when the file cannot be parsed for want of a thread.
pub(crate) fn faults(file: FileId, text: &str) -> Option<Faults> {
    let ast = parse_file(file, text).ok()?;
    let (attributes, formals) = (ast.duplicates.len(), ast.duplicate_formals.len());
    Some([ast.errors.len(), attributes, formals, ast.undefined.len()])
}

/// Whether a new text parses, with no more faults than the old one has.
pub(crate) fn reads_as_well(old: Option<Faults>, new: Option<Faults>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return false };
    new[0] == 0 && new.iter().zip(old).all(|(new, old)| *new <= old)
}
