//! What can be written at the cursor.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionParams, CompletionResponse,
    Documentation, InsertTextFormat, MarkupContent, MarkupKind, TextEdit,
};
use nixpact_contract::{Contract, FieldDecl, FieldState, Role, attribute_name, string_literal};
use nixpact_syntax::outline::{self, Cursor, Place, Step, Way};

use crate::hover::services;
use crate::target::{self, Inside};
use crate::view::Document;
use crate::{arguments, origin, ports, shown};

pub(crate) fn completion(
    document: Document<'_>,
    params: CompletionParams,
) -> Option<CompletionResponse> {
    let at = document.offset(params.text_document_position_params.position);
    let cursor = outline::cursor(&document.file.text, at)?;
    let way = way(&document, &cursor, at);
    let mut offers = match &cursor.place {
        Place::Name => {
            let mut offers = names(&document, &cursor, &way);
            if offers.is_empty() {
                offers = arguments(&document, &cursor);
            }
            offers
        }
        Place::Value(names) if names.is_empty() => values(&document, &way, false),
        Place::Value(names) => members(&document, names, cursor.is_quoted),
        Place::Text => values(&document, &way, true),
    };
    offers.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    offers.dedup_by(|a, b| a.label == b.label);
    let word = (cursor.word.0, word_end(&document, &cursor, at));
    let items = offers.into_iter().map(|offer| offer.item(&document, word)).collect();
    Some(CompletionList { is_incomplete: false, items, ..CompletionList::default() }.into())
}

/// The path of the option that is meant, by way of a function where one makes it of its arguments.
fn way(document: &Document<'_>, cursor: &Cursor, at: u32) -> Way {
    let is_plain =
        target::inside(document.view.model(), &cursor.way).is_some_and(|it| it.service.is_some());
    let made = (!is_plain).then(|| {
        let outline = outline::outline(&document.file.text);
        origin::way(document, &outline, &cursor.way, (cursor.bracket?, at))
    });
    made.flatten().unwrap_or_else(|| cursor.way.clone())
}

/// Where the word or string ends in which the cursor is.
fn word_end(document: &Document<'_>, cursor: &Cursor, at: u32) -> u32 {
    let rest = document.file.text.get(at as usize..).unwrap_or_default();
    let is_text = cursor.is_quoted || matches!(cursor.place, Place::Text);
    let is_word = |c: char| match is_text {
        true => c != '"' && c != '\n' && c != '$',
        false => c.is_ascii_alphanumeric() || "-_'".contains(c),
    };
    // A string that is not closed goes on to the next one.
    let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let closes = !is_text || rest.get(length..).is_some_and(|rest| rest.starts_with('"'));
    at + if closes { length as u32 } else { 0 }
}

/// One thing that can be written.
#[derive(Clone)]
struct Offer {
    /// The lowest come first.
    rank: u8,
    label: String,
    kind: CompletionItemKind,
    detail: Option<String>,
    documentation: Option<String>,
    /// What is written in place of the word, and the same with places to fill in.
    text: String,
    snippet: Option<String>,
}

impl Offer {
    fn new(label: &str, kind: CompletionItemKind) -> Offer {
        Offer {
            rank: 1,
            label: label.to_owned(),
            kind,
            detail: None,
            documentation: None,
            text: label.to_owned(),
            snippet: None,
        }
    }

    fn item(self, document: &Document<'_>, word: (u32, u32)) -> CompletionItem {
        let snippet = self.snippet.filter(|_| document.view.client.snippets);
        let format = snippet.is_some().then_some(InsertTextFormat::Snippet);
        let new_text = snippet.unwrap_or(self.text);
        let documentation = self.documentation.map(|value| {
            Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
        });
        CompletionItem {
            sort_text: Some(format!("{}{}", self.rank, self.label)),
            filter_text: Some(self.label.clone()),
            label: self.label,
            kind: Some(self.kind),
            detail: self.detail,
            documentation,
            insert_text_format: format,
            text_edit: Some(TextEdit { range: document.range(word), new_text }.into()),
            ..CompletionItem::default()
        }
    }
}

