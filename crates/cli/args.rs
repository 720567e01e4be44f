use std::path::PathBuf;

use clap::{ArgGroup, Parser, Subcommand, ValueEnum};

use nixpact_engine::InputChoice;

use crate::output::{Output, OutputParser};

const STATUS: &str =
    "Exit status: 0 no errors, 1 at least one error, 2 nixpact could not do its work.";

/// Proves, without a Nix evaluator, that the services of a NixOS repository keep their contract and do
/// not collide.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = STATUS)]
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
    Check(Box<Check>),
    /// List the services of every host
    Services(Services),
    /// Write nixpact.toml from what is found in the repository
    #[command(after_help = STATUS)]
    Init(Init),
    /// Print the merged value of an option on each host
    #[command(after_help = STATUS)]
    Config(Config),
    /// Print the value of a file or an expression
    #[command(after_help = STATUS)]
    Eval(Eval),
    /// Print the page of a lint
    Explain {
        /// Such as duplicate-port
        lint: String,
    },
    /// Serve an editor at the standard input and output (Language Server Protocol)
    Lsp {
        /// The only way in which it serves, which many clients name
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Known findings that are not reported
    #[command(subcommand)]
    Baseline(Baseline),
    /// Check the message of a commit that migrates a service to the contract
    #[command(
        after_help = "Exit status: 0 the message keeps the convention, or the commit migrates no service; \
                      1 it does not; 2 the file cannot be read."
    )]
    CommitMsg(CommitMsg),
    /// Print the JSON Schema of nixpact.toml
    Schema,
    /// Print the completions of a shell
    Completions {
        /// The shell that is to read them
        shell: clap_complete::Shell,
    },
    /// Print the manual page, as roff
    Man {
        /// The command whose page is wanted, such as check
        command: Option<String>,
    },
    /// List the lints
    Lints {
        /// How the lints are printed
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: DataFormat,
    },
}

#[derive(clap::Args)]
pub struct Check {
    #[command(flatten)]
    pub repository: Repository,
    /// How findings are written, and into which file instead of standard output; may be repeated
    #[arg(long, value_name = "NAME[=FILE]", default_value = "human", value_parser = OutputParser)]
    pub format: Vec<Output>,
    /// Whether the output is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// List the hosts, modules and contract values that are not known, with the reason and the place;
    /// only below a report that is human or short
    #[arg(long)]
    pub show_unknown: bool,
    /// List what is not known, each with the places through which it came, back to its first cause
    #[arg(long, conflicts_with = "show_unknown")]
    pub explain_unknown: bool,
    /// Report what touches files that differ from where the branch left BASE (HEAD when absent)
    #[arg(long, value_name = "BASE", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "HEAD", help_heading = "Selection")]
    #[arg(conflicts_with_all = ["staged", "stdin_filename"])]
    pub changed: Option<String>,
    /// Check what git has staged, and report what touches staged files, or PATH beside --root
    #[arg(long, help_heading = "Selection", conflicts_with = "stdin_filename")]
    pub staged: bool,
    /// Take this file's text from standard input, and report what touches it
    #[arg(long, value_name = "PATH", help_heading = "Selection")]
    pub stdin_filename: Option<PathBuf>,
    /// Check a service as if it were enabled
    #[arg(long, value_name = "SERVICE", help_heading = "Selection", value_delimiter = ',')]
    pub assume_enabled: Vec<String>,
    /// Run the formatter that nixpact.toml names for the lint unformatted
    #[arg(long, help_heading = "Selection", conflicts_with_all = ["fix", "diff"])]
    pub run_formatter: bool,
    #[command(flatten)]
    pub fixes: Fixes,
    /// Report these lints or groups as errors; all means every lint
    #[arg(long, value_name = "LINT", value_delimiter = ',', help_heading = "Levels")]
    pub deny: Vec<String>,
    /// Report these lints or groups as warnings
    #[arg(long, value_name = "LINT", value_delimiter = ',', help_heading = "Levels")]
    pub warn: Vec<String>,
    /// Report these lints or groups as notes
    #[arg(long, value_name = "LINT", value_delimiter = ',', help_heading = "Levels")]
    pub note: Vec<String>,
    /// Do not report these lints or groups
    #[arg(long, value_name = "LINT", value_delimiter = ',', help_heading = "Levels")]
    pub allow: Vec<String>,
    /// A file with known findings, which are not reported; in place of the one that nixpact.toml names
    #[arg(long, value_name = "FILE", help_heading = "Known findings")]
    pub baseline: Option<PathBuf>,
    /// Write a comment for each finding into the source, with this reason for keeping it
    #[arg(long, value_name = "REASON", conflicts_with = "fixing", help_heading = "Known findings")]
    pub add_suppressions: Option<String>,
    /// Check again whenever a file changes
    #[arg(long, conflicts_with_all = ["stdin_filename", "add_suppressions", "fix", "diff"])]
    pub watch: bool,
    /// Print how many findings of each lint there are, in place of the findings
    #[arg(long)]
    pub statistics: bool,
    /// Print how long each phase took, on standard error
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Fail when there are warnings, too
    #[arg(long)]
    pub deny_warnings: bool,
    /// Print no summary
    #[arg(short, long)]
    pub quiet: bool,
}

