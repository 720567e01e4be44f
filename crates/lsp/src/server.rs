//! The loop: messages come in, answers and findings go out.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, TryRecvError, unbounded};
use gen_lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    FileSystemWatcher, InitializeParams, InitializeResult, MessageType, Registration,
    RegistrationParams, ServerInfo, Uri, WorkspaceFolders,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::Client;
use crate::documents::{Document, Documents};
use crate::overtaken::{Overtaken, is_about_texts};
use crate::uses::Question;
use crate::workspace::{self, Workspace};
use crate::{capabilities, convert, diagnostics, uses};

/// Why a session has ended that should not have.
#[derive(Debug)]
pub struct Ended(pub String);

impl std::fmt::Display for Ended {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Ended {}

/// Serves one client until it says `exit`.
///
/// One thread reads what the client sends, so that it can interrupt what is overtaken; one does the work,
/// in the order of the messages.
///
/// # Errors
///
/// When the client is gone, or says `exit` before `shutdown`.
pub fn serve(connection: Connection) -> Result<(), Ended> {
    let (id, params) = connection.initialize_start().map_err(|error| Ended(error.to_string()))?;
    let params: InitializeParams = match serde_json::from_value(params) {
        Ok(params) => params,
        Err(error) => {
            let code = ErrorCode::InvalidParams as i32;
            let response = Response::new_err(id, code, error.to_string());
            let _ = connection.sender.send(response.into());
            return Err(Ended(format!("the client's initialize is not understood: {error}")));
        }
    };
    let client = Client::new(connection.sender.clone(), &params);
    let result = InitializeResult {
        capabilities: capabilities::capabilities(&client),
        server_info: Some(ServerInfo {
            name: "nixpact".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    client.send(Response::new_ok(id, result));
    let overtaken = Overtaken::default();
    let (sender, messages) = unbounded();
    let mut server = Server {
        client,
        workspaces: Vec::new(),
        documents: Documents::new(),
        messages,
        overtaken: overtaken.clone(),
        changes: 0,
        is_shut_down: false,
        questions: Vec::new(),
        told: None,
    };
    for folder in folders(&params) {
        server.add_folder(folder);
    }
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new()
            .name("server".to_owned())
            .spawn_scoped(scope, move || server.run())
            .map_err(|error| Ended(format!("no thread could be started: {error}")))?;
        for message in &connection.receiver {
            let is_exit = matches!(&message, Message::Notification(it) if it.method == "exit");
            overtaken.note(&message);
            if sender.send(message).is_err() || is_exit {
                break;
            }
        }
        drop(sender);
        // A panic is a defect: it goes on here.
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = &params.workspace_folders_initialize_params.workspace_folders;
    if let Some(WorkspaceFolders::WorkspaceFolderList(folders)) = folders
        && !folders.is_empty()
    {
        return folders.iter().filter_map(|folder| convert::path(&folder.uri)).collect();
    }
    #[allow(deprecated, reason = "older clients know nothing else")]
    let root = params.root_uri.as_ref();
    root.and_then(convert::path).into_iter().collect()
}

/// The state of a session.
pub(crate) struct Server {
    pub client: Client,
    pub workspaces: Vec<Workspace>,
    pub documents: Documents,
    messages: Receiver<Message>,
    overtaken: Overtaken,
    /// How many messages about texts were worked at.
    changes: usize,
    is_shut_down: bool,
    pub questions: Vec<Question>,
    /// The failure that a person was told of last.
    told: Option<String>,
}

impl Server {
    fn run(mut self) -> Result<(), Ended> {
        loop {
            let message = match self.messages.try_recv() {
                Ok(message) => message,
                Err(TryRecvError::Empty) if self.has_work() => {
                    self.overtaken.change.store(false, Ordering::Relaxed);
                    if self.messages.is_empty() {
                        self.work();
                    }
                    continue;
                }
                Err(TryRecvError::Empty) => match self.messages.recv() {
                    Ok(message) => message,
                    Err(_) => return Err(Ended("the client is gone".to_owned())),
                },
                Err(TryRecvError::Disconnected) => {
                    return Err(Ended("the client is gone".to_owned()));
                }
            };
            match message {
                Message::Notification(it) if it.method == "exit" => {
                    return match self.is_shut_down {
                        true => Ok(()),
                        false => Err(Ended("the client says exit before shutdown".to_owned())),
                    };
                }
                Message::Notification(notification) => self.notification(notification),
                Message::Request(request) => self.request(request),
                Message::Response(response) => {
                    uses::chosen(&self.client, &mut self.questions, response);
                }
            }
        }
    }

    fn has_work(&self) -> bool {
        !self.is_shut_down && self.workspaces.iter().any(|workspace| workspace.is_dirty)
    }

    /// Looks at what has changed and tells the client, unless the next change comes before that.
    fn work(&mut self) {
        let interrupt = self.overtaken.change.clone();
        self.look(&interrupt);
    }

    /// Looks at what has changed, whatever else may come: a request is answered for the texts before it.
    pub fn settle(&mut self) {
        self.look(&AtomicBool::new(false));
    }

    fn look(&mut self, interrupt: &AtomicBool) {
        for at in 0..self.workspaces.len() {
            let Server { client, workspaces, documents, .. } = self;
            let Some(workspace) = workspaces.get_mut(at).filter(|it| it.is_dirty) else {
                continue;
            };
            let is_first = workspace.snapshot.is_none() && workspace.failure.is_none();
            let title = "nixpact: reading the repository";
            if is_first && workspace.progress.is_none() {
                workspace.progress = client.begin_progress(title);
            }
            let overlay = || {
                let here = documents.values().filter_map(|document| {
                    let (place, path) = document.place.as_ref()?;
                    (*place == at).then(|| (path.clone(), document.text().to_owned()))
                });
                here.collect()
            };
            let is_done = workspace.analyse(overlay, interrupt);
            if is_done {
                client.end_progress(workspace.progress.take());
                let others = diagnostics::publish(client, workspace, at, documents);
                if others && !is_first {
                    client.refresh();
                }
                workspace.tidy();
                self.tell_failure(at);
            }
        }
    }

    fn tell_failure(&mut self, at: usize) {
        let failure = self.workspaces.get(at).and_then(|workspace| workspace.failure.as_ref());
        let failure = failure.map(|failure| format!("nixpact: {failure}"));
        if let Some(message) = failure.as_ref().filter(|_| failure != self.told) {
            self.client.show(MessageType::Error, message.clone());
        }
        self.told = failure;
    }

    /// The workspace of a root, which may be new.
    fn add(&mut self, root: PathBuf) -> usize {
        match self.workspaces.iter().position(|workspace| workspace.root() == root) {
            Some(known) => known,
            None => {
                self.workspaces.push(Workspace::new(root));
                self.note_nested();
                self.workspaces.len() - 1
            }
        }
    }

    fn add_folder(&mut self, folder: PathBuf) {
        let at = self.add(workspace::root_of_folder(&folder));
        if let Some(workspace) = self.workspaces.get_mut(at) {
            workspace.folders.insert(folder);
        }
    }

    /// The workspace of a document that is opened, which may be new, and its path in it.
    fn place(&mut self, uri: &Uri) -> Option<(usize, String)> {
        if let Some(place) = self.known_place(uri) {
            return Some(place);
        }
        let file = convert::path(uri)?;
        let at = self.add(workspace::root_of_file(&file)?);
        let path = self.workspaces.get(at)?.relative(&file)?;
        Some((at, path))
    }

    /// The workspace of a file and its path in it.
    pub fn known_place(&self, uri: &Uri) -> Option<(usize, String)> {
        let file = convert::path(uri)?;
        let places = self.workspaces.iter().enumerate();
        let places = places.filter_map(|(at, it)| Some((at, it.relative(&file)?)));
        // The innermost one, where one repository lies in another.
        places.min_by_key(|(_, path)| path.len())
    }

    /// Closes the workspaces that are no folders of the client and of which no document is open.
    fn close_unused(&mut self) {
        let used: BTreeSet<usize> =
            self.documents.values().filter_map(|it| Some(it.place.as_ref()?.0)).collect();
        for at in (0..self.workspaces.len()).rev() {
            if self.workspaces.get(at).is_some_and(|it| it.folders.is_empty())
                && !used.contains(&at)
            {
                let mut workspace = self.workspaces.remove(at);
                self.client.end_progress(workspace.progress.take());
                diagnostics::withdraw(&self.client, &workspace);
                for document in self.documents.values_mut() {
                    document.place.iter_mut().filter(|it| it.0 > at).for_each(|it| it.0 -= 1);
                }
            }
        }
        self.note_nested();
    }

    /// Has each workspace know which of its files are those of another one.
    fn note_nested(&mut self) {
        let roots: Vec<PathBuf> = self.workspaces.iter().map(|it| it.root().to_owned()).collect();
        for workspace in &mut self.workspaces {
            let inside = roots.iter().filter_map(|root| workspace.relative(root));
            let nested: Vec<String> = inside.filter(|path| !path.is_empty()).collect();
            if workspace.nested != nested {
                workspace.nested = nested;
                workspace.is_dirty = true;
                diagnostics::withdraw_nested(&self.client, workspace);
            }
        }
    }

    /// Whether a text has changed of which nothing is known here yet.
    pub fn is_behind(&self) -> bool {
        self.overtaken.changes() != self.changes
    }

    fn notification(&mut self, notification: Notification) {
        self.changes = self.changes.wrapping_add(usize::from(is_about_texts(&notification)));
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" => self.watch_files(),
            "textDocument/didOpen" => self.with(&method, params, Server::opened),
            "textDocument/didChange" => self.with(&method, params, Server::changed),
            "textDocument/didClose" => self.with(&method, params, Server::closed),
            "textDocument/didSave" => self.with(&method, params, Server::saved),
            "workspace/didChangeWatchedFiles" => self.with(&method, params, Server::files),
            "workspace/didChangeWorkspaceFolders" => self.with(&method, params, Server::folders),
            "workspace/didChangeConfiguration" => {
                for workspace in &mut self.workspaces {
                    workspace.refresh("nixpact.toml");
                }
            }
            _ => {}
        }
    }

    fn with<P: DeserializeOwned>(
        &mut self,
        method: &str,
        params: Value,
        act: impl FnOnce(&mut Server, P),
    ) {
        match serde_json::from_value(params) {
            Ok(params) => act(self, params),
            Err(error) => {
                let message = format!("the parameters of {method} are not understood: {error}");
                self.client.log(MessageType::Warning, message);
            }
        }
    }

    fn watch_files(&mut self) {
        if !self.client.watches_files {
            return;
        }
        let globs = ["**/*.nix", "**/nixpact.toml", "**/*.{json,toml,lock,yaml,yml}"];
        let watcher =
            |glob: &str| FileSystemWatcher { glob_pattern: glob.to_owned().into(), kind: None };
        let options =
            DidChangeWatchedFilesRegistrationOptions { watchers: globs.map(watcher).to_vec() };
        let registration = Registration {
            id: "nixpact-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        self.client.request::<gen_lsp_types::RegistrationRequest>(params);
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let place = self.place(&item.uri);
        let document = Document::new(item.version, item.text, place);
        self.documents.insert(item.uri.clone(), document);
        self.take_text(&item.uri);
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let encoding = self.client.encoding;
        let uri = params.text_document.text_document_identifier.uri;
        let Some(document) = self.documents.get_mut(&uri) else { return };
        document.change(encoding, params.text_document.version, params.content_changes);
        self.take_text(&uri);
    }

    fn take_text(&mut self, uri: &Uri) {
        let Some(document) = self.documents.get(uri) else { return };
        if let Some((at, path)) = &document.place
            && let Some(workspace) = self.workspaces.get_mut(*at)
        {
            workspace.set_text(path, document.text());
        }
    }

    fn closed(&mut self, params: DidCloseTextDocumentParams) {
        let document = self.documents.remove(&params.text_document.uri);
        if let Some((at, path)) = document.and_then(|document| document.place) {
            // A client may hold one file under two names.
            let mut others = self.documents.iter().filter(|(_, other)| {
                other.place.as_ref().is_some_and(|place| *place == (at, path.clone()))
            });
            match others.next().map(|(uri, _)| uri.clone()) {
                Some(uri) => self.take_text(&uri),
                None => {
                    if let Some(workspace) = self.workspaces.get_mut(at) {
                        workspace.drop_text(&path);
                    }
                }
            }
        }
        self.close_unused();
    }

    fn saved(&mut self, params: DidSaveTextDocumentParams) {
        if let Some((at, path)) = self.known_place(&params.text_document.uri)
            && let Some(workspace) = self.workspaces.get_mut(at)
        {
            workspace.refresh(&path);
        }
    }

    fn files(&mut self, params: DidChangeWatchedFilesParams) {
        for event in params.changes {
            let Some(file) = convert::path(&event.uri) else { continue };
            for workspace in &mut self.workspaces {
                if let Some(path) = workspace.relative(&file) {
                    workspace.refresh(&path);
                }
            }
        }
    }

    fn folders(&mut self, params: DidChangeWorkspaceFoldersParams) {
        for folder in params.event.removed.iter().filter_map(|it| convert::path(&it.uri)) {
            let mut workspaces = self.workspaces.iter_mut();
            if !workspaces.any(|workspace| workspace.folders.remove(&folder)) {
                // Named for what it was opened as part of.
                let mut workspaces = self.workspaces.iter_mut();
                let named = workspaces.find(|workspace| workspace.root() == folder);
                named.into_iter().for_each(|workspace| workspace.folders.clear());
            }
        }
        for folder in params.event.added {
            if let Some(path) = convert::path(&folder.uri) {
                self.add_folder(path);
            }
        }
        // A document may lie in a workspace further in now.
        let uris: Vec<Uri> = self.documents.keys().cloned().collect();
        for uri in uris {
            let place = self.place(&uri);
            let Some(document) = self.documents.get_mut(&uri) else { continue };
            if document.place == place {
                continue;
            }
            let old = std::mem::replace(&mut document.place, place);
            if let Some((at, path)) = old
                && let Some(workspace) = self.workspaces.get_mut(at)
            {
                workspace.drop_text(&path);
            }
            self.take_text(&uri);
        }
        self.close_unused();
    }

    fn request(&mut self, request: Request) {
        let id = request.id.clone();
        if !self.overtaken.begins(&id) {
            let code = ErrorCode::RequestCanceled as i32;
            let response = Response::new_err(id, code, "cancelled".to_owned());
            return self.client.send(response);
        }
        if self.is_shut_down {
            let code = ErrorCode::InvalidRequest as i32;
            let response = Response::new_err(id, code, "the server is shut down".to_owned());
            return self.client.send(response);
        }
        if request.method == "shutdown" {
            self.is_shut_down = true;
            return self.client.send(Response::new_ok(id, ()));
        }
        let response = self.answer(request);
        self.client.send(response);
    }
}
