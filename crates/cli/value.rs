//! Values of services as JSON, in the form that `nixpact_eval::json` gives others.

use nixpact_contract::{Datum, Located};
use serde_json::{Map, Value, json};

/// A value as JSON; what is not known is `{"$unknown": reason}`, and a set or list that may have more
/// members says why in `$rest` or as its last member.
pub fn value_json(value: &Located) -> Value {
    let unknown = |reason: &str| json!({ "$unknown": reason });
    match &value.datum {
        Datum::Null => Value::Null,
        Datum::Bool(value) => json!(value),
        Datum::Int(value) => json!(value),
        Datum::Float(value) => json!(value),
        Datum::Str(text) => json!(text),
        // Where «nixpkgs» lies is not known.
        Datum::Path(text) if text.starts_with("/«") => json!(text.trim_start_matches('/')),
        Datum::Path(text) => json!(text),
        Datum::Template { text, unknown } => {
            json!({ "$unknown": unknown.reason, "$text": text })
        }
        Datum::List { items, rest } => {
            let items = items.iter().map(value_json);
            items.chain(rest.as_ref().map(|rest| unknown(&rest.reason))).collect()
        }
        Datum::Attrs { entries, rest } => {
            let mut object: Map<String, Value> =
                entries.iter().map(|(name, value)| (name.to_string(), value_json(value))).collect();
            if let Some(rest) = rest {
                object.insert("$rest".to_owned(), json!(rest.reason));
            }
            Value::Object(object)
        }
        Datum::Function => json!({ "$function": true }),
        Datum::Unknown(value) => match &value.text {
            Some(text) => json!({ "$unknown": value.reason, "$text": text }),
            None => unknown(&value.reason),
        },
        Datum::Error(message) => json!({ "$error": message }),
    }
}
