//! A repository that is looked at again and again while its texts change.
//!
//! What is read and parsed stays; a change parses one file. What is evaluated again is what may come out
//! differently by the change, so that a result is that of a fresh run over the same texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bumpalo::Bump;
use nixpact_contract::{Model, Reuse, Settings, SyntaxError};
use nixpact_diagnostics::{Applicability, Diagnostic};
use nixpact_source::{FileId, SourceFile, Sources, Span};
use nixpact_syntax::{Ast, SuppressionComment};

use crate::analysis::{self, Analysis};
use crate::baseline::Baseline;
use crate::config::Config;
use crate::decisions;
use crate::draft::{self, Draft};
use crate::evaluate::{MAX_BESIDE, Run};
use crate::fix::{Fixed, Wanted};
use crate::load::{Failure, Loaded, Options, parse_file, pool};
use crate::phase::Phase;
use crate::query;

/// A repository, held in memory.
#[derive(Debug)]
pub struct Session {
    options: Options,
    config: Config,
    settings: Settings,
    loaded: Loaded,
    /// By file.
    comments: Vec<Vec<SuppressionComment>>,
    /// Texts that do not parse, of files of which the last text that did is looked at.
    drafts: BTreeMap<FileId, Draft>,
    /// That of the last run, of which nothing is used any more: a part of its memory need not be had from
    /// the system again.
    arena: Mutex<Bump>,
    /// How many threads the last run wanted beside the first one.
    beside: AtomicUsize,
    /// The file that was changed last.
    edited: Option<FileId>,
    known: Mutex<Option<Known>>,
    /// The last result, as long as no text has changed but for those that do not parse.
    found: Mutex<Option<Found>>,
}

/// What a run has found in the texts that parse.
#[derive(Clone, Debug)]
struct Found {
    model: Arc<Model>,
    findings: Vec<Diagnostic>,
}

/// What was found by an earlier run that had the same texts, but for one file.
#[derive(Debug)]
struct Known {
    services: Reuse,
    /// What that file was then, if it has changed since.
    then: Option<Arc<Ast>>,
}

impl Known {
    /// Whether the services are the same with the file as it is now.
    fn holds(&self, loaded: &Loaded) -> bool {
        let Some(then) = &self.then else { return true };
        let now = loaded.ast(self.services.file());
        now.is_some_and(|now| self.services.holds(then, now))
    }
}

/// What a [`Session`] has found, as of the texts that it had then.
#[derive(Debug)]
pub struct Snapshot {
    /// Texts and findings as they are now; places in the model go through [`place`](Snapshot::place).
    pub analysis: Analysis,
    drafts: BTreeMap<FileId, Draft>,
}

impl Snapshot {
    /// Where a place of the model is in the texts: elsewhere in a file that does not parse at the moment.
    /// `None` when its text was rewritten.
    pub fn place(&self, span: Span) -> Option<Span> {
        place(&self.drafts, span)
    }

    /// Whether a file was readable before its text became what it is now.
    pub fn is_draft(&self, file: FileId) -> bool {
        self.drafts.contains_key(&file)
    }
}

impl Session {
    /// Reads a repository.
    ///
    /// # Errors
    ///
    /// When it or its configuration cannot be read.
    pub fn open(options: Options) -> Result<Session, Failure> {
        let (loaded, config) = Loaded::read(&options)?;
        let mut options = options;
        if let Some(path) = config.baseline() {
            let path = loaded.sources.root().join(path);
            options.baseline = Some(Baseline::load(&path).map_err(Failure::Baseline)?);
        }
        let settings = analysis::settings(&loaded, &config, &options)?;
        let settings = Settings { details: true, ..settings };
        let files = loaded.sources.files().iter().enumerate();
        let comments = files.map(|(at, file)| comments_of(FileId::new(at as u32), file));
        let comments = pool()?.install(|| comments.collect());
        let drafts = BTreeMap::new();
        Ok(Session {
            options,
            config,
            settings,
            loaded,
            comments,
            drafts,
            arena: Mutex::default(),
            beside: AtomicUsize::new(MAX_BESIDE),
            edited: None,
            known: Mutex::default(),
            found: Mutex::default(),
        })
    }

