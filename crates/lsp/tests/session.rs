//! The repository behind the server.

mod support;

use std::sync::atomic::AtomicBool;

use nixpact_engine::{Options, Session};

#[test]
fn a_run_that_is_overtaken_says_nothing() {
    let directory = support::copy("homelab");
    let options = Options { root: directory.path().to_owned(), ..Options::default() };
    let session = Session::open(options).unwrap();
    assert!(session.analyse(&AtomicBool::new(true)).unwrap().is_none());
    let found = session.analyse(&AtomicBool::new(false)).unwrap().unwrap();
    assert!(found.analysis.diagnostics.is_empty());
    assert!(found.analysis.model.hosts[0].services.len() > 10);
}
