//! The names in nixpkgs' `lib`, and in its `types`, that nixpact's own does not have.

use nixpact_syntax::Symbol;

/// Whether some version of `lib` may have a name that is not in nixpact's own.
pub fn may_be_of_lib(name: Symbol) -> bool {
    let name = name.as_str();
    OF_OTHERS.contains(&name) || LACKING.binary_search(&name).is_ok()
}

/// Whether some version of `lib.types` may have a name that is not in nixpact's own.
pub(crate) fn may_be_type(name: Symbol) -> bool {
    LACKING_TYPES.binary_search(&name.as_str()).is_ok()
}

/// What flakes add to the `lib` that they give: nixpkgs itself, home-manager and nixvim.
const OF_OTHERS: &[&str] = &["hm", "nixos", "nixosSystem", "nixvim"];

/// All names of `lib` from April 2014 to June 2026 that are missing, in their order.
const LACKING: &[&str] = &[
    "addErrorContextToAttrs",
    "addPassthru",
    "applyIfFunction",
    "applyModuleArgsIfFunction",
    "architectures",
    "attrNamesToStr",
    "callLocklessFlake",
    "cartesianProductOfSets",
    "checkFlag",
    "checkReqs",
    "cleanSourceFilter",
    "closeModules",
    "closePropagation",
    "composedArgsAndFun",
    "condConcat",
    "cpuTypes",
    "deepOverrider",
    "deepSeqAttrs",
    "deepSeqList",
    "defaultFunctor",
    "defaultOverridableDelayableArgs",
    "defaultTypeMerge",
    "dischargeProperties",
    "eqStrings",
    "evalOptionValue",
    "execFormats",
    "fakeSri",
    "fetchMD5warn",
    "filterModules",
    "filterOverrides",
    "fixMergeModules",
    "fixupOptionType",
    "flakeRefToString",
    "foldArgs",
    "getValue",
    "hasFile",
    "inNixShell",
    "inPureEvalMode",
    "innerClosePropagation",
    "innerModifySumArgs",
    "is64Bit",
    "isArchitecture",
    "isCpuType",
    "isDarwin",
    "isExecFormat",
    "isInOldestRelease",
    "isKernel",
    "isLinux",
    "isSignificantByte",
    "isSystem",
    "isi686",
    "kernels",
    "lazyGenericClosure",
    "makeFullPerlPath",
    "makePerlPath",
    "mapAttrsFlatten",
    "maybeEnv",
    "mergeAttrBy",
    "mergeAttrByFunc",
    "mergeAttrsByFuncDefaults",
    "mergeAttrsByFuncDefaultsClean",
    "mergeAttrsByVersion",
    "mergeAttrsNoOverride",
    "mergeDefinitions",
    "mergeEnableOption",
    "mergeListOption",
    "mergeModules",
    "mergeModules'",
    "mergeOptionDecls",
    "mergeStringOption",
    "mergeTypedOption",
    "misc",
    "mkAliasOptionModuleWithPriority",
    "mkEnable",
    "mkFlag",
    "mkOther",
    "mkPackageOptionMD",
    "mkStrict",
    "mkSystem",
    "mkSystemFromString",
    "mkWith",
    "modifySumArgs",
    "oldestSupportedReleaseIsAtLeast",
    "optionAttrSetToDocList",
    "optionAttrSetToDocList'",
    "overridableDelayableArgs",
    "packSubmodule",
    "parseFlakeRef",
    "prepareDerivationArgs",
    "pushDownProperties",
    "readPathsFromFile",
    "replaceChars",
    "sandbox",
    "scrubOptionValue",
    "shouldUsePkgSystem",
    "showFiles",
    "showOptionWithDefLocs",
    "showVal",
    "significantBytes",
    "sortProperties",
    "strict",
    "toDerivation",
    "traceCall",
    "traceCall2",
    "traceCall3",
    "traceCallXml",
    "traceShowVal",
    "traceShowValMarked",
    "traceValIfNot",
    "traceXMLVal",
    "traceXMLValMarked",
    "unifyModuleSyntax",
    "uniqListExt",
    "unknownModule",
    "unpackSubmodule",
    "zip",
    "zipTwoLists",
    "zipWithNames",
];

/// The same of `lib.types`, from October 2013.
const LACKING_TYPES: &[&str] = &[
    "__attrsFailEvaluation",
    "attrListOf",
    "attrListWith",
    "attrTagWith",
    "defaultFunctor",
    "defaultTypeMerge",
    "fileset",
    "heterogeneousAttrsOf",
    "intBetween",
    "list",
    "loeOf",
    "mergeTypes",
    "nixosSubmodule",
    "noCheckForDocsModule",
    "none",
    "optionDescriptionPhrase",
    "optionSet",
    "packageSet",
    "submoduleWithExtraArgs",
];

#[cfg(test)]
mod tests {
    use super::{LACKING, LACKING_TYPES};

    #[test]
    fn names_are_in_their_order() {
        assert!(LACKING.is_sorted() && LACKING_TYPES.is_sorted());
    }
}
