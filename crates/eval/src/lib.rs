//! A lazy evaluator of Nix that knows what it does not know.
//!
//! Architecture Invariant: nothing here knows of options, modules or services. A value is what Nix
//! would compute or it is [`Unknown`], with a reason and a place; it is never a guess.

mod builtins;
mod call;
mod coerce;
mod compare;
mod evaluator;
mod fetched;
mod guards;
mod interpret;
mod itself;
mod json;
mod limits;
mod locked;
mod make;
mod needs;
mod nixlib;
mod nixpkgs;
mod operators;
mod origin;
mod outside;
mod place;
mod print;
mod rest;
mod scopes;
mod structure;
mod surround;
mod thunk;
mod trace;
mod trees;
mod unknown;
mod value;
mod watch;
mod with;

pub use builtins::{Args, Builtin, encoding};
pub use evaluator::Evaluator;
pub use itself::{MORE, ON_DEMAND, SOURCE_INFO};
pub use json::{json, pieces_text};
pub use limits::{Limits, STACK_BYTES};
pub use needs::Step;
pub use nixlib::{Group, may_be_of_lib, prelude::own_text};
pub use nixpkgs::{EVAL_CONFIG, NIXOS};
pub use origin::Origin;
pub use print::{attribute_name, print, string_literal};
pub use scopes::Call;
pub use structure::Structure;
pub use thunk::{Compute, Env, Thunk};
pub use trace::{Activity, Frame};
pub use trees::{Input, InputOf, Locate, Outside, Provenance};
pub use unknown::{ErrorKind, Eval, External, Limit, NixError, Reason, Stop, Unknown};
pub use value::{Attr, Attrs, Closure, List, Partial, Piece, Value};
