//! The parts of `lib` that are written in Nix, in `prelude/`: a few lines of Nix, whose parts stay as
//! known as their arguments are. A file is parsed when one of its functions is first used.

use std::sync::LazyLock;

use nixpact_source::FileId;
use nixpact_syntax::{Ast, Symbol};

use super::common::field;
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::value::Attr;

/// The file of every text here: it is none of the repository, and its places are never shown.
pub(crate) const FILE: FileId = FileId::outside(u32::MAX);

/// A text that stands for a library, as those here do: what it computes may be more than Nix would, and
/// nothing in it has a place.
pub fn own_text(text: &str) -> Ast {
    nixpact_syntax::parse(FILE, text)
}

type Text = LazyLock<Ast>;

macro_rules! texts {
    ($($name:ident = $file:literal),* $(,)?) => {
        $(static $name: Text =
            LazyLock::new(|| own_text(include_str!(concat!("prelude/", $file, ".nix"))));)*

        #[cfg(test)]
        static ALL: &[(&str, &Text)] = &[$(($file, &$name)),*];
    };
}

texts! {
    CLI = "cli",
    CUSTOMISATION = "customisation",
    DEBUG = "debug",
    DERIVATIONS = "derivations",
    FILESYSTEM = "filesystem",
    GENERATORS = "generators",
    GVARIANT = "gvariant",
    META = "meta",
    MISC = "misc",
    NETWORK = "network",
    OPTIONS = "options",
    PATH = "path",
    STRINGS = "strings",
    TEXTS = "texts",
    UPDATES = "updates",
}

/// What one text gives to one group of `lib`.
struct Share {
    /// No name where only `lib` itself has the functions.
    group: &'static str,
    text: &'static Text,
    /// Those that `lib` itself has as well.
    top_level: &'static [&'static str],
    inner: &'static [&'static str],
}

const SHARES: &[Share] = &[
    Share {
        group: "attrsets",
        text: &UPDATES,
        top_level: &["getFirstOutput", "getInclude", "getStatic", "updateManyAttrsByPath"],
        inner: &[],
    },
    Share {
        group: "cli",
        text: &CLI,
        top_level: &[],
        inner: &[
            "toCommandLine",
            "toCommandLineGNU",
            "toCommandLineShell",
            "toCommandLineShellGNU",
            "toGNUCommandLine",
            "toGNUCommandLineShell",
        ],
    },
    Share {
        group: "customisation",
        text: &CUSTOMISATION,
        top_level: &[
            "callPackageWith",
            "callPackagesWith",
            "extendDerivation",
            "extendMkDerivation",
            "hydraJob",
            "makeOverridable",
            "makeScope",
            "makeScopeWithSplicing",
            "makeScopeWithSplicing'",
            "mapCrossIndex",
            "overrideDerivation",
            "renameCrossIndexFrom",
            "renameCrossIndexTo",
        ],
        inner: &[],
    },
    Share {
        group: "debug",
        text: &DEBUG,
        top_level: &[
            "runTests",
            "testAllTrue",
            "traceFnSeqN",
            "traceSeq",
            "traceSeqN",
            "traceValSeq",
            "traceValSeqFn",
            "traceValSeqN",
            "traceValSeqNFn",
        ],
        inner: &["throwTestFailures"],
    },
    Share {
        group: "derivations",
        text: &DERIVATIONS,
        top_level: &["lazyDerivation", "optionalDrvAttr", "warnOnInstantiate"],
        inner: &[],
    },
    Share {
        group: "filesystem",
        text: &FILESYSTEM,
        top_level: &["packagesFromDirectoryRecursive"],
        inner: &["haskellPathsInDir", "locateDominatingFile"],
    },
    Share { group: "fixedPoints", text: &MISC, top_level: &["toExtension"], inner: &[] },
    Share {
        group: "generators",
        text: &GENERATORS,
        top_level: &["mkLuaInline"],
        inner: &[
            "mkDconfKeyValue",
            "mkKeyValueDefault",
            "mkValueStringDefault",
            "toDconfINI",
            "toDhall",
            "toGitINI",
            "toINI",
            "toINIWithGlobalSection",
            "toKeyValue",
            "toLua",
            "toPlist",
            "toPretty",
            "withRecursion",
        ],
    },
    Share {
        group: "gvariant",
        text: &GVARIANT,
        top_level: &[],
        inner: &[
            "isGVariant",
            "mkArray",
            "mkBoolean",
            "mkDictionaryEntry",
            "mkDouble",
            "mkEmptyArray",
            "mkInt16",
            "mkInt32",
            "mkInt64",
            "mkJust",
            "mkMaybe",
            "mkNothing",
            "mkObjectpath",
            "mkString",
            "mkTuple",
            "mkUchar",
            "mkUint16",
            "mkUint32",
            "mkUint64",
            "mkValue",
            "mkVariant",
            "type",
        ],
    },
    Share {
        group: "meta",
        text: &META,
        top_level: &[
            "addMetaAttrs",
            "appendToName",
            "dontDistribute",
            "getLicenseFromSpdxId",
            "getLicenseFromSpdxIdOr",
            "hiPrio",
            "hiPrioSet",
            "licensesSpdx",
            "lowPrio",
            "lowPrioSet",
            "mapDerivationAttrset",
            "setName",
            "setPrio",
            "updateName",
        ],
        inner: &["availableOn", "cpeFullVersionWithVendor", "defaultPriority", "platformMatch"],
    },
    Share {
        group: "",
        text: &MISC,
        top_level: &[
            "defaultMerge",
            "defaultMergeArg",
            "extend",
            "fakeHash",
            "fakeSha256",
            "fakeSha512",
            "ifEnable",
            "imap",
            "isType",
            "kernel",
            "maybeAttr",
            "maybeAttrNullable",
            "mergeAttrsConcatenateValues",
            "mergeAttrsWithFunc",
            "nixType",
            "nvs",
            "setAttr",
            "setAttrMerge",
            "setType",
            "sourceTypes",
            "uniqList",
        ],
        inner: &[],
    },
    Share { group: "network", text: &NETWORK, top_level: &["mkEUI64Suffix"], inner: &["ipv6"] },
    Share {
        group: "modules",
        text: &OPTIONS,
        top_level: &["mkDefinition", "mkDerivedConfig"],
        inner: &[],
    },
    Share {
        group: "options",
        text: &OPTIONS,
        top_level: &[
            "literalExpression",
            "literalMD",
            "mergeUniqueOption",
            "mkSinkUndeclaredOptions",
        ],
        inner: &["literalCode"],
    },
    Share { group: "path", text: &PATH, top_level: &[], inner: &["subpath"] },
    Share { group: "strings", text: &MISC, top_level: &["lowerChars", "upperChars"], inner: &[] },
    Share {
        group: "strings",
        text: &STRINGS,
        top_level: &[
            "cmakeBool",
            "cmakeFeature",
            "cmakeOptionType",
            "isStorePath",
            "mesonBool",
            "mesonEnable",
            "mesonOption",
        ],
        inner: &[
            "commonPrefixLength",
            "commonSuffixLength",
            "escapeC",
            "levenshteinAtMost",
            "normalizePath",
        ],
    },
    Share {
        group: "stringsWithDeps",
        text: &TEXTS,
        top_level: &[
            "fullDepEntry",
            "noDepEntry",
            "packEntry",
            "stringAfter",
            "textClosureList",
            "textClosureMap",
        ],
        inner: &[],
    },
];

