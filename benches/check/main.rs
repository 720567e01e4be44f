//! How long a whole check takes, against reading and parsing the same files with rnix alone.
//!
//! `cargo bench --bench check` measures repositories of 20, 200 and 2,000 services;
//! `cargo bench --bench check -- 500` another size. The kinds of work take turns, so that whatever
//! slows the machine down slows all of them down, and the medians are compared.
//!
//! `cargo bench --bench check -- generate DIR N` only writes a repository of N services to DIR, and
//! `… -- pair ROUNDS COMMAND… -- COMMAND…` only compares two commands.
#![allow(clippy::print_stdout, reason = "a benchmark reports")]
#![allow(clippy::disallowed_methods, reason = "it writes the repositories that it measures")]

mod generate;
mod pair;

use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;

// As in the program; rnix alone gets the same one.
#[global_allocator]
static ALLOCATOR: nixpact_allocator::Allocator = nixpact_allocator::Allocator;

const SIZES: [usize; 3] = [20, 200, 2_000];

/// How long the rounds of one size may take together.
const BUDGET: Duration = Duration::from_secs(10);

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if let [command, root, services] = arguments.as_slice()
        && command == "generate"
    {
        return generate::write(Path::new(root), number(services)?);
    }
    if let [command, rest @ ..] = arguments.as_slice()
        && command == "pair"
    {
        return pair::run(rest);
    }
    let sizes = match arguments.as_slice() {
        [] => SIZES.to_vec(),
        given => given.iter().map(|it| number(it)).collect::<io::Result<_>>()?,
    };
    println!(
        "{:>8} {:>6} {:>7} {:>10} {:>10} {:>10} {:>8} {:>8} {:>9} {:>7}",
        "services",
        "files",
        "KiB",
        "rnix",
        "parallel",
        "check",
        "check/",
        "check/",
        "per",
        "rounds"
    );
    println!(
        "{:>8} {:>6} {:>7} {:>10} {:>10} {:>10} {:>8} {:>8} {:>9} {:>7}",
        "", "", "", "ms", "rnix, ms", "ms", "rnix", "parallel", "service", ""
    );
    for services in sizes {
        measure(services)?;
    }
    Ok(())
}

fn number(text: &str) -> io::Result<usize> {
    text.parse().map_err(|_| io::Error::other(format!("'{text}' is not a number of services")))
}

/// Measures a repository of `services` services and prints one line.
fn measure(services: usize) -> io::Result<()> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated-{services}"));
    if root.exists() {
        std::fs::remove_dir_all(&root)?;
    }
    generate::write(&root, services)?;

    let kinds: [fn(&Path) -> usize; 3] = [parse, parse_in_parallel, check];
    let mut times: [Vec<Duration>; 3] = Default::default();
    // The first round warms caches and is not counted.
    for kind in kinds {
        kind(&root);
    }
    let begin = Instant::now();
    while times[0].len() < 5 || (begin.elapsed() < BUDGET && times[0].len() < 201) {
        for (kind, times) in kinds.iter().zip(&mut times) {
            let begin = Instant::now();
            black_box(kind(&root));
            times.push(begin.elapsed());
        }
    }

    let [rnix, parallel, check] = times.each_mut().map(|times| milliseconds(median(times)));
    let files = nix_files(&root);
    let bytes: u64 = files.iter().filter_map(|it| it.metadata().ok()).map(|it| it.len()).sum();
    println!(
        "{services:>8} {:>6} {:>7} {rnix:>10.2} {parallel:>10.2} {check:>10.2} {:>8.2} {:>8.2} {:>6.1} µs {:>7}",
        files.len(),
        bytes / 1024,
        check / rnix,
        check / parallel,
        check * 1000.0 / services as f64,
        times[0].len(),
    );
    Ok(())
}

/// (a) Reads and parses every file with rnix, one after the other.
fn parse(root: &Path) -> usize {
    nix_files(root).iter().map(|path| parse_file(path)).sum()
}

/// (a, parallel) The same on all cores.
fn parse_in_parallel(root: &Path) -> usize {
    nix_files(root).par_iter().map(|path| parse_file(path)).sum()
}

fn parse_file(path: &Path) -> usize {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    black_box(rnix::Root::parse(&text)).errors().len()
}

/// (b) The whole of `nixpact check`, without printing.
fn check(root: &Path) -> usize {
    let options = nixpact_engine::Options { root: root.to_owned(), ..Default::default() };
    let analysis = nixpact_engine::Analysis::run(&options).expect("the repository can be checked");
    assert!(analysis.diagnostics.is_empty(), "a generated repository has no findings");
    analysis.diagnostics.len()
}

fn nix_files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut directories = vec![root.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "nix") {
                found.push(path);
            }
        }
    }
    found
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
