//! Whether what is known of a value is true of another.

use nixpact_eval::{Eval, Evaluator, Piece, Stop, Thunk, Value, print};

/// Whether everything known of `partial` holds for `whole`.
pub fn holds<'a>(ev: &Evaluator<'a>, partial: Eval<'a>, whole: Eval<'a>) -> bool {
    let (partial, whole) = match (partial, whole) {
        (Err(Stop::Unknown(_)), _) => return true,
        (Err(Stop::Error(_)), whole) => return whole.is_err(),
        // What is known is known for the case that Nix computes a value.
        (Ok(_), Err(_)) => return true,
        (Ok(partial), Ok(whole)) => (partial, whole),
    };
    let both = |a: &'a Thunk<'a>, b: &'a Thunk<'a>| holds(ev, ev.force(a), ev.force(b));
    match (partial, whole) {
        (Value::Template(pieces), Value::Str(text)) => matches(pieces, text),
        (Value::Template(_), Value::Template(_)) => true,
        (Value::List(a), Value::List(b)) if a.rest.is_some() => {
            // Each known member is a member, and no two are the same one.
            let fits = |i: usize, j: usize| both(a.items[i], b.items[j]);
            let mut taken = vec![None; b.items.len()];
            let is_other = |others: &[&'a Thunk<'a>]| {
                let mut items = b.items.iter();
                b.items.len() <= a.items.len() + others.len()
                    && items.all(|item| a.items.iter().chain(others).any(|it| both(it, item)))
            };
            (0..a.items.len()).all(|i| place(i, &fits, &mut taken, &mut vec![false; b.items.len()]))
                && a.others().is_none_or(is_other)
        }
        (Value::List(a), Value::List(b)) => {
            a.items.len() == b.items.len() && a.items.iter().zip(b.items).all(|(a, b)| both(a, b))
        }
        (Value::Attrs(a), Value::Attrs(b)) => {
            let is_possible = |name| a.get(name).is_some() || a.may_have(name);
            (a.rest.is_some() || a.len() == b.len())
                && b.unordered().iter().all(|attr| is_possible(attr.name))
                && a.unordered()
                    .iter()
                    .all(|attr| b.get(attr.name).is_some_and(|other| both(attr.value, other.value)))
        }
        (a, b) if a.is_function() && b.is_function() => true,
        (Value::Float(a), Value::Float(b)) => a == b,
        (a, b) => ev.equal(a, b).unwrap_or(true),
    }
}

/// Finds a place for the member `i` that fits, moving others if need be.
fn place(
    i: usize,
    fits: &dyn Fn(usize, usize) -> bool,
    taken: &mut [Option<usize>],
    tried: &mut Vec<bool>,
) -> bool {
    for j in 0..taken.len() {
        if !tried[j] && fits(i, j) {
            tried[j] = true;
            if taken[j].is_none_or(|other| place(other, fits, taken, tried)) {
                taken[j] = Some(i);
                return true;
            }
        }
    }
    false
}

/// Whether the known pieces stand in `text` in their order.
fn matches(pieces: &[Piece<'_>], text: &str) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Known(start), rest @ ..] => {
            text.strip_prefix(start).is_some_and(|text| matches(rest, text))
        }
        [_, rest @ ..] => {
            (0..=text.len()).any(|at| text.get(at..).is_some_and(|text| matches(rest, text)))
        }
    }
}

pub fn shown<'a>(ev: &Evaluator<'a>, value: Eval<'a>) -> String {
    match value.and_then(|value| print(ev, ev.value(value))) {
        Ok(text) => text,
        Err(stop) => format!("{stop:?}"),
    }
}

/// The innermost part that does not hold, as its path and both values.
pub fn difference<'a>(ev: &Evaluator<'a>, partial: Eval<'a>, whole: Eval<'a>) -> String {
    let inner = |name: String, a: &'a Thunk<'a>, b: &'a Thunk<'a>| {
        let (a, b) = (ev.force(a), ev.force(b));
        (!holds(ev, a, b)).then(|| format!("{name}{}", difference(ev, a, b)))
    };
    let found = match (partial, whole) {
        (Ok(Value::Attrs(a)), Ok(Value::Attrs(b))) => a
            .sorted()
            .iter()
            .find_map(|attr| inner(format!(".{}", attr.name), attr.value, b.get(attr.name)?.value)),
        (Ok(Value::List(a)), Ok(Value::List(b))) if a.rest.is_none() => {
            let mut both = a.items.iter().zip(b.items).enumerate();
            both.find_map(|(at, (a, b))| inner(format!("[{at}]"), a, b))
        }
        _ => None,
    };
    found.unwrap_or_else(|| format!(": {} in place of {}", shown(ev, partial), shown(ev, whole)))
}
