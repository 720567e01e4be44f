//! The time of two whole processes, which take turns.

use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs two commands in turn, so that whatever slows the machine down slows both down, and prints their median
/// times in microseconds. `arguments` are the number of rounds, one command, `--`, and the other.
///
/// A shell that timed them would copy itself for each, which takes as long as some of them.
pub fn run(arguments: &[String]) -> io::Result<()> {
    let refused = || io::Error::other("usage: pair ROUNDS COMMAND… -- COMMAND…");
    let (rounds, commands) = arguments.split_first().ok_or_else(refused)?;
    let rounds: usize = rounds.parse().map_err(|_| refused())?;
    let commands: Vec<&[String]> = commands.split(|it| it == "--").collect();
    let [first, second] = commands[..] else { return Err(refused()) };
    let mut times = [Vec::new(), Vec::new()];
    // The first round warms caches, shows that both work, and is not counted.
    for round in 0..=rounds {
        for (command, times) in [first, second].into_iter().zip(&mut times) {
            let time = once(command)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    let [first, second] = times.map(median);
    println!("{first} {second}");
    Ok(())
}

fn once(command: &[String]) -> io::Result<Duration> {
    let (program, arguments) =
        command.split_first().ok_or_else(|| io::Error::other("a command is empty"))?;
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let begin = Instant::now();
    let status = command.status()?;
    let time = begin.elapsed();
    // 1 are findings.
    match status.code() {
        Some(0 | 1) => Ok(time),
        _ => Err(io::Error::other(format!("{program}: {status}"))),
    }
}

fn median(mut times: Vec<Duration>) -> u128 {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default().as_micros()
}
