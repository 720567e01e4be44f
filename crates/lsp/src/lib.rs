//! `nixpact lsp`: the language server.
//!
//! Architecture Invariant: this is the only crate with types of the Language Server Protocol, and
//! `convert.rs` is the only place where a span becomes a position or the other way round.
//!
//! Architecture Invariant: whatever the client sends, the server goes on. A position that is not there is
//! the nearest one that is, a document that it does not know has nothing to say.

mod actions;
mod arguments;
mod capabilities;
mod client;
mod completion;
mod convert;
mod diagnostics;
mod documents;
mod edits;
mod folding;
mod hints;
mod hover;
mod lenses;
mod links;
mod navigation;
mod origin;
mod overtaken;
mod ports;
mod references;
mod rename;
mod server;
mod shown;
mod symbols;
mod target;
mod trials;
mod uses;
mod view;
mod workspace;

pub use lsp_server::Connection;
pub use server::{Ended, serve};

/// Serves the client at the standard input and output until it says that it is done.
///
/// # Errors
///
/// When the client is gone before it said so, or does not speak the protocol.
pub fn run() -> Result<(), Ended> {
    let (connection, threads) = Connection::stdio();
    let result = serve(connection);
    // After an error the client may not close its end, for which the reading thread would wait.
    if result.is_ok() {
        threads.join().map_err(|error| Ended(error.to_string()))?;
    }
    result
}
