//! What is taken for a module: a file, a set, a function of one, or a path.

use nixpact_eval::{Evaluator, Piece, Stop, Unknown, Value};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;

use super::keys::{self, Key};
use super::unresolved::chosen;
use super::{Collector, From, NO_MODULE, Read, Source};
use crate::apply::arguments;
use crate::library::assertions;
use crate::names;
use crate::universe::Universe;

impl<'a> Collector<'a> {
    pub(super) fn add_file(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        Read { file, key, copy }: Read<'a>,
        importer: usize,
    ) {
        let key = key.or_else(|| keys::of_file(ev, file));
        if let Some(known) = key.and_then(|key| self.paths.get(key)) {
            self.found[importer].imports.push(*known);
            return;
        }
        let at = self.place_of(key, Some(file), importer);
        self.found[at].copy = copy;
        self.paths.extend(key.map(|key| (key, at)));
        let value = match ev.accepted(ev.file(file)) {
            Ok(Value::Attrs(attrs)) if attrs.get(Symbol::new("__functor")).is_none() => {
                Ok(Value::Attrs(attrs))
            }
            Ok(function) => self.call(ev, universe, function),
            Err(Stop::Unknown(unknown)) => Err(Stop::Unknown(chosen(ev, unknown, ev.file(file)))),
            error => error,
        };
        match value {
            Ok(Value::Attrs(attrs)) => self.add_attrs(ev, universe, attrs, Some(file), at),
            Ok(_) => {
                let start = Span::new(file, 0, 0);
                self.refuse(ev, NO_MODULE, Some(start), Some(file), at);
            }
            Err(stop) => self.stop(ev, stop, Some(file), at),
        }
    }

    pub(super) fn add_value(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        value: Value<'a>,
        from: From<'a>,
        importer: usize,
    ) {
        let home = ev.home(value);
        let span = || ev.origin(from.written?).span;
        match value {
            Value::Attrs(attrs) if attrs.get(Symbol::new("__functor")).is_none() => {
                let file = file_of(home, from.file);
                // `mkIf` and `mkOverride` make a module; other tagged sets are refused.
                let tag = attrs.get(*names::TYPE_TAG).map(|tag| ev.force(tag.value));
                if let Some(Ok(Value::Str(tag))) = tag
                    && !matches!(tag, "module" | "if" | "override")
                {
                    let message = format!("a set of type {tag} is no module");
                    return self.refuse(ev, &message, span(), file, importer);
                }
                match attrs.get(Symbol::new("outPath")) {
                    Some(_) if attrs.get(*names::CONFIG).is_none() => {
                        self.add_path(ev, universe, value, from, importer);
                    }
                    _ => {
                        self.note_skipped(ev, home, from, importer);
                        let at = self.place(importer);
                        self.add_attrs(ev, universe, attrs, file, at);
                    }
                }
            }
            Value::Lambda(_) | Value::Builtin(_) | Value::Attrs(_) => {
                let at = self.place(importer);
                let result = self.call(ev, universe, value);
                // What a function from outside passes on is of the file that it is written in.
                let inner = result.ok().and_then(|result| ev.home(result));
                let home = inner.filter(|inner| !inner.is_outside()).or(home);
                let file = file_of(home, from.file);
                self.note_skipped(ev, home, from, importer);
                match result {
                    Ok(Value::Attrs(attrs)) => self.add_attrs(ev, universe, attrs, file, at),
                    Ok(_) => self.refuse(ev, NO_MODULE, span(), file, at),
                    Err(stop) => self.stop(ev, stop, file, at),
                }
            }
            Value::Path(_) | Value::Str(_) | Value::Template(_) => {
                self.add_path(ev, universe, value, from, importer);
            }
            Value::List(_) => {
                let message = "the imports of a module cannot be nested lists";
                self.refuse(ev, message, span(), file_of(home, from.file), importer);
            }
            _ => self.refuse(ev, NO_MODULE, span(), file_of(home, from.file), importer),
        }
    }

