//! Requests, and what their answers are made from.

use gen_lsp_types::{
    self as lsp, DocumentDiagnosticRequest, ExecuteCommandParams, Location, Position, Range, Uri,
    WorkspaceDiagnosticRequest,
};
use lsp_server::{ErrorCode, Request, Response};
use nixpact_contract::Model;
use nixpact_engine::Snapshot;
use nixpact_source::{FileId, SourceFile, Sources, Span};
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::convert;
use crate::documents::Documents;
use crate::server::Server;
use crate::workspace::Workspace;
use crate::{
    actions, completion, diagnostics, folding, hints, hover, lenses, links, navigation, references,
    rename, symbols, uses,
};

/// What is known of a workspace, for requests.
#[derive(Clone, Copy)]
pub(crate) struct View<'v> {
    /// The position of the workspace.
    at: usize,
    server: &'v Server,
    pub client: &'v Client,
    pub workspace: &'v Workspace,
    pub snapshot: &'v Snapshot,
    pub documents: &'v Documents,
}

/// A document of a [`View`].
#[derive(Clone, Copy)]
pub(crate) struct Document<'v> {
    pub view: View<'v>,
    pub id: FileId,
    pub file: &'v SourceFile,
}

impl<'v> View<'v> {
    pub fn model(&self) -> &'v Model {
        &self.snapshot.analysis.model
    }

    /// Whether the client has changed a text meanwhile, so that an answer is worth little.
    pub fn is_overtaken(&self) -> bool {
        self.server.is_behind()
    }

    /// The texts as they are now.
    pub fn sources(&self) -> &'v Sources {
        &self.snapshot.analysis.sources
    }

    pub fn uri(&self, file: FileId) -> Option<Uri> {
        let path = &self.sources().files().get(file.index())?.path;
        // As the client writes it.
        let here = |(uri, document): (&Uri, &crate::documents::Document)| {
            let (at, known) = document.place.as_ref()?;
            (*at == self.at && known == path).then(|| uri.clone())
        };
        self.documents.iter().find_map(here).or_else(|| self.workspace.uri(path))
    }

    /// A place of the texts as they are now.
    pub fn location(&self, span: Span) -> Option<Location> {
        let file = self.sources().files().get(span.file.index())?;
        let range = convert::range(self.client.encoding, file, (span.start, span.end));
        Some(Location { uri: self.uri(span.file)?, range })
    }

    /// The document of a URI.
    pub fn document(&self, uri: &Uri) -> Option<Document<'v>> {
        let files = (0_u32..).zip(self.sources().files());
        let mut files = files.map(|(at, file)| (FileId::new(at), file));
        let (id, file) = files.find(|(id, _)| self.uri(*id).as_ref() == Some(uri))?;
        Some(Document { view: *self, id, file })
    }

    /// Where a place of the model is in the texts as they are now.
    pub fn place(&self, span: Span) -> Option<Span> {
        self.snapshot.place(span)
    }

    /// `modules/options.nix:12`
    pub fn shown_place(&self, span: Span) -> Option<String> {
        self.shown_now(self.place(span)?)
    }

    /// As [`shown_place`](View::shown_place), for a place of the texts as they are now.
    pub fn shown_now(&self, span: Span) -> Option<String> {
        let file = self.sources().files().get(span.file.index())?;
        Some(format!("{}:{}", file.path, file.editor_line_of(span.start)))
    }

    /// A Markdown link to a place of the model.
    pub fn link(&self, span: Span) -> Option<String> {
        let shown = self.shown_place(span)?;
        let place = self.place(span)?;
        let file = self.sources().files().get(place.file.index())?;
        let uri = self.uri(place.file)?;
        Some(format!("[{shown}]({uri}#L{})", file.editor_line_of(place.start)))
    }
}

