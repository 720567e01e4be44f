//! What has come from the client while the server works.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gen_lsp_types::Uri;
use lsp_server::{Message, Notification, RequestId};

use crate::convert;

/// What the client has sent that makes other work pointless.
#[derive(Clone, Default)]
pub(crate) struct Overtaken {
    /// A text has changed since the work began.
    pub change: Arc<AtomicBool>,
    /// How many messages about texts have come.
    changes: Arc<AtomicUsize>,
    /// Requests that are not answered yet, and whether their answer is still wanted.
    wanted: Arc<Mutex<BTreeMap<RequestId, bool>>>,
}

impl Overtaken {
    pub fn note(&self, message: &Message) {
        let notification = match message {
            Message::Notification(notification) => notification,
            Message::Request(request) => {
                self.wanted().insert(request.id.clone(), true);
                return;
            }
            Message::Response(_) => return,
        };
        if notification.method == "$/cancelRequest" {
            let id = notification.params.get("id").cloned().unwrap_or_default();
            if let Ok(id) = serde_json::from_value::<RequestId>(id)
                && let Some(wanted) = self.wanted().get_mut(&id)
            {
                *wanted = false;
            }
        } else if is_about_texts(notification) {
            self.changes.fetch_add(1, Ordering::Relaxed);
            if !opens_as_it_is(notification) {
                self.change.store(true, Ordering::Relaxed);
            }
        }
    }

    /// How many messages about texts have come.
    pub fn changes(&self) -> usize {
        self.changes.load(Ordering::Relaxed)
    }

    /// Whether the answer to a request is wanted when the work on it begins.
    pub fn begins(&self, id: &RequestId) -> bool {
        self.wanted().remove(id).unwrap_or(true)
    }

    fn wanted(&self) -> MutexGuard<'_, BTreeMap<RequestId, bool>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a text is opened that is the same on the disk: it changes nothing, and what is found meanwhile
/// counts. An editor that starts opens one as a rule.
fn opens_as_it_is(notification: &Notification) -> bool {
    let opened = || {
        let document = notification.params.get("textDocument")?;
        let text = document.get("text")?.as_str()?;
        let uri: Uri = serde_json::from_value(document.get("uri")?.clone()).ok()?;
        Some((convert::path(&uri)?, text))
    };
    let is_same = |(path, text): (PathBuf, &str)| {
        // Of a pipe, nothing may ever come.
        let of_its_size = |it: &Metadata| it.is_file() && it.len() == text.len() as u64;
        fs::metadata(&path).is_ok_and(|it| of_its_size(&it))
            && fs::read(&path).is_ok_and(|it| it == text.as_bytes())
    };
    notification.method == "textDocument/didOpen" && opened().is_some_and(is_same)
}

pub(crate) fn is_about_texts(notification: &Notification) -> bool {
    notification.method.starts_with("textDocument/did")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn opening_what_is_on_the_disk_interrupts_nothing() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let uri = convert::uri(file.path()).unwrap();
        let interrupts = |method: &str, text: &str| {
            let overtaken = Overtaken::default();
            let params = json!({ "textDocument": { "uri": uri, "text": text } });
            overtaken.note(&Message::Notification(Notification::new(method.to_owned(), params)));
            assert_eq!(overtaken.changes(), 1);
            overtaken.change.load(Ordering::Relaxed)
        };
        assert!(!interrupts("textDocument/didOpen", ""));
        assert!(interrupts("textDocument/didOpen", "{ }"));
        assert!(interrupts("textDocument/didClose", ""));
    }
}
