//! The [cases](support::cases), evaluated as they are.
//!
//! `NIXPACT_TALLY` makes the test fail with its figures.
//!
//! What is known here must be the same there; what is not known is counted.

mod support;

use support::cases::Cases;

#[test]
fn known_values_are_those_of_real_nix() {
    let cases = Cases::read();
    let (mut known, mut unknown, mut wrong) = (0, 0, Vec::new());
    let mut table = String::new();
    for case in &cases.all {
        let case_name = &case.name;
        let tally = cases.check(case, case.text.clone());
        known += tally.known;
        unknown += tally.unknown;
        if tally.unknown > 0 {
            table += &format!("{case_name}: {} known, {} unknown\n", tally.known, tally.unknown);
        }
        wrong.extend(tally.wrong.iter().map(|wrong| format!("{case_name}: {wrong}")));
    }
    let sum = format!("{} cases, {known} known, {unknown} unknown\n{table}", cases.all.len());
    assert!(wrong.is_empty(), "{} wrong\n{}\n{sum}", wrong.len(), wrong.join("\n"));
    assert!(known > 10 * unknown.max(1), "{sum}");
    assert!(std::env::var_os("NIXPACT_TALLY").is_none(), "{sum}");
}
