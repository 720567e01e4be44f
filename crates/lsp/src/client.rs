//! What the client can do, and how it is spoken to.

use std::cell::Cell;

use crossbeam_channel::Sender;
use gen_lsp_types::{
    InitializeParams, LogMessageParams, MessageType, Notification, ProgressParams, ProgressToken,
    Request, ShowMessageParams, WorkDoneProgressCreateParams,
};
use lsp_server::{Message, RequestId};
use serde_json::json;

use crate::convert::Encoding;
use crate::uses::Shows;

/// The client of a session.
pub(crate) struct Client {
    sender: Sender<Message>,
    pub encoding: Encoding,
    pub related_information: bool,
    /// It asks for diagnostics, and is not sent any.
    pub pulls_diagnostics: bool,
    pub document_changes: bool,
    pub snippets: bool,
    pub resolves_actions: bool,
    pub watches_files: bool,
    pub shows_uses: Shows,
    pub link_tooltips: bool,
    progress: bool,
    refreshes: Refreshes,
    next_id: Cell<i32>,
}

/// What it asks for again when it is told to.
#[derive(Default)]
struct Refreshes {
    diagnostics: bool,
    hints: bool,
    lenses: bool,
}

impl Client {
    pub fn new(sender: Sender<Message>, params: &InitializeParams) -> Client {
        let capabilities = &params.capabilities;
        let general = capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        let document = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let window = capabilities.window.as_ref();
        let yes = |flag: Option<Option<bool>>| flag.flatten().unwrap_or(false);
        let published = document.and_then(|it| it.publish_diagnostics.as_ref());
        let related = published.map(|it| it.diagnostics_capabilities.related_information);
        let item = document.and_then(|it| it.completion.as_ref()?.completion_item.as_ref());
        let edit = workspace.and_then(|it| it.workspace_edit.as_ref());
        let watched = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        let action = document.and_then(|it| it.code_action.as_ref());
        let resolved = action.and_then(|it| it.resolve_support.as_ref());
        let opens = window.and_then(|it| it.show_document.as_ref()).is_some_and(|it| it.support);
        let refreshes = Refreshes {
            diagnostics: yes(
                workspace.and_then(|it| Some(it.diagnostics.as_ref()?.refresh_support))
            ),
            hints: yes(workspace.and_then(|it| Some(it.inlay_hint.as_ref()?.refresh_support))),
            lenses: yes(workspace.and_then(|it| Some(it.code_lens.as_ref()?.refresh_support))),
        };
        let pulls = document.is_some_and(|it| it.diagnostic.is_some());
        Client {
            sender,
            encoding: Encoding::negotiate(offered),
            related_information: yes(related),
            // Without being told, it would not ask for those of the other files again.
            pulls_diagnostics: pulls && refreshes.diagnostics,
            document_changes: yes(edit.map(|it| it.document_changes)),
            snippets: yes(item.map(|it| it.snippet_support)),
            resolves_actions: resolved.is_some_and(|it| it.properties.iter().any(|p| p == "edit")),
            watches_files: yes(watched.map(|it| it.dynamic_registration)),
            link_tooltips: yes(document.and_then(|it| Some(it.document_link?.tooltip_support))),
            shows_uses: Shows::of(capabilities.experimental.as_ref(), opens),
            progress: yes(window.map(|it| it.work_done_progress)),
            refreshes,
            next_id: Cell::new(0),
        }
    }

    pub fn send(&self, message: impl Into<Message>) {
        // Without a receiver the session is about to end.
        let _ = self.sender.send(message.into());
    }

    pub fn notify<N: Notification>(&self, params: N::Params) {
        let method = N::METHOD.as_str().to_owned();
        self.send(lsp_server::Notification::new(method, params));
    }

    /// Asks the client for something; its answer, which has the same number, is not waited for.
    pub fn request<R: Request>(&self, params: R::Params) -> RequestId {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        let id = RequestId::from(format!("nixpact-{id}"));
        self.send(lsp_server::Request::new(id.clone(), R::METHOD.as_str().to_owned(), params));
        id
    }

    /// Tells a person.
    pub fn show(&self, kind: MessageType, message: String) {
        self.notify::<gen_lsp_types::ShowMessageNotification>(ShowMessageParams { kind, message });
    }

    /// Writes into the client's log.
    pub fn log(&self, kind: MessageType, message: String) {
        self.notify::<gen_lsp_types::LogMessageNotification>(LogMessageParams { kind, message });
    }

    /// Has the client ask again for what depends on all files.
    pub fn refresh(&self) {
        if self.pulls_diagnostics {
            self.request::<gen_lsp_types::DiagnosticRefreshRequest>(());
        }
        if self.refreshes.hints {
            self.request::<gen_lsp_types::InlayHintRefreshRequest>(());
        }
        if self.refreshes.lenses {
            self.request::<gen_lsp_types::CodeLensRefreshRequest>(());
        }
    }

    /// Shows that work goes on until the result is [ended](Client::end_progress).
    pub fn begin_progress(&self, title: &str) -> Option<ProgressToken> {
        if !self.progress {
            return None;
        }
        let token = ProgressToken::String(format!("nixpact-{}", self.next_id.get()));
        let params = WorkDoneProgressCreateParams { token: token.clone() };
        self.request::<gen_lsp_types::WorkDoneProgressCreateRequest>(params);
        let value = json!({ "kind": "begin", "title": title });
        self.report(token.clone(), value);
        Some(token)
    }

    pub fn end_progress(&self, token: Option<ProgressToken>) {
        if let Some(token) = token {
            self.report(token, json!({ "kind": "end" }));
        }
    }

    fn report(&self, token: ProgressToken, value: serde_json::Value) {
        self.notify::<gen_lsp_types::ProgressNotification>(ProgressParams { token, value });
    }
}
