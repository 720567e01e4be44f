//! What the command of a code lens shows: the places where a service is used.
//!
//! The protocol has no way to show a list of places. A client that has VS Code's command for it says so;
//! any other that opens documents when it is told to is asked which one is meant.

use gen_lsp_types::{
    Command, ExecuteCommandParams, Location, MessageActionItem, MessageType, Position,
    ShowDocumentParams, ShowMessageRequestParams, Uri,
};
use lsp_server::{RequestId, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::Client;
use crate::references::{self, Kind};
use crate::target::{self, Target};
use crate::view::{Document, View};

/// The command of this server.
pub(crate) const COMMAND: &str = "nixpact.showUses";

/// What VS Code and those who follow it have.
const SHOW_REFERENCES: &str = "editor.action.showReferences";

/// How a client shows the uses of a service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shows {
    /// By a command that it has itself.
    References,
    /// By documents that it is told to open.
    Documents,
    Nothing,
}

impl Shows {
    /// As the capabilities of a client say: those of experiments, and whether it opens documents.
    pub fn of(experimental: Option<&Value>, opens_documents: bool) -> Shows {
        let commands = experimental.and_then(|it| it.pointer("/commands/commands")?.as_array());
        let has = |commands: &Vec<Value>| commands.iter().any(|it| it == SHOW_REFERENCES);
        match commands.is_some_and(has) {
            true => Shows::References,
            false if opens_documents => Shows::Documents,
            false => Shows::Nothing,
        }
    }
}

/// The command behind a title; an empty one, which only tells, where the client could not show anything.
pub(crate) fn command(document: &Document<'_>, title: String, name: Position) -> Command {
    let view = &document.view;
    let shows = view.client.shows_uses;
    let uri = view.uri(document.id).filter(|_| shows != Shows::Nothing);
    let Some(uri) = uri else { return Command { title, ..Command::default() } };
    let (command, arguments) = match shows {
        Shows::References => {
            let places = places(document, name).unwrap_or_default();
            let locations: Vec<&Location> = places.iter().map(|(_, location)| location).collect();
            (SHOW_REFERENCES, vec![json!(uri), json!(name), json!(locations)])
        }
        Shows::Documents | Shows::Nothing => {
            (COMMAND, vec![json!({ "uri": uri, "position": name })])
        }
    };
    let command = command.to_owned();
    Command { title, command, arguments: Some(arguments), ..Command::default() }
}

/// Where the service at a place is used, each with a short text for it.
fn places(document: &Document<'_>, at: Position) -> Option<Vec<(String, Location)>> {
    let found = target::at(document, document.offset(at))?;
    if !matches!(found.target, Target::Service { .. }) {
        return None;
    }
    let view = &document.view;
    let places = references::places(view, &found.target).into_iter();
    let used = places.filter(|(_, kind)| *kind == Kind::Read);
    let shown = used.filter_map(|(span, _)| Some((view.shown_now(span)?, view.location(span)?)));
    Some(shown.collect())
}

/// Where a command is to look.
#[derive(Deserialize)]
struct Place {
    uri: Uri,
    position: Position,
}

/// What is to be shown to a person who has taken the command.
#[derive(Default, Debug)]
pub(crate) struct Answer {
    /// What there is to choose from.
    places: Vec<(String, Location)>,
}

/// The uses of the service that a command names.
pub(crate) fn uses(views: &[View<'_>], params: ExecuteCommandParams) -> Option<Answer> {
    let place: Place = serde_json::from_value(params.arguments?.into_iter().next()?).ok()?;
    let document = views.iter().find_map(|view| view.document(&place.uri))?;
    Some(Answer { places: places(&document, place.position)? })
}

/// A question to which the client has not answered yet.
#[derive(Debug)]
pub(crate) struct Question {
    id: RequestId,
    places: Vec<(String, Location)>,
}

/// So many places are offered at most: each is a button.
const MAX_PLACES: usize = 12;

impl Answer {
    /// Shows the only place, or asks which one.
    pub fn show(mut self, client: &Client) -> Option<Question> {
        let count = self.places.len();
        match &self.places[..] {
            [] => {
                client.show(MessageType::Info, "nixpact: no other place names it".to_owned());
                return None;
            }
            [(_, only)] => {
                open(client, only.clone());
                return None;
            }
            _ => {}
        }
        self.places.truncate(MAX_PLACES);
        let left = count - self.places.len();
        let more = if left > 0 { format!("; {left} more are not shown") } else { String::new() };
        let action = |(title, _): &(String, Location)| MessageActionItem {
            title: title.clone(),
            properties: Default::default(),
        };
        let id = client.request::<gen_lsp_types::ShowMessageRequest>(ShowMessageRequestParams {
            kind: MessageType::Info,
            message: format!("nixpact: used in {count} places{more}"),
            actions: Some(self.places.iter().map(action).collect()),
        });
        Some(Question { id, places: self.places })
    }
}

/// Opens what the client has chosen, if that is what it answers to.
pub(crate) fn chosen(client: &Client, questions: &mut Vec<Question>, response: Response) {
    let Some(at) = questions.iter().position(|question| question.id == response.id) else { return };
    let question = questions.swap_remove(at);
    let title = response.response_result.ok();
    let title = title.as_ref().and_then(|chosen| chosen.get("title")?.as_str());
    let place = question.places.into_iter().find(|(known, _)| Some(known.as_str()) == title);
    place.into_iter().for_each(|(_, location)| open(client, location));
}

fn open(client: &Client, Location { uri, range }: Location) {
    client.request::<gen_lsp_types::ShowDocumentRequest>(ShowDocumentParams {
        uri,
        external: None,
        take_focus: Some(true),
        selection: Some(range),
    });
}
