//! Which scope binds a name, decided once, as Nix's parser does.

use crate::Symbol;
use crate::ast::Expr;

/// The names of Nix's outermost scope, which no `with` can hide.
pub const GLOBALS: &[&str] = &[
    "abort",
    "baseNameOf",
    "break",
    "builtins",
    "derivation",
    "derivationStrict",
    "dirOf",
    "false",
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fromTOML",
    "import",
    "isNull",
    "map",
    "null",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "throw",
    "toString",
    "true",
    "__curPos",
    "__add",
    "__addDrvOutputDependencies",
    "__addErrorContext",
    "__all",
    "__any",
    "__appendContext",
    "__attrNames",
    "__attrValues",
    "__bitAnd",
    "__bitOr",
    "__bitXor",
    "__catAttrs",
    "__ceil",
    "__compareVersions",
    "__concatLists",
    "__concatMap",
    "__concatStringsSep",
    "__convertHash",
    "__currentSystem",
    "__currentTime",
    "__deepSeq",
    "__div",
    "__elem",
    "__elemAt",
    "__exec",
    "__fetchClosure",
    "__fetchurl",
    "__filter",
    "__filterSource",
    "__findFile",
    "__flakeRefToString",
    "__floor",
    "__foldl'",
    "__fromJSON",
    "__functionArgs",
    "__genList",
    "__genericClosure",
    "__getAttr",
    "__getContext",
    "__getEnv",
    "__getFlake",
    "__groupBy",
    "__hasAttr",
    "__hasContext",
    "__hashFile",
    "__hashString",
    "__head",
    "__importNative",
    "__intersectAttrs",
    "__isAttrs",
    "__isBool",
    "__isFloat",
    "__isFunction",
    "__isInt",
    "__isList",
    "__isPath",
    "__isString",
    "__langVersion",
    "__length",
    "__lessThan",
    "__listToAttrs",
    "__mapAttrs",
    "__match",
    "__mul",
    "__nixPath",
    "__nixVersion",
    "__outputOf",
    "__parseDrvName",
    "__parseFlakeRef",
    "__partition",
    "__path",
    "__pathExists",
    "__readDir",
    "__readFile",
    "__readFileType",
    "__replaceStrings",
    "__seq",
    "__sort",
    "__split",
    "__splitVersion",
    "__storeDir",
    "__storePath",
    "__stringLength",
    "__sub",
    "__substring",
    "__tail",
    "__toFile",
    "__toJSON",
    "__toPath",
    "__toXML",
    "__trace",
    "__traceVerbose",
    "__tryEval",
    "__typeOf",
    "__unsafeDiscardOutputDependency",
    "__unsafeDiscardStringContext",
    "__unsafeGetAttrPos",
    "__warn",
    "__zipAttrsWith",
];

pub(super) enum Frame {
    /// Names in slots by position, few.
    Listed(Vec<Symbol>),
    /// Names in slots by position, sorted by [`Symbol::key`].
    Sorted(Vec<Symbol>),
    /// Slots without names.
    Hidden,
    With,
}

/// The scopes around the expression being lowered, the innermost last.
#[derive(Default)]
pub(super) struct Scopes(Vec<Frame>);

impl Scopes {
    pub fn push(&mut self, frame: Frame) {
        self.0.push(frame);
    }

    pub fn pop(&mut self) -> Option<Frame> {
        self.0.pop()
    }

    pub fn resolve(&self, name: Symbol) -> Expr {
        let mut innermost_with = None;
        for (depth, frame) in self.0.iter().rev().enumerate() {
            let slot = match frame {
                // The last of equal names wins, as a pattern's `@` name does.
                Frame::Listed(names) => names.iter().rposition(|known| *known == name),
                Frame::Sorted(names) => names.binary_search_by_key(&name.key(), |n| n.key()).ok(),
                Frame::Hidden => None,
                Frame::With => {
                    innermost_with.get_or_insert(depth as u32);
                    None
                }
            };
            if let Some(slot) = slot {
                return Expr::Local { depth: depth as u32, slot: slot as u32 };
            }
        }
        if name.is_global() {
            return Expr::Global(name);
        }
        match innermost_with {
            Some(depth) => Expr::Dynamic { name, depth },
            None => Expr::Undefined(name),
        }
    }

    /// The names of all scopes, the innermost scope first.
    pub fn visible(&self) -> Box<[Symbol]> {
        let names = self.0.iter().rev().flat_map(|frame| match frame {
            Frame::Listed(names) | Frame::Sorted(names) => &names[..],
            Frame::Hidden | Frame::With => &[],
        });
        names.copied().collect()
    }
}