    /// Reads everything again: files may have come or gone, or the configuration is another.
    ///
    /// # Errors
    ///
    /// As [`open`](Session::open); all stays as it was then.
    pub fn reload(&mut self) -> Result<(), Failure> {
        let options = Options { baseline: None, ..self.options.clone() };
        let mut fresh = Session::open(options)?;
        for (at, file) in self.loaded.sources.files().iter().enumerate() {
            let parses = self.parses(FileId::new(at as u32));
            fresh.keep_whole(file, parses)?;
        }
        *self = fresh;
        Ok(())
    }

    /// Goes on with the last text of a file that could be read, when it now cannot.
    fn keep_whole(&mut self, old: &SourceFile, parses: bool) -> Result<(), Failure> {
        let Some(file) = self.loaded.sources.id(&old.path) else { return Ok(()) };
        if !parses || self.parses(file) {
            return Ok(());
        }
        let broken = self.loaded.sources.file(file).text.clone();
        self.replace(file, old.text.clone())?;
        self.replace(file, broken)
    }

    /// The root as an absolute path with symbolic links resolved.
    pub fn root(&self) -> &Path {
        self.loaded.sources.root()
    }

    /// A file as it is parsed: that of its last text that could be.
    pub(crate) fn ast(&self, file: FileId) -> Option<&Ast> {
        self.loaded.ast(file)
    }