/// Calls `add` with each group, its attributes, and whether `lib` itself has them as well.
pub(super) fn shares<'a>(
    ev: &Evaluator<'a>,
    mut add: impl FnMut(&'static str, Vec<Attr<'a>>, bool),
) {
    let mut sets: Vec<(&'static Text, &'a Thunk<'a>)> = Vec::new();
    for share in SHARES {
        let known = sets.iter().find(|(text, _)| std::ptr::eq(*text, share.text));
        let set = known.map_or_else(|| evaluated(ev, share.text), |(_, set)| *set);
        sets.push((share.text, set));
        add(share.group, members(ev, set, share.top_level), true);
        add(share.group, members(ev, set, share.inner), false);
    }
}

/// The set that a text gives when it is called with `lib`, and `visible`, the one that the repository has.
fn evaluated<'a>(ev: &Evaluator<'a>, text: &'static Text) -> &'a Thunk<'a> {
    evaluated_for(ev, text, ev.lazy(|ev| Ok(ev.lib())))
}

fn evaluated_for<'a>(
    ev: &Evaluator<'a>,
    text: &'static Text,
    visible: &'a Thunk<'a>,
) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let ast: &'a Ast = text;
        let lib = ev.attr("lib", ev.value(ev.whole_lib()));
        let visible = ev.attr("visible", visible);
        ev.call_with(ev.force(ev.whole(ast))?, ev.attrs(vec![lib, visible]))
    })
}

/// `lib.extend` of a `lib` that is none of a flake.
pub(super) fn extend<'a>(ev: &Evaluator<'a>, lib: &'a Thunk<'a>) -> &'a Thunk<'a> {
    extending(ev, lib, "extendExact")
}

/// `lib.extend` of a flake's `lib`.
pub(super) fn extend_of_flake<'a>(ev: &Evaluator<'a>, lib: &'a Thunk<'a>) -> &'a Thunk<'a> {
    extending(ev, lib, "extend")
}

fn extending<'a>(ev: &Evaluator<'a>, lib: &'a Thunk<'a>, function: &'static str) -> &'a Thunk<'a> {
    let set = evaluated_for(ev, &MISC, lib);
    ev.lazy(move |ev| ev.force(field(ev, ev.force_attrs(set)?, function)?))
}

fn members<'a>(
    ev: &Evaluator<'a>,
    set: &'a Thunk<'a>,
    names: &'static [&'static str],
) -> Vec<Attr<'a>> {
    let member =
        |name: &'static str| ev.lazy(move |ev| ev.force(field(ev, ev.force_attrs(set)?, name)?));
    names
        .iter()
        .map(|name| Attr { name: Symbol::new(name), value: member(name), span: None })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_right_and_give_what_is_said_of_them() {
        for (file, text) in ALL {
            assert!(text.errors.is_empty() && text.duplicates.is_empty(), "{file}");
        }
        let (arena, asts) = (bumpalo::Bump::new(), nixpact_syntax::Asts::default());
        let sources = nixpact_source::Sources::from_memory([]);
        let ev = Evaluator::new(&arena, &sources, &asts, &[], crate::Limits::default());
        for share in SHARES {
            let set = ev.force_attrs(evaluated(&ev, share.text)).unwrap();
            for name in share.top_level.iter().chain(share.inner) {
                assert!(set.get(Symbol::new(name)).is_some(), "{name}");
            }
        }
    }
}
