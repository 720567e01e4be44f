#![allow(clippy::print_stdout, reason = "a benchmark reports")]
#![allow(clippy::disallowed_methods, reason = "it writes the repositories that it measures")]
#[path = "../check/generate.rs"]
mod generate;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    for services in [200usize, 2000] {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("edited-{services}"));
        if root.exists() {
            std::fs::remove_dir_all(&root).unwrap();
        }
        generate::write(&root, services).unwrap();
        let options = nixpact_engine::Options { root, ..Default::default() };
        let begin = Instant::now();
        let mut session = nixpact_engine::Session::open(options).unwrap();
        println!("open {:?}", begin.elapsed());
        let path = "modules/server/arrs/archive/default.nix";
        let text = std::fs::read_to_string(session.root().join(path)).unwrap();
        let never = AtomicBool::new(false);
        let mut kept = None;
        let (mut sets, mut runs) = (Vec::new(), Vec::new());
        for n in 0..200 {
            let begin = Instant::now();
            session.set_text(path, format!("{text}# {n}\n")).unwrap();
            sets.push(begin.elapsed());
            let begin = Instant::now();
            let snapshot = session.analyse(&never).unwrap();
            runs.push(begin.elapsed());
            kept = snapshot;
        }
        sets.sort();
        runs.sort();
        println!(
            "{services}: set {:?} {:?}  run p50 {:?} p99 {:?}",
            sets[100], sets[198], runs[100], runs[198]
        );
        drop(kept);
    }
}
