//! Random choices, and the ways in which people write one value.

use std::ops::Range;

/// A sequence of numbers that looks random (splitmix64).
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, range: Range<usize>) -> usize {
        range.start + (self.next() % (range.len().max(1) as u64)) as usize
    }

    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        from.get(self.below(0..from.len()))
    }
}

/// A number.
pub fn int(rng: &mut Rng, number: i64) -> String {
    match rng.below(0..9) {
        0 => format!("({number})"),
        1 => format!("({} + 7)", number - 7),
        2 => format!("(let port = {number}; in port)"),
        3 => format!("(if builtins.isString \"x\" then {number} else null)"),
        4 => format!("(builtins.fromJSON \"{number}\")"),
        5 => format!("(builtins.head [{number} 1])"),
        6 => format!("{{ ports.web = {number}; }}.ports.web"),
        _ => number.to_string(),
    }
}

/// A string without characters that mean something in one.
pub fn string(rng: &mut Rng, text: &str) -> String {
    let (first, rest) = text.split_at(text.len().min(1));
    match rng.below(0..8) {
        0 => format!("(\"{first}\" + \"{rest}\")"),
        1 => format!("''{text}''"),
        2 => format!("(let name = \"{text}\"; in name)"),
        3 => format!("\"${{\"{first}\"}}{rest}\""),
        4 => format!("(builtins.concatStringsSep \"\" [\"{first}\" \"{rest}\"])"),
        5 => format!("(builtins.getAttr \"x\" {{ x = \"{text}\"; }})"),
        _ => format!("\"{text}\""),
    }
}

/// A definition whose value is that of an expression; `lib` is in scope.
pub fn definition(rng: &mut Rng, value: &str) -> String {
    match rng.below(0..8) {
        0 => format!("lib.mkForce ({value})"),
        1 => format!("lib.mkMerge [({value})]"),
        2 => format!("lib.mkIf true ({value})"),
        3 => format!("lib.mkOverride 40 ({value})"),
        4 => format!("lib.mkIf (!false) (lib.mkForce ({value}))"),
        _ => value.to_owned(),
    }
}
