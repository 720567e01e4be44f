//! What a type is called in messages.

use nixpact_eval::Evaluator;

use crate::names;
use crate::types::{Tag, Type, TypeRef};

/// Types inside of types are shown to this depth: a type may refer to itself.
const MAX_DEPTH: usize = 12;

impl<'a> Type<'a> {
    /// The type as nixpkgs describes it in error messages.
    pub fn describe(&self, ev: &Evaluator<'a>) -> String {
        self.describe_within(ev, MAX_DEPTH)
    }

    fn describe_within(&self, ev: &Evaluator<'a>, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else { return "…".to_owned() };
        let noun = |ty: &&'a TypeRef<'a>| ty.get(ev).noun(ev, depth);
        let whole = |ty: &&'a TypeRef<'a>| ty.get(ev).describe_within(ev, depth);
        match self {
            Type::Anything => "anything".to_owned(),
            Type::Attrs => "attribute set".to_owned(),
            Type::AttrTag(tags) => {
                let names: Vec<_> = tags.sorted().iter().map(|tag| tag.name.as_str()).collect();
                format!("attribute-tagged union with choices: {}", names.join(", "))
            }
            Type::AttrsOf { element, lazy, .. } => {
                let lazy = if *lazy { "lazy " } else { "" };
                format!("{lazy}attribute set of {}", noun(element))
            }
            Type::Bool | Type::BoolByOr => "boolean".to_owned(),
            Type::CoercedTo { from, to, .. } => {
                format!("{} or {} convertible to it", noun(to), noun(from))
            }
            Type::DeferredModule(_) => "module".to_owned(),
            Type::Described { base, description } => match ev.force_str(description) {
                Ok(description) => description.to_owned(),
                Err(_) => base.describe_within(ev, depth),
            },
            Type::Either(left, right) => format!("{} or {}", noun(left), whole(right)),
            Type::Enum(_) => match &self.members(ev)[..] {
                [] => "impossible (empty enum)".to_owned(),
                [one] => format!("value {one} (singular enum)"),
                members => format!("one of {}", members.join(", ")),
            },
            Type::Float => "floating point number".to_owned(),
            Type::FunctionTo(result) => format!("function that evaluates to a(n) {}", noun(result)),
            Type::Int => "signed integer".to_owned(),
            Type::IntBetween { low, high, description: "" } => {
                let bound = |bound: &Option<i64>| bound.map_or("?".to_owned(), |b| b.to_string());
                format!("integer between {} and {} (both inclusive)", bound(low), bound(high))
            }
            Type::IntBetween { description, .. } => (*description).to_owned(),
            Type::ListOf { element, non_empty } => {
                let list = format!("list of {}", noun(element));
                if *non_empty { format!("non-empty ({list})") } else { list }
            }
            Type::NonEmptyStr => "non-empty string".to_owned(),
            Type::NullOr(element) => format!("null or {}", whole(element)),
            Type::Number => "signed integer or floating point number".to_owned(),
            Type::Package => "package".to_owned(),
            Type::Path { absolute, in_store } => {
                let kind = absolute.map_or("", |is| if is { "absolute " } else { "relative " });
                let place = in_store.map_or("", |is| if is { " in" } else { " not in" });
                let store = if place.is_empty() { "" } else { " the Nix store" };
                format!("{kind}path{place}{store}")
            }
            Type::Raw => "raw value".to_owned(),
            Type::SeparatedString("\n") => "strings concatenated with \"\\n\"".to_owned(),
            Type::SeparatedString(separator) => format!("strings concatenated with {separator:?}"),
            Type::SingleLineStr => "(optionally newline-terminated) single-line string".to_owned(),
            Type::Str => "string".to_owned(),
            Type::StrMatching(pattern) => format!("string matching the pattern {pattern}"),
            Type::Submodule(_) => "submodule".to_owned(),
            Type::Tagged(Tag::LuaInline) => "inline lua".to_owned(),
            Type::Tagged(Tag::OptionDeclaration) => "option declaration".to_owned(),
            Type::Tagged(Tag::OptionType) => "optionType".to_owned(),
            Type::Unique(inner) => whole(inner),
            Type::Unspecified => "unspecified value".to_owned(),
            Type::Checked { base, .. } | Type::Merged { base, .. } => {
                base.describe_within(ev, depth)
            }
            Type::Custom(attrs) => attrs
                .get(*names::DESCRIPTION)
                .or_else(|| attrs.get(*names::NAME))
                .and_then(|text| ev.force_str(text.value).ok())
                .unwrap_or("value of a type of the repository's own")
                .to_owned(),
            Type::Unknown(_) => "value of a type that is not known".to_owned(),
        }
    }

    /// The description in parentheses where it would read wrongly behind "of".
    fn noun(&self, ev: &Evaluator<'a>, depth: usize) -> String {
        let composite = matches!(
            self,
            Type::Either(..)
                | Type::NullOr(_)
                | Type::CoercedTo { .. }
                | Type::IntBetween { .. }
                | Type::Number
        ) || matches!(self, Type::Enum(_) if self.members(ev).len() > 1);
        let text = self.describe_within(ev, depth);
        if composite { format!("({text})") } else { text }
    }

    /// The members of an enum, as Nix writes them.
    pub fn members(&self, ev: &Evaluator<'a>) -> Vec<String> {
        let Type::Enum(values) = self.unchecked() else { return Vec::new() };
        let Ok(items) = ev.force_items(values) else { return Vec::new() };
        items.iter().filter_map(|item| nixpact_eval::print(ev, item).ok()).collect()
    }
}