impl Document<'_> {
    pub fn offset(&self, position: Position) -> u32 {
        convert::offset(self.view.client.encoding, self.file, position)
    }

    pub fn range(&self, bytes: (u32, u32)) -> Range {
        convert::range(self.view.client.encoding, self.file, bytes)
    }

    pub fn position(&self, at: u32) -> Position {
        convert::position(self.view.client.encoding, self.file, at)
    }

    pub fn span(&self, (start, end): (u32, u32)) -> Span {
        Span::new(self.id, start.min(end), end)
    }

    pub fn text(&self, (start, end): (u32, u32)) -> &str {
        self.file.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// Why a request has no answer.
pub(crate) type Refusal = (ErrorCode, String);

impl Server {
    pub fn answer(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let result = self.result(&method, params);
        match result {
            Ok(result) => Response::new_ok(id, result),
            Err((code, message)) => Response::new_err(id, code as i32, message),
        }
    }

    fn result(
        &mut self,
        method: &str,
        params: serde_json::Value,
    ) -> Result<serde_json::Value, Refusal> {
        type Params = serde_json::Value;
        let params: Params = params;
        match method {
            "textDocument/diagnostic" => self.pull(params),
            "workspace/diagnostic" => self.pull_all(params),
            "workspace/symbol" => self.on_all(params, symbols::workspace),
            "workspace/executeCommand" => self.execute(params),
            "codeAction/resolve" => self.on_all(params, actions::resolve),
            "codeLens/resolve" => self.on_all(params, lenses::resolve),
            "textDocument/codeAction" => self.on(params, actions::actions),
            "textDocument/codeLens" => self.on(params, lenses::lenses),
            "textDocument/completion" => self.on(params, completion::completion),
            "textDocument/definition" => self.on(params, navigation::definition),
            "textDocument/documentHighlight" => self.on(params, references::highlight),
            "textDocument/documentLink" => self.on(params, links::links),
            "textDocument/documentSymbol" => self.on(params, symbols::document),
            "textDocument/foldingRange" => self.on(params, folding::folding),
            "textDocument/hover" => self.on(params, hover::hover),
            "textDocument/inlayHint" => self.on(params, hints::hints),
            "textDocument/prepareRename" => self.on(params, rename::prepare),
            "textDocument/references" => self.on(params, references::references),
            "textDocument/rename" => self.try_on(params, rename::rename),
            _ => Err((ErrorCode::MethodNotFound, format!("{method} is not known"))),
        }
    }

    fn view(&self, at: usize) -> Option<View<'_>> {
        let workspace = self.workspaces.get(at)?;
        let snapshot = workspace.snapshot.as_ref()?;
        let Server { client, documents, .. } = self;
        Some(View { at, server: self, client, workspace, snapshot, documents })
    }

    /// Answers with what is known of the document that is meant; with nothing for one that is no file of a
    /// repository.
    fn on<P, R>(
        &mut self,
        params: serde_json::Value,
        answer: impl FnOnce(Document<'_>, P) -> Option<R>,
    ) -> Result<serde_json::Value, Refusal>
    where
        P: DeserializeOwned,
        R: serde::Serialize,
    {
        self.try_on(params, |document, params| Ok(answer(document, params)))
    }

    fn try_on<P, R>(
        &mut self,
        params: serde_json::Value,
        answer: impl FnOnce(Document<'_>, P) -> Result<Option<R>, Refusal>,
    ) -> Result<serde_json::Value, Refusal>
    where
        P: DeserializeOwned,
        R: serde::Serialize,
    {
        let uri: Option<Uri> = params
            .pointer("/textDocument/uri")
            .and_then(|uri| serde_json::from_value(uri.clone()).ok());
        let params: P = read(params)?;
        self.settle();
        let document = uri.and_then(|uri| self.document(&uri));
        match document {
            Some(document) => write(answer(document, params)?),
            None => Ok(serde_json::Value::Null),
        }
    }

    fn document(&self, uri: &Uri) -> Option<Document<'_>> {
        let (at, path) = match self.documents.get(uri) {
            Some(document) => document.place.clone()?,
            None => self.known_place(uri)?,
        };
        let view = self.view(at)?;
        let id = view.sources().id(&path)?;
        Some(Document { view, id, file: view.sources().file(id) })
    }

    fn on_all<P, R>(
        &mut self,
        params: serde_json::Value,
        answer: impl FnOnce(&[View<'_>], P) -> R,
    ) -> Result<serde_json::Value, Refusal>
    where
        P: DeserializeOwned,
        R: serde::Serialize,
    {
        let params: P = read(params)?;
        self.settle();
        let views = (0..self.workspaces.len()).filter_map(|at| self.view(at));
        write(answer(&views.collect::<Vec<_>>(), params))
    }

    fn execute(&mut self, params: serde_json::Value) -> Result<serde_json::Value, Refusal> {
        let params: ExecuteCommandParams = read(params)?;
        if params.command != uses::COMMAND {
            return Err((ErrorCode::InvalidParams, format!("{} is not known", params.command)));
        }
        self.settle();
        let views = (0..self.workspaces.len()).filter_map(|at| self.view(at));
        let answer = uses::uses(&views.collect::<Vec<_>>(), params).unwrap_or_default();
        let question = answer.show(&self.client);
        self.questions.extend(question);
        write(())
    }

    fn pull(&mut self, params: serde_json::Value) -> Result<serde_json::Value, Refusal> {
        let params: <DocumentDiagnosticRequest as lsp::Request>::Params = read(params)?;
        self.settle();
        let uri = &params.text_document.uri;
        let place = match self.documents.get(uri) {
            Some(document) => document.place.clone(),
            None => self.known_place(uri),
        };
        let report =
            match place.as_ref().and_then(|(at, path)| Some((self.workspaces.get(*at)?, path))) {
                Some((workspace, path)) => diagnostics::of_file(&self.client, workspace, path),
                None => lsp::RelatedFullDocumentDiagnosticReport::default().into(),
            };
        write(report)
    }

    fn pull_all(&mut self, params: serde_json::Value) -> Result<serde_json::Value, Refusal> {
        let params: <WorkspaceDiagnosticRequest as lsp::Request>::Params = read(params)?;
        self.settle();
        let asked = params.previous_result_ids.into_iter().map(|it| it.uri);
        write(diagnostics::of_all(&self.client, &self.workspaces, &self.documents, asked))
    }
}

fn read<P: DeserializeOwned>(params: serde_json::Value) -> Result<P, Refusal> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

fn write(result: impl serde::Serialize) -> Result<serde_json::Value, Refusal> {
    serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
