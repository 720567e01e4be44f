//! What would come of a quick fix, as far as it was tried.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use nixpact_diagnostics::Edit;
use nixpact_engine::Trial;
use nixpact_source::Span;

use crate::view::View;

/// Trials of one state of the texts. Clients ask for the actions of a place again and again while the
/// cursor moves.
#[derive(Default)]
pub(crate) struct Trials {
    known: RefCell<BTreeMap<Key, Option<Trial>>>,
}

/// The findings, by their positions, and the edits that are to remove them.
type Key = (BTreeSet<usize>, Vec<(Span, String)>);

impl Trials {
    /// Forgets all, for texts that have changed.
    pub fn clear(&mut self) {
        self.known.get_mut().clear();
    }
}

/// How many analyses one request may still ask for: each takes as long as a change does.
pub(crate) struct Budget(pub usize);

/// Tries edits that are to remove findings. `None` where nothing can be told, the budget is used up, or the
/// client has changed a text meanwhile: it waits for what comes of that.
pub(crate) fn tried(
    view: &View<'_>,
    budget: &mut Budget,
    findings: &BTreeSet<usize>,
    edits: &[Edit],
) -> Option<Trial> {
    let texts = edits.iter().map(|edit| (edit.span, edit.text.clone())).collect();
    let key: Key = (findings.clone(), texts);
    let trials = &view.workspace.trials;
    if let Some(known) = trials.known.borrow().get(&key) {
        return *known;
    }
    if view.is_overtaken() {
        return None;
    }
    budget.0 = budget.0.checked_sub(1)?;
    let session = view.workspace.session()?;
    let trial = session.try_edits(view.snapshot, &key.0, edits).ok()?;
    trials.known.borrow_mut().insert(key, trial);
    trial
}
