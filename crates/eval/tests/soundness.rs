//! What is known of an expression with unknown parts must be true whatever those parts are.
//!
//! Random expressions are evaluated with holes that are unknown, and with the same holes filled with
//! random values: everything known of the first must hold in the others.

mod support;

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, STACK_BYTES, Value};
use nixpact_source::{FileId, Sources};
use nixpact_syntax::Asts;
use proptest::prelude::*;
use support::holds::{holds, shown};

#[derive(Clone, Copy)]
enum Kind {
    Bool,
    Int,
    Str,
    List,
    Attrs,
}

use Kind::{Attrs, Bool, Int, List, Str};

/// Expressions by type; `b i s l a` stand for others of the types above, and `?` for a hole.
const BOOLS: &[&str] = &[
    "true",
    "false",
    "?",
    "?",
    "(i < i)",
    "(i == i)",
    "(s == s)",
    "(l == l)",
    "(a == a)",
    "(!b)",
    "(b && b)",
    "(b || b)",
    "(b -> b)",
    "(builtins.elem i l)",
    "(a ? x)",
    "(a ? y.z)",
    "(l < l)",
    "(lib.hasPrefix s s)",
    "(lib.strings.levenshteinAtMost i s s)",
    "(lib.meta.availableOn { system = s; } { meta.platforms = [ s ]; })",
    "(lib.hasSuffix s s)",
    "(lib.hasInfix s s)",
    "(lib.any (x: x > i) l)",
    "(lib.all (x: x > i) l)",
    "(lib.mutuallyExclusive l l)",
    "(lib.allUnique l)",
    "(l != l)",
    "(builtins.hasAttr s a)",
    "(if b then b else b)",
    "(lib.xor b b)",
    "(lib.or b b)",
    "(lib.hasAttrByPath [ \"x\" ] a)",
    "(lib.matchAttrs a a)",
    "(builtins.isInt i)",
    "(i >= i)",
    "(lib.lists.hasPrefix l l)",
    "(builtins.match s s == null)",
    "(s < s)",
    "(a ? ${s})",
];
const INTS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "?",
    "?",
    "(i + i)",
    "(i - i)",
    "(i * i)",
    "(i / i)",
    "(builtins.length l)",
    "(lib.foldl' (x: y: x + y) i l)",
    "(if b then i else i)",
    "(a.x or i)",
    "(a.${s} or i)",
    "(lib.count (x: x > i) l)",
    "(lib.strings.commonPrefixLength s s)",
    "(lib.traceSeqN i a i)",
    "(builtins.head l)",
    "(builtins.elemAt l i)",
    "(lib.last l)",
    "(lib.max i i)",
    "(lib.findFirst (x: x > i) i l)",
    "(builtins.stringLength s)",
    "(lib.mod i i)",
    "(let v = i; in v + v)",
    "(with a; i)",
    "(lib.attrByPath [ \"y\" ] i a)",
    "(- i)",
    "(lib.findSingle (x: x > i) i i l)",
    "(lib.foldr (x: y: x - y) i l)",
    "(assert b; i)",
    "(lib.lists.findFirstIndex (x: x > i) i l)",
    "(builtins.seq l i)",
    "(builtins.bitAnd i i)",
    "(lib.foldlAttrs (acc: n: v: acc + v) i a)",
    "(({ x ? i, ... }: x) a)",
    "(lib.pipe i [ (x: x + i) ])",
];
const STRS: &[&str] = &[
    "\"\"",
    "\"x\"",
    "\"y\"",
    "\"xy\"",
    "?",
    "?",
    "\"x${s}y\"",
    "\"${s}${s}\"",
    "(s + s)",
    "(toString i)",
    "(toString l)",
    "(lib.concatStringsSep s (map toString l))",
    "\"${s}/bin\"",
    "(lib.optionalString b s)",
    "(lib.removePrefix s s)",
    "(lib.removeSuffix s s)",
    "(lib.trim s)",
    "(builtins.substring i i s)",
    "(lib.toUpper s)",
    "(if b then s else s)",
    "(lib.toLower s)",
    "(lib.concatMapStringsSep s (x: s) l)",
    "(lib.escapeShellArg s)",
    "(builtins.toXML [ a l s ])",
    "(lib.generators.toGitINI { x = a; y.z.w = s; })",
    "(lib.generators.toDhall { } [ a l b ])",
    "(lib.generators.toPlist { escape = b; } a)",
    "(toString (lib.gvariant.mkValue [ s s ]))",
    "(lib.strings.escapeC [ \"x\" ] s)",
    "(lib.strings.normalizePath s)",
    "(lib.cmakeBool s b)",
    "(lib.textClosureMap lib.id { x = lib.noDepEntry s; } [ \"x\" ])",
    "(derivation { name = s; builder = s; system = s; }).name",
    "(lib.generators.toINI { } { x = a; })",
    "(lib.generators.toKeyValue { } { x = s; y = b; z = i; })",
    "(lib.generators.toPretty { } [ a l s b i ])",
    "(lib.generators.toLua { } { x = a; y = l; })",
    "(lib.cli.toCommandLineShellGNU { } { x = s; y = l; z = b; })",
    "(builtins.toJSON a)",
    "(builtins.toJSON [ l s b ])",
    "(lib.boolToString b)",
    "(builtins.typeOf (if b then i else s))",
    "(builtins.replaceStrings [ \"x\" ] [ s ] s)",
    "(baseNameOf s)",
    "(dirOf \"${s}/z\")",
    "(lib.concatLines [ s s ])",
    "(lib.escape [ \"x\" ] s)",
    "(builtins.concatStringsSep s [ s s ])",
    "(lib.concatStrings (builtins.attrNames a))",
    "(lib.head (lib.splitString \"y\" s))",
    "(lib.concatImapStringsSep s (i: x: toString (i + x)) l)",
    "(lib.fixedWidthString 3 \"0\" s)",
    "(lib.addContextFrom s s)",
    "(lib.getExe' { type = \"derivation\"; outPath = s; } s)",
];
const LISTS: &[&str] = &[
    "[ ]",
    "[ i ]",
    "[ i i ]",
    "?",
    "?",
    "(l ++ l)",
    "(map (x: x + i) l)",
    "[ i i i ]",
    "(builtins.filter (x: x > i) l)",
    "(lib.optionals b l)",
    "(lib.cli.toGNUCommandLine { } a)",
    "(lib.uniqList { inputList = l; })",
    "(lib.optional b i)",
    "(lib.flatten [ (lib.optional b i) [ l ] ])",
    "(lib.forEach (l ++ lib.optional b i) (x: x + i))",
    "(lib.take i l)",
    "(lib.drop i l)",
    "(lib.reverseList l)",
    "(lib.unique l)",
    "(lib.sort (x: y: x < y) l)",
    "(lib.range i i)",
    "(builtins.attrValues a)",
    "(lib.mapAttrsToList (n: v: v) a)",
    "(lib.init l)",
    "(lib.remove i l)",
    "(lib.intersectLists l l)",
    "(lib.subtractLists l l)",
    "(if b then l else l)",
    "(lib.concatMap (x: l) l)",
    "(lib.flatten [ l [ i ] ])",
    "(lib.imap0 (k: x: k + x) l)",
    "(lib.partition (x: x > i) l).right",
    "(lib.partition (x: x > i) l).wrong",
    "(builtins.tail l)",
    "(builtins.genList (k: k + i) i)",
    "(lib.toList i)",
    "(builtins.concatLists [ l l ])",
    "(lib.zipListsWith (x: y: x + y) l l)",
    "(builtins.catAttrs \"x\" [ a a ])",
    "(lib.takeEnd i l)",
    "(lib.sortOn (x: - x) l)",
    "(lib.lists.commonPrefix l l)",
    "(lib.naturalSort [ \"1\" s ])",
    "(lib.lists.ifilter0 (k: x: k > i) l)",
    "(lib.replicate i i)",
    "(lib.attrVals [ s ] a)",
    "(lib.toposort (x: y: x < y) l).result",
    "(lib.sublist i i l)",
    "(builtins.attrNames a)",
    "(lib.collect builtins.isInt a)",
    "(lib.crossLists (x: y: x + y) [ l l ])",
    "(a.l or l)",
];
const SETS: &[&str] = &[
    "{ }",
    "{ x = i; }",
    "{ x = i; y = i; }",
    "?",
    "?",
    "(a // a)",
    "{ y = a; }",
    "{ z = i; x = i; }",
    "(builtins.mapAttrs (n: v: v + i) a)",
    "(lib.filterAttrs (n: v: v > i) a)",
    "(lib.updateManyAttrsByPath [ { path = [ s ]; update = v: i; } ] a)",
    "((lib.makeOverridable ({ x ? i, ... }: { y = x; }) a).override { x = i; })",
    "(lib.mergeAttrsConcatenateValues a a)",
    "(lib.generators.withRecursion { depthLimit = i; throwOnDepthLimit = b; } a)",
    "{ l = l; y = s; }",
    "(lib.optionalAttrs b a)",
    "(lib.genAttrs [ s s ] (n: i))",
    "(removeAttrs a [ s ])",
    "(lib.optionalAttrs b a // { x = i; })",
    "({ x = i; y = i; } // lib.filterAttrs (n: v: b) a)",
    "(lib.genAttrs (lib.optional b s ++ [ s ]) (n: i))",
    "(lib.genAttrs (builtins.attrNames a) (n: i))",
    "(builtins.listToAttrs (map (x: { name = toString x; value = x; }) (l ++ lib.optional b i)))",
    "(builtins.listToAttrs (lib.optional b { name = s; value = i; } ++ [ { name = s; value = i; } ]))",
    "(lib.mapAttrs' (n: v: lib.nameValuePair s v) a)",
    "{ ${s} = i; }",
    "{ ${lib.id s} = i; x = i; }",
    "(builtins.listToAttrs [ { name = s; value = i; } { name = s; value = i; } ])",
    "(builtins.intersectAttrs a a)",
    "(lib.recursiveUpdate a a)",
    "(lib.mergeAttrsList [ a a ])",
    "(lib.zipAttrsWith (n: vs: builtins.length vs) [ a a ])",
    "(lib.overrideExisting a a)",
    "(builtins.mapAttrs (n: builtins.length) (builtins.groupBy (x: toString (x > i)) l))",
    "(lib.concatMapAttrs (n: v: { ${n} = v; y = i; }) a)",
    "(if b then a else a)",
    "(lib.filterAttrs (n: v: n != s) a)",
    "(lib.mapAttrsRecursive (p: v: v) a)",
    "(rec { x = i; y = x; })",
    "(lib.recursiveUpdateUntil (p: x: y: b) a a)",
    "(lib.foldAttrs (x: y: x) i [ a a ])",
    "(lib.setAttrByPath [ s \"y\" ] i)",
    "(lib.getAttrs [ s ] a)",
    "(lib.zipAttrs [ a a ])",
    "(builtins.tryEval i)",
    "(lib.filterAttrsRecursive (n: v: n != s) a)",
    "(lib.attrsets.unionOfDisjoint a a)",
    "(builtins.functionArgs ({ x, y ? i }: x))",
    "(lib.groupBy' (x: y: x + y) i toString l)",
];

