//! Where a value that is known in part is not the real one.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// Writes down where a value that nixpact knows in part is not the real one.
pub fn differ(known: &Value, real: &Value, path: &mut Vec<String>, into: &mut String) {
    if known.get("$unknown").is_some() {
        return;
    }
    if ["$deep", "$error", "$package", "$type"].iter().any(|mark| real.get(mark).is_some()) {
        return;
    }
    match (known, real) {
        (Value::Object(known), Value::Object(real)) => {
            for (name, value) in known.iter().filter(|(name, _)| *name != "$rest") {
                path.push(name.clone());
                match real.get(name) {
                    Some(real) => differ(value, real, path, into),
                    // What a condition leaves out of a namespace has no value there.
                    None if value.get("$unknown").is_some() => {}
                    None if value.as_object().is_some_and(|it| it.keys().eq(["$rest"])) => {}
                    None => tell(value, &json!("nothing"), path, into),
                }
                path.pop();
            }
            if !known.contains_key("$rest") {
                for (name, value) in real.iter().filter(|(name, _)| !known.contains_key(*name)) {
                    path.push(name.clone());
                    tell(&json!("nothing"), value, path, into);
                    path.pop();
                }
            }
        }
        (Value::Array(all), Value::Array(real)) => {
            let is_open = all.last().is_some_and(|last| last.get("$unknown").is_some());
            if is_open {
                // More may stand at any place; and where NixOS takes any definition equal lists are one.
                let mut certain = all.iter().filter(|it| !it.is_object() && !it.is_array());
                if certain.any(|it| !real.iter().any(|real| is_same(it, real))) {
                    tell(known, &Value::Array(real.clone()), path, into);
                }
            } else if all.len() == real.len() {
                for (at, (known, real)) in all.iter().zip(real).enumerate() {
                    path.push(at.to_string());
                    differ(known, real, path, into);
                    path.pop();
                }
            } else {
                tell(known, &Value::Array(real.clone()), path, into);
            }
        }
        _ if is_same(known, real) => {}
        _ => tell(known, real, path, into),
    }
}

fn is_same(known: &Value, real: &Value) -> bool {
    // Nix 2.8 writes 1.0 as 1, and six digits of others.
    let near = |known: f64, real: f64| (known - real).abs() <= known.abs() * 1e-5;
    known == real
        || known.is_f64() && known.as_f64().zip(real.as_f64()).is_some_and(|(a, b)| near(a, b))
}

fn tell(known: &Value, real: &Value, path: &[String], into: &mut String) {
    let at: String = path.iter().map(|name| format!(".{name}")).collect();
    write!(into, "\n    {at}: {} where Nix gives {}", short(known), short(real)).unwrap();
}

pub fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[test]
fn a_difference_is_told_with_its_place() {
    let told = |known: Value, real: Value| {
        let mut told = String::new();
        differ(&known, &real, &mut Vec::new(), &mut told);
        told.trim().to_owned()
    };
    let unknown = json!({ "$unknown": "why" });
    for (known, real) in [
        (json!({ "a": 1.0, "b": unknown }), json!({ "a": 1, "b": [2] })),
        (json!({ "$rest": "why", "a": 1 }), json!({ "a": 1, "b": 2 })),
        (json!([1, unknown]), json!([2, 1, 3])),
        (json!([unknown, 2]), json!([1, 2])),
        (json!({ "a": "x" }), json!({ "a": { "$error": true } })),
    ] {
        assert_eq!(told(known, real), "");
    }
    for (known, real, expected) in [
        (json!({ "a": { "b": 1 } }), json!({ "a": { "b": 2 } }), ".a.b: 1 where Nix gives 2"),
        (json!({ "a": 1 }), json!({ "a": 1, "b": 2 }), ".b: \"nothing\" where Nix gives 2"),
        (json!({ "$rest": "why", "a": 1 }), json!({}), ".a: 1 where Nix gives \"nothing\""),
        (json!([1, 2]), json!([1]), ": [1,2] where Nix gives [1]"),
        (json!([3]), json!(["3"]), ".0: 3 where Nix gives \"3\""),
        (json!([4, unknown]), json!([5]), ": [4,{\"$unknown\":\"why\"}] where Nix gives [5]"),
    ] {
        assert_eq!(told(known, real), expected);
    }
}
