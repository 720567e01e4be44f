//! What has come from the client while the server works.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lsp_server::{Message, Notification, RequestId};

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
            self.change.store(true, Ordering::Relaxed);
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

pub(crate) fn is_about_texts(notification: &Notification) -> bool {
    notification.method.starts_with("textDocument/did")
}