/// What is done with the fixes of findings.
#[derive(clap::Args)]
#[command(group = ArgGroup::new("fixing").args(["fix", "diff"]).multiple(true))]
pub struct Fixes {
    /// Apply the safe fixes to the files, and report what is left
    #[arg(long, help_heading = "Fixes", conflicts_with = "stdin_filename")]
    pub fix: bool,
    /// Print what --fix would change as a unified diff, and change nothing
    #[arg(long, conflicts_with_all = ["format", "show_unknown"], help_heading = "Fixes")]
    pub diff: bool,
    /// Take the fixes, too, that may not be what was meant; with --fix or --diff
    #[arg(long, requires = "fixing", help_heading = "Fixes")]
    pub unsafe_fixes: bool,
}

#[derive(Subcommand)]
pub enum Baseline {
    /// Write all findings into the baseline
    #[command(after_help = STATUS)]
    Write(BaselineWrite),
}

#[derive(clap::Args)]
pub struct BaselineWrite {
    #[command(flatten)]
    pub repository: Repository,
    /// The file; the one that nixpact.toml names, or nixpact-baseline.json in the root, when absent
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct CommitMsg {
    /// The file that holds the message, as git hands it to its hook commit-msg
    pub file: PathBuf,
    /// What stands before the service in the subject, as in refactor(server/jellyfin)
    #[arg(long, value_name = "NAME", default_value = "server")]
    pub scope: String,
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
pub struct Init {
    /// The repository
    #[arg(value_name = "PATH", default_value = ".")]
    pub root: PathBuf,
    /// Write the conventions of a homelab whose services stand in modules/server, whether the repository
    /// follows them or not
    #[arg(long)]
    pub homelab: bool,
    /// Replace a nixpact.toml that is there
    #[arg(long, conflicts_with = "print")]
    pub force: bool,
    /// Print the text, and write nothing
    #[arg(long)]
    pub print: bool,
}

#[derive(clap::Args)]
pub struct Config {
    /// The option's path as Nix writes it, such as environment.persistence."/persist".directories
    pub option: String,
    /// The repository
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The configuration file instead of nixpact.toml in the root
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The only host to look at
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    #[command(flatten)]
    pub outside: Outside,
    /// Show every definition with its place, priority and condition, and whether it counts
    #[arg(long)]
    pub trace: bool,
    /// Follow what is not known back to its first cause, on standard error
    #[arg(long)]
    pub explain_unknown: bool,
    /// How the value is printed
    #[arg(long, value_name = "FORMAT", default_value = "nix")]
    pub format: ValueFormat,
}

#[derive(clap::Args)]
pub struct Eval {
    /// A file of the repository, relative to its root; default.nix when absent
    #[arg(conflicts_with = "expr")]
    pub file: Option<String>,
    /// An expression in place of a file; paths in it begin at the root
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub expr: Option<String>,
    /// The attribute of the value to print, such as a."b.c".0, where a number is a place in a list
    #[arg(long, value_name = "PATH")]
    pub attr: Option<String>,
    /// An argument for the value, where it is a function that names it
    #[arg(long, num_args = 2, value_names = ["NAME", "EXPR"], allow_hyphen_values = true)]
    pub arg: Vec<String>,
    /// The repository that files may be read from
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    #[command(flatten)]
    pub outside: Outside,
    /// Follow what is not known back to its first cause, on standard error
    #[arg(long)]
    pub explain_unknown: bool,
    /// How the value is printed
    #[arg(long, value_name = "FORMAT", default_value = "nix")]
    pub format: ValueFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ValueFormat {
    /// As nix-instantiate --eval --strict prints it; what is not known is «unknown: reason»
    Nix,
    /// What is not known is {"$unknown": reason}
    Json,
}

/// What is read besides the repository
#[derive(clap::Args)]
pub struct Outside {
    /// A checkout of nixpkgs, for NixOS' options and what nixpact's own lib does not have; lock stands for
    /// the one that flake.lock pins, or npins, niv or lon, from the store
    #[arg(long, value_name = "PATH|lock")]
    pub nixpkgs: Option<String>,
    /// A directory that holds an input of the flake, for the options of its modules; lock stands for all that
    /// flake.lock pins, nixpkgs among them, and what files fetch by a hash, from the store
    #[arg(long, value_name = "NAME=PATH|lock")]
    pub input: Vec<InputChoice>,
}

#[derive(clap::Args)]
pub struct Repository {
    /// The repository; or the files and directories whose findings are wanted, when there are several,
    /// or --root is given
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The repository's root, when PATH is inside of it; of several, the last one counts
    #[arg(long, value_name = "DIR", overrides_with = "root")]
    pub root: Option<PathBuf>,
    /// The configuration file instead of nixpact.toml in the root
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The only host to look at; files that no host imports are checked all the same
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    #[command(flatten)]
    pub outside: Outside,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DataFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// When it goes to a terminal; NO_COLOR, CLICOLOR=0 and CLICOLOR_FORCE have their say
    Auto,
    Always,
    Never,
}
