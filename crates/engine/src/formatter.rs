//! Whether files are formatted, which only the user's formatter can say.

use std::sync::Arc;

use nixpact_contract::Model;
use nixpact_lints::Lint;
use nixpact_source::{FileId, SourceFile, Span};

use crate::config::Config;
use crate::load::{Failure, Loaded, Options};

type Ask = dyn Fn(&[String], &[&SourceFile]) -> Result<Vec<usize>, String> + Send + Sync;

/// Asks a command which files it would change; without one, nobody is asked.
///
/// It is handed in from outside: this crate runs no program.
#[derive(Clone, Default)]
pub struct Formatter(Option<Arc<Ask>>);

impl Formatter {
    /// `ask` takes a command, which is not empty, and files; it gives the positions of those that the
    /// command refuses, or why it could not be asked.
    pub fn new(
        ask: impl Fn(&[String], &[&SourceFile]) -> Result<Vec<usize>, String> + Send + Sync + 'static,
    ) -> Formatter {
        Formatter(Some(Arc::new(ask)))
    }
}

impl std::fmt::Debug for Formatter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(if self.0.is_some() { "Formatter" } else { "nobody" })
    }
}

const LINT: &str = "unformatted";

/// Asks the formatter of the configuration, if the lint is asked, about every file that parses and is
/// what lies on the disk.
pub(crate) fn ask(
    loaded: &Loaded,
    config: &Config,
    options: &Options,
    is_asked: impl Fn(&Lint) -> bool,
    model: &mut Model,
) -> Result<(), Failure> {
    let (Some(ask), Some(lint)) = (&options.formatter.0, nixpact_lints::find(LINT)) else {
        return Ok(());
    };
    let command = config.options(lint).map_or(&[][..], |options| options.strings("command"));
    if command.is_empty() || !is_asked(lint) {
        return Ok(());
    }
    let numbered = loaded.sources.files().iter().enumerate();
    let is_broken =
        |at: usize| loaded.ast(FileId::new(at as u32)).is_none_or(|ast| !ast.errors.is_empty());
    let (ids, files): (Vec<u32>, Vec<&SourceFile>) = numbered
        .filter(|(at, file)| !is_broken(*at) && !options.overlay.contains_key(&file.path))
        .map(|(at, file)| (at as u32, &**file))
        .unzip();
    let found = ask(command, &files).map_err(Failure::Formatter)?;
    let spans = found.into_iter().filter_map(|at| ids.get(at));
    model.unformatted = spans
        .filter_map(|id| {
            let file = FileId::new(*id);
            let path = loaded.sources.files().get(*id as usize)?.path.clone();
            Some(nixpact_contract::Unformatted { path, span: Span::new(file, 0, 0) })
        })
        .collect();
    Ok(())
}