/// The names of attributes of a set.
fn names(document: &Document<'_>, cursor: &Cursor, way: &Way) -> Vec<Offer> {
    let model = document.view.model();
    let Some(inside) = target::inside(model, way) else {
        return segments(document, way);
    };
    let Some(contract) = model.contracts.get(inside.contract) else { return Vec::new() };
    let Some(service) = &inside.service else {
        return service_names(document, inside.contract, way);
    };
    let fields = match inside.fields.is_empty() {
        true => &contract.fields,
        false => match shown::field_at(contract, &inside.fields) {
            Some(decl) => &decl.fields,
            None => return Vec::new(),
        },
    };
    let taken = written(document, cursor);
    let set = service.as_deref().map(|name| set_elsewhere(document, &inside, name));
    let set = set.unwrap_or_default();
    let is_bound = is_followed_by_assignment(document, cursor);
    let free = fields.iter().filter(|field| !field.internal && !taken.contains(&field.name));
    free.map(|field| field_offer(document, contract, &inside, field, &set, is_bound)).collect()
}

/// What the function takes of which the set is an argument.
fn arguments(document: &Document<'_>, cursor: &Cursor) -> Vec<Offer> {
    let Some(bracket) = cursor.bracket else { return Vec::new() };
    let outline = outline::outline(&document.file.text);
    let missing = arguments::missing(document, &outline, bracket, cursor.word).into_iter();
    let is_bound = is_followed_by_assignment(document, cursor);
    let offer = |(name, is_required): (String, bool)| {
        let mut offer = Offer::new(&name, CompletionItemKind::Variable);
        offer.rank = u8::from(!is_required);
        let kind = if is_required { "argument · required" } else { "argument" };
        offer.detail = Some(kind.to_owned());
        if !is_bound {
            offer.text = format!("{name} = ;");
            offer.snippet = Some(format!("{name} = $1;"));
        }
        offer
    };
    missing.map(offer).collect()
}

/// The names that the same set has already, as far as it reaches.
fn written(document: &Document<'_>, cursor: &Cursor) -> BTreeSet<String> {
    let outline = outline::outline(&document.file.text);
    let depth = cursor.way.steps.len();
    let is_here = |binding: &&outline::Binding| {
        let is_word = binding.names.iter().any(|name| name.0 == cursor.word.0);
        let parent = binding.parent.and_then(|at| outline.brackets.get(at));
        // Members of a list have one path: theirs are told apart by the brackets.
        let same = match cursor.way.steps.contains(&Step::Element) {
            true => parent.map(|bracket| bracket.span.0) == cursor.bracket,
            false => true,
        };
        !is_word
            && same
            && binding.way.steps.len() > depth
            && binding.way.is_local == cursor.way.is_local
            && binding.way.steps.starts_with(&cursor.way.steps)
    };
    let names = outline.bindings.iter().filter(is_here).filter_map(|it| it.way.steps.get(depth));
    names
        .filter_map(|step| match step {
            Step::Name(name) => Some(name.clone()),
            Step::Dynamic | Step::Element => None,
        })
        .collect()
}

/// The fields of a service that another file sets, with the place.
fn set_elsewhere(document: &Document<'_>, inside: &Inside, name: &str) -> BTreeMap<String, String> {
    let view = &document.view;
    let Some(contract) = view.model().contracts.get(inside.contract) else {
        return BTreeMap::new();
    };
    let mut set = BTreeMap::new();
    if inside.fields.is_empty() {
        for (_, service) in services(view.model(), inside.contract, name) {
            for (decl, field) in contract.fields.iter().zip(&service.fields) {
                let key = field.definitions.iter().find_map(|definition| definition.key);
                let is_set = field.state == FieldState::Defined;
                if let Some(place) = key.filter(|_| is_set).and_then(|key| view.shown_place(key)) {
                    set.entry(decl.name.clone()).or_insert(place);
                }
            }
        }
    }
    set
}