const FILLINGS: &[(Kind, &[&str])] = &[
    (Bool, &["true", "false"]),
    (Int, &["0", "1", "2", "(-1)", "7"]),
    (Str, &["\"\"", "\"x\"", "\"y\"", "\"xyx\"", "\"a b\"", "\"/y\"", "\"x/\""]),
    (List, &["[ ]", "[ 1 ]", "[ 2 0 ]", "[ 1 1 3 ]"]),
    (
        Attrs,
        &[
            "{ }",
            "{ x = 5; }",
            "{ y = 1; z = 2; }",
            "{ y.z = 1; x = 0; }",
            "{ x.x = 1; l = [ 1 ]; }",
        ],
    ),
];

/// Three variants of one expression: with unknown holes, and with two fillings.
struct Maker<'b> {
    choices: std::slice::Iter<'b, u8>,
    variants: [String; 3],
}

impl Maker<'_> {
    fn choose(&mut self, count: usize) -> usize {
        self.choices.next().map_or(0, |byte| usize::from(*byte) % count)
    }

    fn push(&mut self, text: &str) {
        self.variants.iter_mut().for_each(|variant| variant.push_str(text));
    }

    fn expression(&mut self, kind: Kind, depth: usize) {
        let all = match kind {
            Bool => BOOLS,
            Int => INTS,
            Str => STRS,
            List => LISTS,
            Attrs => SETS,
        };
        // The first few of each have nothing inside.
        let text = all[self.choose(if depth == 0 { 2 } else { all.len() })];
        if text == "?" {
            return self.hole(kind);
        }
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let alone = |at: Option<&char>| at.is_none_or(|c| !c.is_alphanumeric() && *c != '.');
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            let inner = match letter {
                'b' => Bool,
                'i' => Int,
                's' => Str,
                'l' => List,
                'a' => Attrs,
                _ => {
                    self.push(letter.encode_utf8(&mut [0; 4]));
                    continue;
                }
            };
            let next = letters.get(at + 1);
            // `a.x` selects from a set; `i:` and `l = ` bind a name.
            let binds = matches!(letters.get(at + 1..), Some([':', ..] | [' ', '=', ' ', ..]));
            let selects = next == Some(&'.') && *letter == 'a';
            if alone(before) && (alone(next) || selects) && !binds {
                self.expression(inner, depth.saturating_sub(1));
            } else {
                self.push(letter.encode_utf8(&mut [0; 4]));
            }
        }
    }

    fn hole(&mut self, kind: Kind) {
        let fillings = FILLINGS[kind as usize].1;
        let (first, second) = (self.choose(fillings.len()), self.choose(fillings.len()));
        self.variants[0].push_str("builtins.currentTime");
        self.variants[1].push_str(fillings[first]);
        self.variants[2].push_str(fillings[second]);
    }
}

