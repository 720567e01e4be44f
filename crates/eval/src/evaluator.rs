//! The evaluator's state, and how thunks are forced.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};

use bumpalo::Bump;
use nixpact_source::{FileId, Sources};
use nixpact_syntax::{Ast, Asts, Symbol};
use rustc_hash::FxHashMap;

use crate::builtins::{self, Compiled};
use crate::limits::Limits;
use crate::nixlib::package_set;
use crate::nixpkgs::Checkout;
use crate::thunk::{Code, State, Thunk};
use crate::trees;
use crate::unknown::{ErrorKind, Eval, External, Limit, Reason, Stop, Unknown};
use crate::value::{Attrs, List, Value};
use crate::watch::Watch;

/// Evaluates the files of one repository, lazily; every file and every thunk at most once.
pub struct Evaluator<'a> {
    pub arena: &'a Bump,
    pub sources: &'a Sources,
    pub(crate) asts: &'a Asts,
    pub(crate) globals: FxHashMap<Symbol, Value<'a>>,
    /// The values of the files, indexed by [`FileId`].
    files: Box<[Cell<Option<&'a Thunk<'a>>>]>,
    lib: Cell<Option<&'a Attrs<'a>>>,
    /// All of it, for the functions that are made of others.
    whole_lib: Cell<Option<&'a Attrs<'a>>>,
    pub(crate) outside: Option<trees::Values<'a>>,
    pub(crate) checkout: Option<Checkout<'a>>,
    /// What is known of package sets.
    packages: Cell<Option<&'a Attrs<'a>>>,
    /// The outputs of the flake that is being evaluated.
    pub(crate) outputs: Cell<Option<&'a Thunk<'a>>>,
    /// `flake.lock`, once it is asked for.
    pub(crate) lock: OnceCell<Option<&'a Attrs<'a>>>,
    /// What is behind attributes that are made on demand.
    pub(crate) on_demand: OnceCell<&'a Unknown<'a>>,
    pub(crate) pipe_operators: Cell<bool>,
    /// Whether a scope of `scopedImport` may stand around the files.
    pub(crate) scoped: Cell<bool>,
    /// What functions of the library were called with, as far as they say so.
    noted: RefCell<Vec<&'a Thunk<'a>>>,
    pub(crate) patterns: Compiled<'a>,
    pub(crate) limits: Limits,
    steps: Cell<u64>,
    depth: Cell<u32>,
    /// Functions of Rust around what is evaluated now, which may ask for more than Nix would.
    natives: Cell<u32>,
    interrupt: Option<&'a AtomicBool>,
    pub(crate) watch: Option<Watch>,
    /// How many of the sets and lists around what is compared now are one on both sides.
    pub(crate) identical: Cell<u32>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator over `asts`, which are those of `sources`.
    ///
    /// `library` adds groups of functions to nixpkgs' `lib`, and to package sets.
    pub fn new(
        arena: &'a Bump,
        sources: &'a Sources,
        asts: &'a Asts,
        library: &[crate::Group],
        limits: Limits,
    ) -> Evaluator<'a> {
        let mut evaluator = Evaluator {
            arena,
            sources,
            asts,
            globals: FxHashMap::default(),
            files: (0..asts.len()).map(|_| Cell::new(None)).collect(),
            lib: Cell::new(None),
            whole_lib: Cell::new(None),
            outside: None,
            checkout: None,
            lock: OnceCell::new(),
            on_demand: OnceCell::new(),
            packages: Cell::new(None),
            outputs: Cell::new(None),
            pipe_operators: Cell::new(true),
            scoped: Cell::new(false),
            noted: RefCell::new(Vec::new()),
            patterns: Compiled::default(),
            limits,
            steps: Cell::new(0),
            depth: Cell::new(0),
            natives: Cell::new(0),
            interrupt: None,
            watch: None,
            identical: Cell::new(0),
        };
        evaluator.globals = builtins::globals(&evaluator);
        let lib = crate::nixlib::build(&evaluator, library);
        evaluator.lib.set(Some(lib));
        evaluator.whole_lib.set(Some(lib));
        evaluator.packages.set(Some(crate::nixlib::packages(&evaluator, library)));
        evaluator
    }

    pub(crate) fn set_lib(&self, lib: &'a Attrs<'a>, whole: &'a Attrs<'a>) {
        self.lib.set(Some(lib));
        self.whole_lib.set(Some(whole));
    }

    /// nixpkgs' `lib`, as far as nixpact or the [checkout](Evaluator::set_outside) has it; open.
    pub fn lib(&self) -> Value<'a> {
        self.lib.get().map_or(Value::Null, Value::Attrs)
    }

    /// `lib` with all native functions, also where the checkout does not have them: others are made of them.
    pub fn whole_lib(&self) -> Value<'a> {
        self.whole_lib.get().map_or(Value::Null, Value::Attrs)
    }

    /// What a file consists of, to be looked at.
    pub fn ast(&self, file: FileId) -> Option<&'a Ast> {
        self.see_text(file);
        self.asts.get(file)
    }

    /// The value of a file, evaluated at most once (`import`).
    pub fn file(&self, file: FileId) -> &'a Thunk<'a> {
        if file.is_outside() {
            return self.value_outside(file);
        }
        let known = self.files.get(file.index());
        if let Some(known) = known.and_then(Cell::get) {
            return known;
        }
        let thunk = match self.asts.get(file) {
            Some(ast) if ast.has_null => self.stopped(self.unknown(Reason::Broken, None)),
            Some(ast) => self.whole(ast),
            None => self.stopped(self.unknown(Reason::Broken, None)),
        };
        if let Some(known) = known {
            known.set(Some(thunk));
        }
        thunk
    }

    /// Says whether `|>` and `<|` are evaluated, or refused as Nix does without its experimental feature
    /// `pipe-operators`. They are, unless told otherwise: who writes them has the feature on.
    pub fn set_pipe_operators(&self, on: bool) {
        self.pipe_operators.set(on);
    }

    /// Lets `interrupt` end the work: soon after it is set, all that is not yet computed is unknown, as
    /// if a limit were reached. Whoever sets it throws the result away.
    pub fn set_interrupt(&mut self, interrupt: &'a AtomicBool) {
        self.interrupt = Some(interrupt);
    }

    /// Remembers an argument of a function of the library.
    pub fn note(&self, argument: &'a Thunk<'a>) {
        self.noted.borrow_mut().push(argument);
    }

    /// What was [noted](Evaluator::note) since this was asked for the last time, in the order of the
    /// calls.
    pub fn take_noted(&self) -> Vec<&'a Thunk<'a>> {
        self.noted.take()
    }

    /// Runs `work`, of which nothing is [noted](Evaluator::note).
    pub fn unnoted<T>(&self, work: impl FnOnce() -> T) -> T {
        let noted = self.noted.take();
        let result = work();
        *self.noted.borrow_mut() = noted;
        result
    }

    /// Forgets how much work was done, before an evaluation of its own.
    pub fn reset_steps(&self) {
        self.steps.set(0);
    }

    /// Calls one of Nix's built-in functions by its name below `builtins`.
    pub fn builtin(&self, name: &str, arguments: &[&'a Thunk<'a>]) -> Eval<'a> {
        self.call_all(self.force(self.builtin_function(name))?, arguments)
    }

    /// The same call, made when its value is asked for.
    pub fn apply_builtin(&self, name: &str, arguments: &[&'a Thunk<'a>]) -> &'a Thunk<'a> {
        self.apply(self.builtin_function(name), arguments)
    }

    fn builtin_function(&self, name: &str) -> &'a Thunk<'a> {
        match self.builtins().and_then(|builtins| builtins.get(Symbol::new(name))) {
            Some(function) => function.value,
            None => {
                self.stopped(self.unknown(Reason::Unsupported(self.arena.alloc_str(name)), None))
            }
        }
    }

    /// What a function names of its argument, and whether it has a default for it: `lib.functionArgs`, also of a
    /// set that can be called.
    pub fn function_args(&self, function: Value<'a>) -> Eval<'a, &'a Attrs<'a>> {
        let function = self.arena.alloc([self.value(function)]);
        match crate::nixlib::function_args(self, function)? {
            Value::Attrs(named) => Ok(named),
            other => self.type_error(other, "a set"),
        }
    }

    /// `builtins`
    pub(crate) fn builtins(&self) -> Option<&'a Attrs<'a>> {
        match self.globals.get(&Symbol::new("builtins")) {
            Some(Value::Attrs(builtins)) => Some(builtins),
            _ => None,
        }
    }

    // Forcing

    /// The value of a thunk, computed now if it has not been.
    pub fn force(&self, thunk: &'a Thunk<'a>) -> Eval<'a> {
        if let Some(known) = thunk.peek() {
            self.recalled(thunk);
            return known;
        }
        if let State::Running { natives } = thunk.state.get() {
            return Err(self.recursion(natives));
        }
        thunk.state.set(State::Running { natives: self.natives.get() });
        let result = self.remember(thunk, || self.compute(thunk));
        thunk.state.set(State::of(self.arena, result));
        result
    }

    fn compute(&self, thunk: &'a Thunk<'a>) -> Eval<'a> {
        self.nested(|| match thunk.code {
            Code::Expr(expr, env) if env.ast.file == crate::nixlib::prelude::FILE => {
                self.native(|| self.eval(env.ast, expr, env))
            }
            Code::Expr(expr, env) => self.eval(env.ast, expr, env),
            Code::Apply(call) => {
                let function = self.force(call.function);
                call.arguments.iter().fold(function, |f, argument| self.call_result(f, argument))
            }
            Code::Native(native) => self.native(|| native.by.compute(self)),
            Code::Value => Err(self.unknown(Reason::Recursion, None)),
        })
    }

    /// A thunk is needed that is being computed. It is an error where Nix computes exactly the same on
    /// the way; a function of Rust may have asked for what Nix would not need.
    #[cold]
    fn recursion(&self, natives: u32) -> Stop<'a> {
        self.lose_track();
        match natives == self.natives.get() {
            true => self.error_stop(ErrorKind::InfiniteRecursion, "infinite recursion encountered"),
            false => self.unknown(Reason::Recursion, None),
        }
    }

    /// Runs what may evaluate more than Nix would.
    pub(crate) fn native<T>(&self, run: impl FnOnce() -> Eval<'a, T>) -> Eval<'a, T> {
        let natives = self.natives.get();
        self.natives.set(natives + 1);
        let result = run();
        self.natives.set(natives);
        result
    }

    /// Runs one step inside of another, within the limits.
    pub fn nested<T>(&self, run: impl FnOnce() -> Eval<'a, T>) -> Eval<'a, T> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        let depth = self.depth.get();
        let exceeded = if steps > self.limits.steps {
            Some(Limit::Steps)
        } else if depth >= self.limits.depth {
            Some(Limit::Depth)
        } else if steps.is_multiple_of(1024) && self.has_to_stop() {
            // Nothing more is computed from here on.
            self.steps.set(self.limits.steps);
            Some(Limit::Memory)
        } else {
            None
        };
        if let Some(limit) = exceeded {
            self.lose_track();
            return Err(self.unknown(Reason::Limit(limit), None));
        }
        self.depth.set(depth + 1);
        let result = run();
        self.depth.set(depth);
        result
    }

    fn has_to_stop(&self) -> bool {
        self.arena.allocated_bytes() - self.arena.chunk_capacity() > self.limits.memory
            || self.interrupt.is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
    }

    pub fn force_bool(&self, thunk: &'a Thunk<'a>) -> Eval<'a, bool> {
        match self.force_part(thunk)? {
            Value::Bool(value) => Ok(value),
            other => self.type_error(other, "a Boolean"),
        }
    }

    pub fn force_int(&self, thunk: &'a Thunk<'a>) -> Eval<'a, i64> {
        match self.force_part(thunk)? {
            Value::Int(value) => Ok(value),
            other => self.type_error(other, "an integer"),
        }
    }

    /// A wholly known string; one that is known in part is unknown.
    pub fn force_str(&self, thunk: &'a Thunk<'a>) -> Eval<'a, &'a str> {
        match self.force_part(thunk)? {
            Value::Str(value) => Ok(value),
            Value::Template(pieces) => Err(self.template_unknown(pieces)),
            other => self.type_error(other, "a string"),
        }
    }

    pub fn force_list(&self, thunk: &'a Thunk<'a>) -> Eval<'a, &'a List<'a>> {
        match self.force_part(thunk)? {
            Value::List(value) => Ok(value),
            other => self.type_error(other, "a list"),
        }
    }

    /// The members of a list all of whose members are known to be there.
    pub fn force_items(&self, thunk: &'a Thunk<'a>) -> Eval<'a, &'a [&'a Thunk<'a>]> {
        let list = self.force_list(thunk)?;
        match list.rest {
            None => Ok(list.items),
            Some(rest) => Err(Stop::Unknown(self.made_of(rest))),
        }
    }

    pub fn force_attrs(&self, thunk: &'a Thunk<'a>) -> Eval<'a, &'a Attrs<'a>> {
        match self.force_part(thunk)? {
            Value::Attrs(value) => Ok(value),
            other => self.type_error(other, "a set"),
        }
    }

    /// A set all of whose attributes are known to be there.
    pub fn force_closed_attrs(&self, thunk: &'a Thunk<'a>) -> Eval<'a, &'a Attrs<'a>> {
        let attrs = self.force_attrs(thunk)?;
        match attrs.rest {
            None => Ok(attrs),
            Some(rest) => Err(Stop::Unknown(self.made_of(rest))),
        }
    }

    pub fn force_function(&self, thunk: &'a Thunk<'a>) -> Eval<'a> {
        match self.force_part(thunk)? {
            value @ (Value::Lambda(_) | Value::Builtin(_)) => Ok(value),
            value @ Value::Attrs(_) => match self.select(value, Symbol::new("__functor"))? {
                Some(_) => Ok(value),
                None => self.type_error(value, "a function"),
            },
            other => self.type_error(other, "a function"),
        }
    }

    /// `base.name`; `None` when it is known not to be there.
    pub fn select(&self, base: Value<'a>, name: Symbol) -> Eval<'a, Option<&'a Thunk<'a>>> {
        match base {
            Value::Attrs(attrs) => match self.find(attrs, name) {
                Ok(found) => Ok(found),
                Err(rest) => self.select_unknown(rest, name).map(Some),
            },
            other => self.type_error(other, "a set"),
        }
    }

    /// An attribute of something unknown: its text grows, and `lib` of a package set is known.
    pub fn select_unknown(&self, base: &'a Unknown<'a>, name: Symbol) -> Eval<'a, &'a Thunk<'a>> {
        let (kind, text) = match base.reason {
            Reason::External(kind, text) => (kind, text),
            Reason::ForeignOption(path) => {
                let dot = if path.is_empty() { "" } else { "." };
                let path = self.arena.alloc_str(&format!("{path}{dot}{name}"));
                let reason = Reason::ForeignOption(path);
                let selected = Unknown { reason, arguments: &[], behind: &[], ..*base };
                return Ok(self.stopped(Stop::Unknown(self.arena.alloc(selected))));
            }
            Reason::Unsupported(text) if text == "lib" || text.starts_with("lib.") => {
                let text = self.arena.alloc_str(&format!("{text}.{name}"));
                return Err(self.unknown(Reason::Unsupported(text), base.span));
            }
            _ => return Err(Stop::Unknown(base)),
        };
        if kind == External::Builtins {
            let reason = builtins::missing(self, name);
            return Ok(self.stopped(self.unknown(reason, base.span)));
        }
        if kind == External::Itself
            && text == "self"
            && let Some(output) = self.output(name)
        {
            return Ok(output);
        }
        if let External::Input | External::Nixpkgs = kind
            && let Some(known) = self.locked(text, name)
        {
            return Ok(known);
        }
        if let (External::Packages, Some(packages)) = (kind, self.packages.get())
            && let Some(known) = packages.get(name)
        {
            return Ok(known.value);
        }
        if let (External::Packages, Some(function)) = (kind, package_set::function(name.as_str())) {
            let packages = self.stopped(Stop::Unknown(base));
            return Ok(self.value(self.partial(function, &[packages])));
        }
        let kind = match (kind, name.as_str()) {
            (External::Packages | External::Nixpkgs, "lib") => {
                return Ok(self.value(self.lib_of(text)));
            }
            // A package set has itself.
            (External::Packages, "pkgs") => return Ok(self.stopped(Stop::Unknown(base))),
            (External::Nixpkgs, "nixosModules") => match self.modules_of(text) {
                Some(modules) => return Ok(modules),
                None => External::Other,
            },
            (External::Packages, _) if !text.ends_with("pkgs") => External::Other,
            (External::Nixpkgs, "legacyPackages") => External::Nixpkgs,
            (External::Nixpkgs, system)
                if system.contains("-linux") || system.contains("-darwin") =>
            {
                External::Packages
            }
            _ => External::Other,
        };
        let text = self.arena.alloc_str(&format!("{text}.{name}"));
        let reason = Reason::External(kind, text);
        let behind = match (base.behind, base.arguments) {
            (known, []) | ([], known) => known,
            (first, last) => self.arena.alloc_slice_copy(&[first, last].concat()),
        };
        let selected = Unknown { reason, cause: None, arguments: &[], behind, ..*base };
        Ok(self.stopped(Stop::Unknown(self.arena.alloc(selected))))
    }
}
