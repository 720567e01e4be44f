//! The syntax of all files of a repository.

use std::sync::{Arc, OnceLock};

use nixpact_source::{FileId, SourceFile, Sources};

use crate::{Ast, parse};

/// The files of a repository in the order of their [`FileId`]s, each of which is parsed when it is first
/// asked for, on the thread that asks: it needs at least [`STACK_BYTES`](crate::STACK_BYTES). Others
/// that ask for the same file wait. A clone shares what is parsed.
#[derive(Clone, Debug, Default)]
pub struct Asts(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    source: Arc<SourceFile>,
    ast: OnceLock<Arc<Ast>>,
}

impl Asts {
    /// Those of the files of a repository; none is parsed yet.
    pub fn of(sources: &Sources) -> Asts {
        let entry =
            |source: &Arc<SourceFile>| Entry { source: source.clone(), ast: OnceLock::new() };
        Asts(sources.files().iter().map(entry).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A file's, if the file is one of the repository.
    pub fn get(&self, file: FileId) -> Option<&Ast> {
        let entry = self.0.get(file.index())?;
        Some(entry.ast.get_or_init(|| Arc::new(parse(file, &entry.source.text))))
    }

    /// A file's, if it is parsed already.
    pub fn parsed(&self, file: FileId) -> Option<&Ast> {
        Some(self.0.get(file.index())?.ast.get()?)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Ast> + Clone {
        (0..self.0.len() as u32).filter_map(|file| self.get(FileId::new(file)))
    }

    /// The files that are not parsed yet.
    pub fn missing(&self) -> Vec<FileId> {
        let files = (0u32..).zip(&self.0);
        files
            .filter(|(_, entry)| entry.ast.get().is_none())
            .map(|(file, _)| FileId::new(file))
            .collect()
    }

    /// Puts another text with its syntax in the place of a file, or behind the last one; what was there,
    /// if that was parsed.
    pub fn set(&mut self, source: Arc<SourceFile>, ast: Ast) -> Option<Arc<Ast>> {
        let at = ast.file.index();
        let entry = Entry { source, ast: OnceLock::from(Arc::new(ast)) };
        match self.0.get_mut(at) {
            Some(known) => std::mem::replace(known, entry).ast.into_inner(),
            None => {
                self.0.push(entry);
                None
            }
        }
    }
}