/// Whether `=` stands behind the word already.
fn is_followed_by_assignment(document: &Document<'_>, cursor: &Cursor) -> bool {
    let rest = document.file.text.get(cursor.word.1 as usize..).unwrap_or_default();
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_'".contains(c));
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.starts_with('=') && !rest.starts_with("==")
}

fn field_offer(
    document: &Document<'_>,
    contract: &Contract,
    inside: &Inside,
    field: &FieldDecl,
    set: &BTreeMap<String, String>,
    is_bound: bool,
) -> Offer {
    let mut offer = Offer::new(&field.name, CompletionItemKind::Field);
    offer.rank = match (set.contains_key(&field.name), field.required) {
        (false, true) => 0,
        (false, false) => 1,
        (true, _) => 2,
    };
    offer.detail = Some(match set.get(&field.name) {
        Some(place) => format!("{} · set in {place}", field.ty),
        None if field.required => format!("{} · required", field.ty),
        None => field.ty.clone(),
    });
    let way = [&inside.fields[..], std::slice::from_ref(&field.name)].concat();
    offer.documentation = Some(shown::declaration(&way.join("."), field));
    if is_bound {
        return offer;
    }
    let at = contract.field(&field.name).filter(|_| inside.fields.is_empty());
    let role = at.and_then(|at| contract.roles.role_of(at));
    let free = ports::proposed(document.view.model()).filter(|_| role == Some(Role::Port));
    let (plain, snippet) = placeholder(field, free);
    offer.text = format!("{} = {plain};", field.name);
    offer.snippet = Some(format!("{} = {snippet};", field.name));
    offer
}

/// A value to begin with, plain and as a snippet.
fn placeholder(field: &FieldDecl, free: Option<i64>) -> (String, String) {
    let escaped = |text: &str| {
        text.chars().fold(String::new(), |mut out, c| {
            if "\\$},|".contains(c) {
                out.push('\\');
            }
            out.push(c);
            out
        })
    };
    if let Some(free) = free {
        return (free.to_string(), format!("${{1:{free}}}"));
    }
    if let Some(first) = field.members.first() {
        let choices: Vec<String> = field.members.iter().map(|it| escaped(it)).collect();
        return (first.clone(), format!("${{1|{}|}}", choices.join(",")));
    }
    let holds = |word: &str| field.ty.starts_with(word) || field.ty.contains(&format!("or {word}"));
    if holds("list of") || field.ty.contains("(list of") {
        ("[ ]".to_owned(), "[ $1 ]".to_owned())
    } else if holds("attribute set") || field.ty == "submodule" || !field.fields.is_empty() {
        ("{ }".to_owned(), "{ $1 }".to_owned())
    } else if field.ty == "boolean" {
        ("true".to_owned(), "${1|true,false|}".to_owned())
    } else if field.ty.contains("string") || field.ty.contains("path") {
        ("\"\"".to_owned(), "\"$1\"".to_owned())
    } else {
        (field.example.clone(), format!("${{1:{}}}", escaped(&field.example)))
    }
}

/// The next names on the way to a contract.
fn segments(document: &Document<'_>, way: &Way) -> Vec<Offer> {
    if way.is_local {
        return Vec::new();
    }
    let mut offers = Vec::new();
    for contract in &document.view.model().contracts {
        let option: Vec<Step> =
            contract.option.split('.').map(|name| Step::Name(name.to_owned())).collect();
        let config = Step::Name("config".to_owned());
        let steps = way.steps.strip_prefix(std::slice::from_ref(&config)).unwrap_or(&way.steps);
        if let Some(Step::Name(next)) =
            option.strip_prefix(steps).and_then(|rest: &[Step]| rest.first())
        {
            let mut offer = Offer::new(next, CompletionItemKind::Module);
            offer.detail = Some(contract.option.clone());
            offers.push(offer);
        }
    }
    offers
}

