//! What flakes have: `self`, that is `outPath`, `inputs` and its outputs as far as they are known
//! (`call-flake.nix` of Nix), and nixpkgs.

use std::sync::LazyLock;

use nixpact_syntax::Symbol;

use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{External, Reason, Unknown};
use crate::value::{Attr, Attrs, Value};

/// What a tree that was fetched has besides its path, some of it only where it came from git.
pub const SOURCE_INFO: &[&str] = &[
    "dirtyRev",
    "dirtyShortRev",
    "lastModified",
    "lastModifiedDate",
    "narHash",
    "ref",
    "rev",
    "revCount",
    "shortRev",
    "submodules",
];

/// What a flake has besides, some of it not in all versions of Nix.
const OF_FLAKES: &[&str] = &["_type", "sourceInfo"];

/// Why a set has more than its attributes: those of the set at [`MORE`], and perhaps others.
pub const ON_DEMAND: Reason<'static> = Reason::Unsupported("this attribute of a type");

/// The name of the attribute that holds those that are made when they are asked for.
pub static MORE: LazyLock<Symbol> = LazyLock::new(|| Symbol::new("_own"));

impl<'a> Evaluator<'a> {
    /// Says what the attributes of `self`, [`External::Itself`], are.
    pub fn set_outputs(&self, outputs: &'a Thunk<'a>) {
        self.outputs.set(Some(outputs));
    }

    /// The outputs of the flake that is being evaluated.
    pub fn outputs(&self) -> Option<&'a Thunk<'a>> {
        self.outputs.get()
    }

    /// An attribute of a set, if it has it; why that is not known.
    pub(crate) fn find(
        &self,
        attrs: &'a Attrs<'a>,
        name: Symbol,
    ) -> Result<Option<&'a Thunk<'a>>, &'a Unknown<'a>> {
        match (attrs.get(name), attrs.rest) {
            (Some(attr), _) => Ok(Some(attr.value)),
            (None, None) => Ok(None),
            (None, Some(_)) if !attrs.may_have(name) => Ok(None),
            (None, Some(rest)) if rest.reason == ON_DEMAND => {
                self.on_demand(attrs, name).map_or(Err(rest), |found| Ok(Some(found)))
            }
            (None, Some(rest)) => self.find_outside(rest, name),
        }
    }

    /// A set that has more attributes, [`ON_DEMAND`], and none but of these names.
    pub fn attrs_on_demand(
        &self,
        entries: Vec<Attr<'a>>,
        names: &'a &'a [Symbol],
    ) -> &'a Attrs<'a> {
        let rest: &_ = self.on_demand.get_or_init(|| self.unknown_ref(ON_DEMAND, None));
        let entries = self.sorted(entries);
        self.arena.alloc(Attrs { entries, rest: Some(rest), others: Some(names) })
    }

    /// An attribute that is made when it is asked for.
    fn on_demand(&self, attrs: &'a Attrs<'a>, name: Symbol) -> Option<&'a Thunk<'a>> {
        let more = self.force_attrs(attrs.get(*MORE)?.value).ok()?;
        Some(more.get(name)?.value)
    }

    /// As [`find`](Evaluator::find), in what `base` stands for.
    pub(crate) fn find_outside(
        &self,
        base: &'a Unknown<'a>,
        name: Symbol,
    ) -> Result<Option<&'a Thunk<'a>>, &'a Unknown<'a>> {
        let Reason::External(kind, text) = base.reason else { return Err(base) };
        if let External::Input | External::Nixpkgs = kind
            && let Some(known) = self.locked(text, name)
        {
            return Ok(Some(known));
        }
        match kind {
            External::Itself if text == "self" => self.find_in_outputs(name).ok_or(base),
            // Others may be called after it.
            External::Nixpkgs if text == "nixpkgs" => match name.as_str() {
                "legacyPackages" | "lib" | "nixosModules" => {
                    Ok(self.select_unknown(base, name).ok())
                }
                // Its modules are those of NixOS.
                other if other.ends_with("Modules") => Ok(None),
                _ => Err(base),
            },
            _ => Err(base),
        }
    }

    /// An attribute of `self`; `None` where it is not known whether it is there.
    fn find_in_outputs(&self, name: Symbol) -> Option<Option<&'a Thunk<'a>>> {
        let whole = self.outputs()?;
        let Ok(Value::Attrs(outputs)) = self.force(whole) else { return None };
        // What Nix adds counts before outputs of the same name.
        match (outputs.get(name), outputs.rest) {
            _ if name.as_str() == "outputs" => Some(Some(whole)),
            _ if SOURCE_INFO.iter().chain(OF_FLAKES).any(|added| name.as_str() == *added) => None,
            (Some(output), _) => Some(Some(output.value)),
            (None, None) => Some(None),
            (None, Some(_)) => None,
        }
    }

    /// An output that `self` is known to have.
    pub(crate) fn output(&self, name: Symbol) -> Option<&'a Thunk<'a>> {
        self.find_in_outputs(name).flatten()
    }
}