    fn add_path(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        value: Value<'a>,
        from: From<'a>,
        importer: usize,
    ) {
        // "${nixpkgs}/nixos/modules/…" is of the checkout where that has it, and else of another flake.
        let in_nixpkgs = ev.path_in_nixpkgs(value).and_then(|path| ev.import_id(path).ok());
        let file =
            in_nixpkgs.map_or_else(|| ev.to_path(value).and_then(|path| ev.import_id(path)), Ok);
        match file {
            // NixOS' own import none of the repository.
            Ok(file) if ev.is_of_nixpkgs(file) && self.skips_outside => {}
            Ok(file) => {
                self.note_skipped(ev, Some(file), from, importer);
                let (key, copy) = self.place_in_copy(ev, value, from, importer);
                self.add_file(ev, universe, Read { file, key, copy }, importer);
            }
            Err(Stop::Unknown(unknown)) => {
                if universe.is_own()
                    && let Some(module) = assertions::module(ev, unknown)
                {
                    let at = self.place_of(Some(assertions::KEY), None, importer);
                    return self.queue.push_back((Source::Module(module, None), None, at));
                }
                let span = unknown.span.or_else(|| ev.origin(from.written?).span);
                let unknown = ev.arena.alloc(Unknown { span, ..*unknown });
                let unknown = from.written.map_or(&*unknown, |it| chosen(ev, unknown, it));
                // It may have another one's key.
                let at = self.place_of(keys::of_path(ev, value), None, importer);
                self.stop(ev, Stop::Unknown(unknown), None, at);
            }
            Err(stop) => self.stop(ev, stop, None, importer),
        }
    }

    /// The key of a file that is imported by a path, and what it is read in a copy of.
    fn place_in_copy(
        &self,
        ev: &Evaluator<'a>,
        path: Value<'a>,
        from: From<'a>,
        importer: usize,
    ) -> (Key<'a>, Option<&'a str>) {
        // A path that is written in a copied file leads into the copy.
        let is_own = || {
            let written = from.written.and_then(|path| ev.written(path));
            written.is_none_or(|span| Some(span.file) == from.file)
        };
        let path = match (path, self.found[importer].copy) {
            (Value::Path(place), Some(base)) if is_own() => {
                in_copy(ev, place, base).unwrap_or(path)
            }
            _ => path,
        };
        let copy = match path {
            Value::Template([Piece::Copy(base), ..]) => Some(*base),
            _ => None,
        };
        (keys::of_path(ev, path), copy)
    }

    fn call(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        function: Value<'a>,
    ) -> Result<Value<'a>, Stop<'a>> {
        let args = arguments(ev, universe, function)?;
        let result = ev.call(function, args);
        let unknown = match result {
            Err(stop) => Some(stop),
            Ok(Value::Attrs(attrs)) => attrs.rest.map(Stop::Unknown),
            Ok(_) => None,
        };
        if let Some(stop) = unknown {
            self.cycle(stop, || ev.call_asks_while_importing(function, args));
        }
        let Err(Stop::Unknown(_)) = result else { return result };
        let body = ev.apply(ev.value(function), &[args]);
        match ev.accepted(body) {
            // It is a module of the repository, whatever it decides by.
            Err(Stop::Unknown(unknown)) if ev.home(function).is_none_or(|it| !it.is_outside()) => {
                Err(Stop::Unknown(chosen(ev, unknown, body)))
            }
            result => result,
        }
    }
}

/// Where a path is in the copy of a directory, if it is in that.
fn in_copy<'a>(ev: &Evaluator<'a>, path: &str, directory: &'a str) -> Option<Value<'a>> {
    let below = match directory {
        _ if path == directory => "",
        "" => &format!("/{path}"),
        _ => path.strip_prefix(directory).filter(|rest| rest.starts_with('/'))?,
    };
    let pieces = [Piece::Copy(directory), Piece::Known(ev.arena.alloc_str(below))];
    let pieces = if below.is_empty() { &pieces[..1] } else { &pieces };
    Some(Value::Template(ev.arena.alloc_slice_copy(pieces)))
}

/// The file of an anonymous module: that which names it, unless one of both is outside.
fn file_of(home: Option<FileId>, naming: Option<FileId>) -> Option<FileId> {
    let is_outside = |file: Option<FileId>| file.is_some_and(FileId::is_outside);
    match is_outside(home) || is_outside(naming) {
        true => home.or(naming),
        false => naming.or(home),
    }
}