/// The services of a contract that the set does not name yet.
fn service_names(document: &Document<'_>, contract: usize, way: &Way) -> Vec<Offer> {
    let outline = outline::outline(&document.file.text);
    let named = outline.bindings.iter().filter(|it| it.way.steps.starts_with(&way.steps));
    let named: BTreeSet<&Step> =
        named.filter_map(|binding| binding.way.steps.get(way.steps.len())).collect();
    let offers = service_offers(document, contract).into_iter();
    let is_new = |offer: &Offer| !named.contains(&Step::Name(offer.label.clone()));
    let named = offers
        .filter(is_new)
        .map(|offer| Offer { text: attribute_name(&offer.label).to_string(), ..offer });
    named.collect()
}

fn service_offers(document: &Document<'_>, contract: usize) -> Vec<Offer> {
    let model = document.view.model();
    let mut offers: BTreeMap<&str, Offer> = BTreeMap::new();
    for host in model.all() {
        for service in host.services.iter().filter(|it| it.contract == contract) {
            offers.entry(&service.name).or_insert_with(|| {
                let mut offer = Offer::new(&service.name, CompletionItemKind::Class);
                offer.detail = Some(match &service.enabled {
                    nixpact_contract::Enabled::Yes => "enabled".to_owned(),
                    nixpact_contract::Enabled::No => "disabled".to_owned(),
                    nixpact_contract::Enabled::Unknown(_) => "perhaps enabled".to_owned(),
                });
                offer.rank = u8::from(service.enabled != nixpact_contract::Enabled::Yes) + 1;
                offer.documentation = Some(shown::service(&document.view, host, service));
                offer
            });
        }
    }
    offers.into_values().collect()
}

fn middleware_offers(document: &Document<'_>) -> Vec<Offer> {
    let hosts = document.view.model().hosts.iter();
    let names = hosts.flat_map(|host| &host.middlewares.all);
    let offer = |middleware: &nixpact_contract::Middleware| {
        let mut offer = Offer::new(&middleware.name, CompletionItemKind::Function);
        offer.detail = Some("middleware".to_owned());
        let link = middleware.span.and_then(|span| document.view.link(span));
        offer.documentation = link.map(|link| format!("Defined in {link}"));
        offer
    };
    names.map(offer).collect()
}

/// What the value of a field may be; between quotes when `is_quoted`.
fn values(document: &Document<'_>, way: &Way, is_quoted: bool) -> Vec<Offer> {
    let model = document.view.model();
    let Some(inside) = target::inside(model, way).filter(|it| !it.fields.is_empty()) else {
        return Vec::new();
    };
    let Some(contract) = model.contracts.get(inside.contract) else { return Vec::new() };
    let Some(decl) = shown::field_at(contract, &inside.fields) else { return Vec::new() };
    let in_list = way.steps.last() == Some(&Step::Element);
    let at = inside.fields.first().and_then(|name| contract.field(name));
    let role = at.and_then(|at| contract.roles.role_of(at)).filter(|_| inside.fields.len() == 1);
    let mut offers: Vec<Offer> = match role {
        Some(Role::DependsOn) if in_list || is_quoted => {
            let own = inside.service.clone().flatten();
            let offers = service_offers(document, inside.contract).into_iter();
            offers.filter(|offer| Some(&offer.label) != own.as_ref()).map(text).collect()
        }
        Some(Role::Middlewares) if in_list || is_quoted => {
            middleware_offers(document).into_iter().map(text).collect()
        }
        _ => Vec::new(),
    };
    offers.extend(decl.members.iter().map(|member| {
        let mut offer = Offer::new(member, CompletionItemKind::EnumMember);
        offer.detail = Some(decl.ty.clone());
        offer.documentation.clone_from(&decl.description);
        offer
    }));
    if !is_quoted && !in_list {
        offers.extend(plain_values(document, &inside, decl, role));
    }
    if is_quoted {
        for offer in &mut offers {
            let bare = offer.label.trim_matches('"').to_owned();
            (offer.label, offer.text) = (bare.clone(), bare);
        }
    }
    offers
}

