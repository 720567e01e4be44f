//! The keys of a file that SOPS encrypted: it hides values, and leaves the keys as they are.

use std::collections::BTreeMap;

/// The keys of a file, nested; without `sops`, which holds what SOPS itself needs.
#[derive(Default, Debug, PartialEq, Eq)]
pub(crate) struct Keys(BTreeMap<String, Keys>);

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Yaml,
    Json,
}

impl Keys {
    /// The keys of an encrypted file; `None` where it is not encrypted, or not written as SOPS writes it.
    pub fn read(text: &str, format: Format) -> Option<Keys> {
        let mut keys = match format {
            Format::Yaml => yaml(text)?,
            Format::Json => of_json(&serde_json::from_str(text).ok()?),
        };
        keys.0.remove("sops").map(|_| keys)
    }

    /// Whether there is a value at a key, whose parts `/` separates, as sops-nix reads it.
    pub fn has(&self, key: &str) -> bool {
        let mut parts = key.split('/');
        parts.try_fold(self, |keys, part| keys.0.get(part)).is_some()
    }

    /// Every key with a value, in order.
    pub fn all(&self) -> Vec<String> {
        let below = |(name, keys): (&String, &Keys)| match keys.0.is_empty() {
            true => vec![name.clone()],
            false => keys.all().iter().map(|key| format!("{name}/{key}")).collect(),
        };
        self.0.iter().flat_map(below).collect()
    }
}

fn of_json(value: &serde_json::Value) -> Keys {
    let members = value.as_object().into_iter().flatten();
    Keys(members.map(|(name, value)| (name.clone(), of_json(value))).collect())
}

/// Keys are hardly nested deeper.
const MAX_DEPTH: usize = 64;

/// The part of YAML that SOPS writes: mappings and lists in lines, strings in quotes or in blocks.
fn yaml(text: &str) -> Option<Keys> {
    let mut root = Keys::default();
    // The mappings in which a line may stand, the innermost last: how far they are indented, and by
    // which keys they are reached.
    let mut open: Vec<(usize, String)> = Vec::new();
    // Deeper lines belong to a text or a list.
    let mut skipped: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if content.is_empty() || content.starts_with('#') || skipped.is_some_and(|at| indent > at) {
            continue;
        }
        skipped = None;
        if indent == 0 && (content == "---" || content == "...") {
            continue;
        }
        if content == "-" || content.starts_with("- ") {
            // A list may stand as far to the left as its key.
            skipped = Some(indent);
            continue;
        }
        let (key, value) = entry(content)?;
        open.retain(|(outer, _)| *outer < indent);
        open.push((indent, key));
        if open.len() > MAX_DEPTH {
            return None;
        }
        let keys = open
            .iter()
            .try_fold(&mut root, |keys, (_, key)| Some(keys.0.entry(key.clone()).or_default()));
        keys?;
        match value.chars().next() {
            Some('|' | '>') => skipped = Some(indent),
            Some('{' | '[' | '&' | '*' | '!') if !matches!(value, "{}" | "[]") => return None,
            Some(quote @ ('"' | '\'')) if !is_closed(value, quote) => return None,
            _ => {}
        }
    }
    Some(root)
}

/// `key: value`
fn entry(content: &str) -> Option<(String, &str)> {
    let (key, rest) = match content.chars().next()? {
        quote @ ('"' | '\'') => {
            let (key, rest) = content[1..].split_once(quote)?;
            if key.contains('\\') {
                return None;
            }
            (key, rest.strip_prefix(':')?)
        }
        '?' | '{' | '[' | '&' | '*' | '!' | '|' | '>' | '%' | '@' | '`' | '\t' => return None,
        _ => match content.split_once(": ") {
            Some((key, value)) => (key, value),
            None => (content.trim_end().strip_suffix(':')?, ""),
        },
    };
    Some((key.trim_end().to_owned(), rest.trim()))
}

fn is_closed(value: &str, quote: char) -> bool {
    let inner = &value[1..];
    match quote {
        '"' => {
            let mut escaped = false;
            inner.chars().any(|char| {
                let ends = char == '"' && !escaped;
                escaped = char == '\\' && !escaped;
                ends
            })
        }
        _ => inner.contains('\''),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "\
#ENC[AES256_GCM,data:x,type:comment]
server:
    jellyfin:
        admin_password: ENC[AES256_GCM,data:a=,iv:b,tag:c,type:str]
    \"quoted key\": ENC[x]
    'other: key': \"a \\\" b\"
list:
    - a: b
      c: d
flat:
- x
text: |
    not: a key

    neither: this
server/slash: ENC[x]
sops:
    age:
        - recipient: age1
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
    version: 3.11.0
";

    #[test]
    fn keys_of_yaml() {
        let keys = Keys::read(YAML, Format::Yaml).unwrap();
        assert_eq!(
            keys.all(),
            [
                "flat",
                "list",
                "server/jellyfin/admin_password",
                "server/other: key",
                "server/quoted key",
                "server/slash",
                "text"
            ]
        );
        assert!(keys.has("server/jellyfin/admin_password") && keys.has("server/jellyfin"));
        assert!(!keys.has("server/jellyfin/password") && !keys.has("sops/version"));
        assert!(!keys.has("server/slash"), "its parts are keys of their own");
    }

    #[test]
    fn what_is_not_understood_is_no_answer() {
        for text in [
            "a: b\n",
            "a: {b: c}\nsops: {}\n",
            "a: &x b\nsops: {}\n",
            "? a\n: b\nsops: {}\n",
            "a: \"b\n  c\"\nsops: {}\n",
            "a\nsops: {}\n",
        ] {
            assert_eq!(Keys::read(text, Format::Yaml), None, "{text}");
        }
        assert!(Keys::read("sops: {}\n", Format::Yaml).is_some());
    }

    #[test]
    fn keys_of_json() {
        let text = r#"{ "a": { "b": "ENC[x]" }, "sops": { "version": "3" } }"#;
        let keys = Keys::read(text, Format::Json).unwrap();
        assert!(keys.has("a/b") && !keys.has("a/c") && !keys.has("sops"));
        assert_eq!(Keys::read("{ \"a\": 1 }", Format::Json), None);
        assert_eq!(Keys::read("{", Format::Json), None);
    }
}
