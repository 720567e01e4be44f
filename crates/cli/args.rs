use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Proves, without a Nix evaluator, that the services of a NixOS repository keep their contract and do
/// not collide.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub check: Check,
}

#[derive(Subcommand)]
pub enum Command {
    /// Check a repository; what nixpact does without a command
    #[command(
        after_help = "Exit status: 0 no errors, 1 at least one error, 2 nixpact could not do its work."
    )]
    Check(Check),
    /// List the services of every host
    Services(Services),
    /// Print the page of a lint
    Explain {
        /// Such as duplicate-port
        lint: String,
    },
    /// List the lints
    Lints {
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: DataFormat,
    },
}

#[derive(clap::Args)]
pub struct Check {
    #[command(flatten)]
    pub repository: Repository,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    /// Whether the output is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// List every contract value that is not known, with the reason and the place
    #[arg(long)]
    pub show_unknown: bool,
    /// Fail when there are warnings, too
    #[arg(long)]
    pub deny_warnings: bool,
    /// Print findings only, no summary
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(clap::Args)]
pub struct Services {
    #[command(flatten)]
    pub repository: Repository,
    /// How the services are printed
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: DataFormat,
}

#[derive(clap::Args)]
pub struct Repository {
    /// The repository; with --root the files or directories whose findings are wanted
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The repository's root, when PATH is inside of it
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// The configuration file instead of nixpact.toml in the root
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The only host to look at
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The source with the finding marked in it
    Human,
    /// One line a finding
    Short,
    /// One document, version 1
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DataFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// When it goes to a terminal and NO_COLOR is not set
    Auto,
    Always,
    Never,
}
