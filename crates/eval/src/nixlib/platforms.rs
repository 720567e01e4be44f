//! `lib.systems.elaborate`: what each version of nixpkgs says of a platform.

use nixpact_syntax::Symbol;

use crate::builtins::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::{Eval, External, Reason};
use crate::value::{Attr, Attrs, Value};

pub(super) static ELABORATE: Builtin =
    Builtin { name: "elaborate", arity: 1, run: |ev, args| elaborate(ev, args) };

/// A platform by its name, as in `system`.
struct Platform {
    system: &'static str,
    /// Which of [`OF_PROCESSORS`] hold.
    processor: &'static [&'static str],
    is_linux: bool,
}

const PLATFORMS: &[Platform] = &[
    linux("x86_64-linux", &["isx86", "isx86_64", "is64bit"]),
    linux("aarch64-linux", &["isAarch64", "is64bit"]),
    linux("i686-linux", &["isi686", "isx86", "isx86_32", "is32bit"]),
    linux("armv7l-linux", &["isAarch32", "is32bit"]),
    linux("armv6l-linux", &["isAarch32", "is32bit"]),
    linux("riscv64-linux", &["isRiscV", "is64bit"]),
    darwin("x86_64-darwin", &["isx86", "isx86_64", "is64bit"]),
    darwin("aarch64-darwin", &["isAarch64", "is64bit"]),
];

const fn linux(system: &'static str, processor: &'static [&'static str]) -> Platform {
    Platform { system, processor, is_linux: true }
}

const fn darwin(system: &'static str, processor: &'static [&'static str]) -> Platform {
    Platform { system, processor, is_linux: false }
}

/// What is true or false of a processor.
const OF_PROCESSORS: &[&str] = &[
    "is32bit",
    "is64bit",
    "isAarch32",
    "isAarch64",
    "isAlpha",
    "isAvr",
    "isBigEndian",
    "isMips",
    "isMsp430",
    "isPower",
    "isRiscV",
    "isSparc",
    "isVc4",
    "isWasm",
    "isi686",
    "isx86",
    "isx86_32",
    "isx86_64",
];

/// What is true or false of a kernel.
const OF_KERNELS: &[&str] = &[
    "isBSD",
    "isCygwin",
    "isDarwin",
    "isFreeBSD",
    "isGenode",
    "isGhcjs",
    "isLinux",
    "isMacOS",
    "isMinGW",
    "isNetBSD",
    "isNone",
    "isOpenBSD",
    "isRedox",
    "isSunOS",
    "isUnix",
    "isWasi",
    "isWindows",
    "isiOS",
];

/// What is false of all of these platforms, and what is true of them.
const OF_NONE: &[&str] =
    &["isAndroid", "isMusl", "isUClibc", "useAndroidPrebuilt", "useiOSPrebuilt"];
const OF_ALL: &[&str] = &["isLittleEndian"];

/// Arguments that change nothing of what is known here.
const HARMLESS: &[&str] = &["gcc", "go", "linux-kernel", "rustc"];

fn elaborate<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match ev.force(args[0])? {
        Value::Str(system) => of_system(ev, system, &[]),
        Value::Attrs(given) if given.get(Symbol::new("isLinux")).is_some() => {
            Ok(Value::Attrs(given))
        }
        Value::Attrs(given) => match given.get(Symbol::new("system")) {
            Some(system) if given.rest.is_none() && is_harmless(given) => {
                of_system(ev, ev.force_str(system.value)?, given.unordered())
            }
            _ => ev.unsupported("this platform"),
        },
        Value::Template(_) => ev.unsupported("a platform of which the name is not known"),
        other => ev.type_error(other, "a set"),
    }
}

fn is_harmless(given: &Attrs<'_>) -> bool {
    given.unordered().iter().all(|attr| {
        let name = attr.name.as_str();
        name == "system" || HARMLESS.contains(&name)
    })
}

fn of_system<'a>(ev: &Evaluator<'a>, system: &str, given: &[Attr<'a>]) -> Eval<'a> {
    let Some(platform) = PLATFORMS.iter().find(|platform| platform.system == system) else {
        return ev.unsupported("this platform");
    };
    let mut known = kernel(ev, platform.is_linux);
    let truth = |name: &&str, is: bool| ev.attr(name, ev.value(Value::Bool(is)));
    let of_processor = |name| truth(name, platform.processor.contains(name));
    known.extend(OF_PROCESSORS.iter().map(of_processor));
    known.extend(OF_NONE.iter().map(|name| truth(name, false)));
    known.extend(OF_ALL.iter().map(|name| truth(name, true)));
    known.push(ev.attr("system", ev.value(Value::Str(platform.system))));
    known.retain(|attr| given.iter().all(|other| other.name != attr.name));
    known.extend_from_slice(given);
    Ok(Value::Attrs(ev.open_attrs(known, Some(rest(ev)))))
}

impl<'a> Evaluator<'a> {
    /// A platform of which it is known that its kernel is Linux, and nothing else.
    pub fn linux(&self) -> Value<'a> {
        Value::Attrs(self.open_attrs(kernel(self, true), Some(rest(self))))
    }
}

fn kernel<'a>(ev: &Evaluator<'a>, is_linux: bool) -> Vec<Attr<'a>> {
    let own: &[&str] = match is_linux {
        true => &["isLinux", "isUnix"],
        false => &["isDarwin", "isMacOS", "isUnix"],
    };
    let truth = |name: &&str| ev.attr(name, ev.value(Value::Bool(own.contains(name))));
    OF_KERNELS.iter().map(truth).collect()
}

fn rest<'a>(ev: &Evaluator<'a>) -> &'a crate::unknown::Unknown<'a> {
    ev.unknown_ref(Reason::External(External::Other, "hostPlatform"), None)
}