fn check(choices: &[u8]) -> Result<(), String> {
    let mut maker = Maker { choices: choices.iter(), variants: Default::default() };
    maker.push("{ lib }: ");
    let kind = [Attrs, List, Str, Int, Bool][maker.choose(5)];
    maker.expression(kind, 5);
    compare(&maker.variants)
}

/// Whether what is known of the first text holds for the others.
fn compare(texts: &[String; 3]) -> Result<(), String> {
    let names = ["0.nix", "1.nix", "2.nix"];
    let files = names.iter().zip(texts).map(|(name, text)| ((*name).to_owned(), text.clone()));
    let sources = Sources::from_memory(files);
    let asts = Asts::of(&sources);
    let arena = Bump::new();
    let limits = Limits { steps: 200_000, ..Limits::default() };
    let ev = Evaluator::new(&arena, &sources, &asts, &[], limits);
    let lib = ev.attr("lib", ev.value(ev.lib()));
    let argument = ev.value(Value::Attrs(ev.attrs(vec![lib])));
    let value = |id| {
        ev.reset_steps();
        ev.call_result(ev.force(ev.file(FileId::new(id))), argument)
    };
    let partial = value(0);
    for id in [1, 2] {
        let whole = value(id);
        if !holds(&ev, partial, whole) {
            let (known, other) = (shown(&ev, partial), shown(&ev, whole));
            return Err(format!(
                "{}\n  gives {known}, but\n{}\n  gives {other}",
                texts[0], texts[id as usize]
            ));
        }
    }
    Ok(())
}

/// Expressions in which `?` is unknown, for which something did not hold once.
#[test]
fn what_did_not_hold_once_holds() {
    let expressions = [
        "lib.unique [ ? 0 ]",
        "lib.unique [ { a = ?; } { a = 0; b = 1; } { a = 0; } ? ]",
        "lib.unique [ ? (x: x) (lib.const ?) (lib.const ?) ]",
    ];
    for expression in expressions {
        let with = |value: &str| format!("{{ lib }}: {}", expression.replace('?', value));
        let texts = ["builtins.currentTime", "0", "{ a = 0; }"].map(with);
        assert_eq!(compare(&texts), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_known_holds_whatever_the_unknown_is(choices in prop::collection::vec(any::<u8>(), 0..300)) {
        let run = move || check(&choices);
        let result = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join();
        prop_assert!(matches!(result, Ok(Ok(()))), "\n{}", result.unwrap().unwrap_err());
    }
}
