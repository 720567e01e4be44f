//! What Nix refuses, or does not get past, before a value of the contract is asked for.

pub(crate) mod assertions;
pub(crate) mod clashes;
pub(crate) mod failure;
pub(crate) mod faults;
pub(crate) mod ignored;
pub(crate) mod imports;
pub(crate) mod recursion;
pub(crate) mod refused;
pub(crate) mod stops;