    fn parses(&self, file: FileId) -> bool {
        self.ast(file).is_some_and(|ast| ast.errors.is_empty())
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Gives a file the text that an editor holds, whatever is on the disk. `path` is relative to the
    /// root; a file that was not there is added.
    ///
    /// # Errors
    ///
    /// When the repository has to be read again and cannot be.
    pub fn set_text(&mut self, path: &str, text: String) -> Result<(), Failure> {
        self.options.overlay.insert(path.to_owned(), text.clone());
        match self.loaded.sources.id(path) {
            Some(file) => self.replace(file, text),
            None if self.config.excludes(path) => Ok(()),
            None => self.reload(),
        }
    }

    /// Lets the disk say again what a file's text is.
    ///
    /// # Errors
    ///
    /// As [`set_text`](Session::set_text).
    pub fn drop_text(&mut self, path: &str) -> Result<(), Failure> {
        self.options.overlay.remove(path);
        self.refresh(path)
    }

    /// Reads a file again that has changed on the disk; the text of an editor stays.
    ///
    /// # Errors
    ///
    /// As [`set_text`](Session::set_text).
    pub fn refresh(&mut self, path: &str) -> Result<(), Failure> {
        if self.options.overlay.contains_key(path) || self.config.excludes(path) {
            return Ok(());
        }
        let text = self.loaded.sources.read_disk(path);
        match (self.loaded.sources.id(path), text) {
            (Some(file), Some(text)) => self.replace(file, text),
            (None, None) => Ok(()),
            _ => self.reload(),
        }
    }

    fn replace(&mut self, file: FileId, text: String) -> Result<(), Failure> {
        let at = file.index();
        let whole = self.loaded.sources.file(file);
        let now = self.drafts.get(&file).map_or(whole, |draft| &draft.file);
        if now.text == text {
            return Ok(());
        }
        let ast = parse_file(file, &text)?;
        if let (Some(error), true) = (ast.errors.first(), self.parses(file)) {
            let error = error.clone();
            match self.drafts.get_mut(&file) {
                Some(draft) => draft.edit(whole, text, error),
                None => {
                    self.drafts.insert(file, Draft::new(whole, text, error));
                }
            }
            return Ok(());
        }
        self.drafts.remove(&file);
        let then = self.loaded.replace(file, text, ast);
        self.remember(file, then);
        self.comments[at] = pool()?.install(|| comments_of(file, self.loaded.sources.file(file)));
        Ok(())
    }

    /// Keeps what can be of use after a change of a file, which was `then`.
    fn remember(&mut self, file: FileId, then: Option<Arc<Ast>>) {
        self.edited = Some(file);
        *own(&mut self.found) = None;
        let known = own(&mut self.known);
        let of_file = known.take().filter(|known| known.services.file() == file);
        *known = of_file.zip(then).map(|(known, then)| Known {
            then: known.then.or(Some(then)),
            services: known.services,
        });
    }

    /// Says that files have changed that are not among the texts: Nix may read any.
    pub fn forget(&mut self) {
        *own(&mut self.known) = None;
        *own(&mut self.found) = None;
    }

    /// Looks at the repository as it is now; `None` when `interrupt` was set meanwhile.
    ///
    /// # Errors
    ///
    /// When the configuration does not fit the repository.
    pub fn analyse(&self, interrupt: &AtomicBool) -> Result<Option<Snapshot>, Failure> {
        let known = lock(&self.found).clone();
        let found = match known {
            Some(found) => found,
            None => match self.find(interrupt)? {
                Some(found) => lock(&self.found).insert(found).clone(),
                None => return Ok(None),
            },
        };
        let (sources, findings) = self.with_drafts(found.findings);
        let analysis = Analysis::new(sources, found.model, findings, &self.config);
        Ok(Some(Snapshot { analysis, drafts: self.drafts.clone() }))
    }

    fn find(&self, interrupt: &AtomicBool) -> Result<Option<Found>, Failure> {
        let Session { options, config, settings, loaded, .. } = self;
        options.observer.begins(Phase::Evaluate);
        // Another thread that looks at the same time gets an arena of its own.
        let mut arena = std::mem::take(&mut *lock(&self.arena));
        arena.reset();
        let known = lock(&self.known).take().filter(|known| known.holds(loaded));
        let services = known.as_ref().map(|known| &known.services);
        let watched = self.edited.filter(|_| services.is_none());
        let run = Run { arena, interrupt, watched, beside: self.beside.load(Ordering::Relaxed) };
        let ((mut model, kept), (arena, wanted)) = loaded.evaluate_in(run, |ev, files| {
            nixpact_contract::build_with(ev, files, settings, services)
        })?;
        *lock(&self.arena) = arena;
        if interrupt.load(Ordering::Relaxed) {
            *lock(&self.known) = known;
            return Ok(None);
        }
        self.beside.store(wanted, Ordering::Relaxed);
        *lock(&self.known) = known.or(kept.map(|services| Known { services, then: None }));
        analysis::choose(&mut model, config, options)?;
        options.observer.begins(Phase::Lint);
        let comments = self.comments.iter().flatten().cloned().collect();
        let findings = analysis::findings(&loaded.sources, &model, config, options, comments)?;
        Ok(Some(Found { model: Arc::new(model), findings }))
    }

    /// Gives back memory of the last run, which would take time while someone waits for the next.
    pub fn tidy(&self) {
        lock(&self.arena).reset();
    }

    /// The texts as they are, and the findings where they are in them.
    pub(crate) fn with_drafts(&self, found: Vec<Diagnostic>) -> (Sources, Vec<Diagnostic>) {
        let mut sources = self.loaded.sources.clone();
        if self.drafts.is_empty() {
            return (sources, found);
        }
        let mut syntax_errors = Vec::new();
        for (file, draft) in &self.drafts {
            let nixpact_syntax::SyntaxError { message, span, is_limit } = draft.error.clone();
            syntax_errors.push(SyntaxError { message, span, is_limit, is_blank: false });
            sources.set_file(*file, draft.file.clone());
        }
        let broken = Model { syntax_errors, ..Model::default() };
        let place = |span| place(&self.drafts, span);
        let mut all: Vec<Diagnostic> =
            found.into_iter().filter_map(|finding| draft::moved(finding, place)).collect();
        let (config, options) = (&self.config, &self.options);
        all.extend(analysis::syntax_errors(&sources, &broken, config, options));
        all.sort_by(|a, b| analysis::key(a).cmp(&analysis::key(b)));
        (sources, all)
    }

    /// What the repository would be with other texts for some of its files, by path relative to the root.
    ///
    /// # Errors
    ///
    /// As [`analyse`](Session::analyse).
    pub fn with_texts(&self, texts: &BTreeMap<String, String>) -> Result<Analysis, Failure> {
        let Session { config, options, settings, .. } = self;
        let loaded = self.loaded_with(texts)?;
        // What was kept counts, too, where only its file gets another text.
        let known = lock(&self.known).take();
        let of_one = |known: &&Known| {
            let file = known.services.file();
            texts.keys().all(|path| self.loaded.sources.id(path).is_none_or(|it| it == file))
        };
        let kept = known.as_ref().filter(of_one).filter(|known| {
            let now = loaded.ast(known.services.file());
            let then = known.then.as_deref().or_else(|| self.ast(known.services.file()));
            then.zip(now).is_some_and(|(then, now)| known.services.holds(then, now))
        });
        let kept = kept.map(|known| &known.services);
        let analysis = Analysis::with(loaded, config, options, settings, kept);
        *lock(&self.known) = known;
        analysis
    }

    /// Only the texts that are new are parsed.
    fn loaded_with(&self, texts: &BTreeMap<String, String>) -> Result<Loaded, Failure> {
        let sources = self.sources_with(texts);
        let Loaded { asts, facts, limits, outside, .. } = &self.loaded;
        let (mut asts, mut facts, outside) = (asts.clone(), facts.clone(), outside.clone());
        for file in texts.keys().filter_map(|path| sources.id(path)) {
            asts.set(
                sources.files()[file.index()].clone(),
                parse_file(file, &sources.file(file).text)?,
            );
            facts[file.index()] = Arc::default();
        }
        Ok(Loaded { sources, asts, facts, limits: *limits, outside })
    }

    fn sources_with(&self, texts: &BTreeMap<String, String>) -> Sources {
        let id = |path: &String| self.loaded.sources.id(path);
        let texts = texts.iter().filter_map(|(path, text)| Some((id(path)?, text.clone())));
        self.loaded.sources.with_texts(texts.collect())
    }

    /// The names of the attributes at paths of the configuration, on any host, with other texts for some
    /// of the files; none where there is no set.
    ///
    /// # Errors
    ///
    /// When no thread can be started.
    pub fn attributes_with(
        &self,
        texts: &BTreeMap<String, String>,
        paths: &[Vec<String>],
    ) -> Result<Vec<BTreeSet<String>>, Failure> {
        let loaded = self.loaded_with(texts)?;
        query::attributes(&loaded, &self.settings, paths)
    }

    /// The texts after all `wanted` fixes, as [`Fixed::run`] makes them. Files that do not parse keep
    /// theirs.
    ///
    /// # Errors
    ///
    /// As [`analyse`](Session::analyse).
    pub fn fixed(&self, least: Applicability, wanted: Wanted<'_>) -> Result<Fixed, Failure> {
        let sources = self.loaded.sources.clone();
        let parses = |finding: &Diagnostic| {
            let mut edits = finding.fix.iter().flat_map(|fix| &fix.edits);
            edits.all(|edit| !self.drafts.contains_key(&edit.span.file))
        };
        let wanted = |sources: &Sources, it: &Diagnostic| parses(it) && wanted(sources, it);
        let outside = self.loaded.outside.clone();
        let options = Options { outside, ..self.options.clone() };
        Fixed::of(sources, &self.config, &options, least, &wanted)
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is left half done in it.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn own<T>(shared: &mut Mutex<T>) -> &mut T {
    shared.get_mut().unwrap_or_else(PoisonError::into_inner)
}

fn comments_of(file: FileId, source: &SourceFile) -> Vec<SuppressionComment> {
    decisions::comments_of(file, &source.text)
}

fn place(drafts: &BTreeMap<FileId, Draft>, span: Span) -> Option<Span> {
    match drafts.get(&span.file) {
        Some(draft) => draft.moved(span),
        None => Some(span),
    }
}