/// A name that is written as a string.
fn text(offer: Offer) -> Offer {
    let text = string_literal(&offer.label).to_string();
    Offer { label: text.clone(), text, ..offer }
}

fn plain_values(
    document: &Document<'_>,
    inside: &Inside,
    decl: &FieldDecl,
    role: Option<Role>,
) -> Vec<Offer> {
    let mut offers = Vec::new();
    if decl.ty == "boolean" {
        offers.extend(["true", "false"].map(|it| Offer::new(it, CompletionItemKind::Keyword)));
    }
    if decl.ty.starts_with("null or") {
        offers.push(Offer::new("null", CompletionItemKind::Keyword));
    }
    if role == Some(Role::Port) {
        let model = document.view.model();
        let name = inside.service.clone().flatten().unwrap_or_default();
        let own = services(model, inside.contract, &name);
        let own = own.first().and_then(|(_, it)| ports::field(model, it)?.value.as_int());
        let free = own.and_then(|own| ports::next_free(model, own)).or(ports::proposed(model));
        offers.extend(free.map(|free| Offer {
            detail: Some("the next free port".to_owned()),
            documentation: decl.description.clone(),
            ..Offer::new(&free.to_string(), CompletionItemKind::Value)
        }));
    }
    offers
}

/// The attributes behind `config.a.b.`, also by way of a variable.
fn members(document: &Document<'_>, names: &[String], is_quoted: bool) -> Vec<Offer> {
    let model = document.view.model();
    let outline = outline::outline(&document.file.text);
    let Some(way) = target::unfold(document, &outline, names.to_vec()) else { return Vec::new() };
    let mut offers = match target::inside(model, &way) {
        None => [segments(document, &way), secrets(document, &way)].concat(),
        Some(Inside { contract, service: None, .. }) => service_offers(document, contract),
        Some(Inside { contract, service: Some(_), fields, .. }) => {
            let known = model.contracts.get(contract);
            let decls = match fields.is_empty() {
                true => known.map(|known| &known.fields),
                false => {
                    known.and_then(|known| shown::field_at(known, &fields)).map(|decl| &decl.fields)
                }
            };
            decls.into_iter().flatten().map(field_name).collect()
        }
    };
    if !is_quoted {
        for offer in &mut offers {
            offer.text = attribute_name(&offer.label).to_string();
        }
    }
    offers
}

fn field_name(decl: &FieldDecl) -> Offer {
    Offer {
        detail: Some(decl.ty.clone()),
        documentation: Some(shown::declaration(&decl.name, decl)),
        ..Offer::new(&decl.name, CompletionItemKind::Field)
    }
}

/// The names of secrets that any file declares, behind `config.sops.secrets` and the like.
fn secrets(document: &Document<'_>, way: &Way) -> Vec<Offer> {
    let names: Vec<&str> = way
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Name(name) => Some(name.as_str()),
            Step::Dynamic | Step::Element => None,
        })
        .collect();
    let set = match names[..] {
        ["sops", "secrets" | "placeholder"] => ["sops", "secrets"],
        ["age", "secrets"] => ["age", "secrets"],
        _ => return Vec::new(),
    };
    let mut found: BTreeMap<String, Offer> = BTreeMap::new();
    let sources = document.view.sources();
    for file in sources.files().iter().filter(|file| file.text.contains(set[0])) {
        for binding in outline::outline(&file.text).bindings {
            let steps = &binding.way.steps;
            let steps = match steps.first() {
                Some(Step::Name(first)) if first == "config" => steps.get(1..).unwrap_or_default(),
                _ => steps,
            };
            if let [Step::Name(first), Step::Name(second), Step::Name(name), ..] = steps
                && [first.as_str(), second] == set
                && !binding.way.is_local
            {
                found.entry(name.clone()).or_insert_with(|| Offer {
                    detail: Some(format!("secret of {}", file.path)),
                    ..Offer::new(name, CompletionItemKind::Constant)
                });
            }
        }
    }
    found.into_values().collect()
}
