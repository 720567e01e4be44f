//! The convention for the commit that migrates a service to the contract:
//!
//! ```text
//! refactor(server/jellyfin): migrate to service contract
//!
//! - [x] Contract definition
//! - [x] Collector integration
//! - [x] VM test
//! - [x] Old pattern removal
//! ```

use super::message::{Line, Message};

const KIND: &str = "refactor";
const DESCRIPTION: &str = "migrate to service contract";

/// What the message of such a commit has to list.
const STEPS: &[Step] = &[
    Step { name: "Contract definition", is_in: |words| any(words, &["contract"]) },
    Step { name: "Collector integration", is_in: |words| any(words, &["collector", "aggregat"]) },
    Step { name: "VM test", is_in: names_a_test },
    Step { name: "Old pattern removal", is_in: |words| any(words, &["old", "legacy"]) },
];

/// What may stand between the names of several services.
const SEPARATORS: &[char] = &[',', ' ', '&', '+'];

struct Step {
    name: &'static str,
    /// Whether words, in lower case, tell of it.
    is_in: fn(&[String]) -> bool,
}

/// Something that is not as the convention has it.
pub struct Problem {
    /// In the file, from 1.
    pub line: usize,
    pub what: String,
    /// The lines to write instead.
    pub fix: String,
}

/// What is wrong with a message; nothing where the commit migrates no service.
///
/// `scope` is what stands before the service's name, as `server` does in `server/jellyfin`.
pub fn problems(message: &Message<'_>, scope: &str) -> Vec<Problem> {
    let Some(subject) = message.subject() else { return Vec::new() };
    if is_made_by_git(subject.text) {
        return Vec::new();
    }
    let header = Header::of(subject.text);
    let Some(service) = header.migrated(scope) else { return Vec::new() };
    let mut problems = Vec::new();
    problems.extend(subject_problem(subject, &header, scope, service));
    body_problems(subject, message.rest(), &mut problems);
    problems
}

/// Commits whose message git writes, and those that are melted into another one.
fn is_made_by_git(subject: &str) -> bool {
    ["Merge ", "Revert \"", "Reapply \"", "fixup! ", "squash! ", "amend! "]
        .iter()
        .any(|beginning| subject.starts_with(beginning))
}

/// A subject in the parts of a conventional commit.
struct Header<'t> {
    kind: Option<&'t str>,
    scope: Option<&'t str>,
    description: &'t str,
}

impl<'t> Header<'t> {
    fn of(subject: &'t str) -> Header<'t> {
        let whole = Header { kind: None, scope: None, description: subject };
        let Some((head, description)) = subject.split_once(':') else { return whole };
        let head = head.strip_suffix('!').unwrap_or(head);
        let (kind, scope) = match head.split_once('(') {
            Some((kind, rest)) => match rest.strip_suffix(')') {
                Some(scope) => (kind, Some(scope.trim())),
                None => return whole,
            },
            None => (head, None),
        };
        let is_kind = !kind.is_empty() && kind.chars().all(|char| char.is_ascii_alphabetic());
        if !is_kind {
            return whole;
        }
        Header { kind: Some(kind), scope, description: description.trim() }
    }

    /// The name of the service that the commit migrates to the contract, where it says that it does;
    /// empty if it does not say which.
    fn migrated(&self, scope: &str) -> Option<&'t str> {
        const NOT_THE_SERVICE: &[&str] = &["build", "ci", "docs", "style", "test"];
        if self.kind.is_some_and(|kind| NOT_THE_SERVICE.contains(&kind)) {
            return None;
        }
        let mut words = self.description.split_whitespace();
        let verb = words.next()?.to_lowercase();
        if !matches!(&*verb, "migrate" | "migrated" | "migrates" | "migrating") {
            return None;
        }
        let words: Vec<&str> = words.collect();
        let to = words.iter().rposition(|word| word.eq_ignore_ascii_case("to"))?;
        let goal: Vec<String> = words[to + 1..].iter().map(|word| plain(word)).collect();
        let passed_over = ["a", "new", "our", "service", "the"];
        let goal: Vec<&str> =
            goal.iter().map(String::as_str).filter(|word| !passed_over.contains(word)).collect();
        if !matches!(goal[..], ["contract" | "contracts" | "pattern"] | ["contract", "pattern"]) {
            return None;
        }
        let below = || self.scope.and_then(|own| below(own, scope));
        let named = || {
            let articles = ["service", "the"];
            let mut rest = words[..to].iter().filter(|word| !articles.contains(word));
            rest.next().filter(|_| rest.next().is_none()).copied()
        };
        let other = || self.scope.filter(|own| *own != scope)?.rsplit('/').next();
        Some(below().or_else(named).or_else(other).unwrap_or_default())
    }
}

/// The name below a scope: `jellyfin` of `server/jellyfin`.
fn below<'t>(own: &'t str, scope: &str) -> Option<&'t str> {
    own.strip_prefix(scope)?.strip_prefix('/').filter(|name| !name.contains('/'))
}

/// A word in lower case, without the punctuation around it.
fn plain(word: &str) -> String {
    word.trim_matches(|char: char| char.is_ascii_punctuation()).to_lowercase()
}

fn subject_problem(
    subject: Line<'_>,
    header: &Header<'_>,
    scope: &str,
    service: &str,
) -> Option<Problem> {
    let kind = header.kind.unwrap_or_default();
    let own_scope = header.scope.unwrap_or_default();
    let what = if kind != KIND && header.kind.is_some() {
        format!("A migration is of type '{KIND}', not '{kind}'")
    } else if kind != KIND || below(own_scope, scope).is_none() {
        format!("The subject of a migration begins with {KIND}({scope}/SERVICE):")
    } else if service.contains(SEPARATORS) {
        format!("A commit migrates one service, not '{service}'")
    } else if service.is_empty() {
        "The subject names no service".to_owned()
    } else if header.description != DESCRIPTION {
        format!("The subject of a migration ends with '{DESCRIPTION}'")
    } else {
        return None;
    };
    let service = match service {
        "" => "SERVICE",
        // The first of several.
        given => given.split(SEPARATORS).find(|it| !it.is_empty()).unwrap_or(given),
    };
    let fix = format!("{KIND}({scope}/{service}): {DESCRIPTION}");
    Some(Problem { line: subject.number, what, fix })
}

fn body_problems(subject: Line<'_>, rest: &[Line<'_>], problems: &mut Vec<Problem>) {
    if let Some(second) = rest.first().filter(|line| !line.text.is_empty()) {
        let what = "The line below the subject is not empty".to_owned();
        problems.push(Problem { line: second.number, what, fix: "an empty line above it".into() });
    }
    let items: Vec<Item<'_>> = rest.iter().filter_map(|line| Item::of(*line)).collect();
    let line = rest.last().map_or(subject.number, |line| line.number);
    let missing: Vec<&Step> =
        STEPS.iter().filter(|step| !items.iter().any(|item| (step.is_in)(&item.words()))).collect();
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|step| format!("'{}'", step.name)).collect();
        let what = format!("The body does not list {}", names.join(", "));
        let lines: Vec<String> =
            missing.iter().map(|step| format!("- [x] {}", step.name)).collect();
        problems.push(Problem { line, what, fix: lines.join("\n") });
    } else if !items.iter().any(|item| item.tick.is_some()) {
        let what = "The body has no checklist of what is completed".to_owned();
        let lines: Vec<String> = STEPS.iter().map(|step| format!("- [x] {}", step.name)).collect();
        problems.push(Problem { line, what, fix: lines.join("\n") });
    }
    for item in items.iter().filter(|item| item.is_open()) {
        let what = format!("'{}' is not ticked as completed", item.text);
        let fix = format!("- [x] {}", item.text);
        problems.push(Problem { line: item.line, what, fix });
    }
}

/// A member of a list.
struct Item<'t> {
    line: usize,
    /// Whether it is ticked, in a checklist.
    tick: Option<bool>,
    text: &'t str,
}

impl<'t> Item<'t> {
    fn of(line: Line<'t>) -> Option<Item<'t>> {
        let text = line.text.trim_start();
        let rest = text.strip_prefix(['-', '*', '+']).or_else(|| {
            let rest = text.trim_start_matches(|char: char| char.is_ascii_digit());
            rest.strip_prefix(['.', ')']).filter(|_| rest.len() < text.len())
        })?;
        let text = rest.strip_prefix([' ', '\t'])?.trim();
        let ticks = [("[x]", true), ("[X]", true), ("[ ]", false), ("[]", false)];
        let ticked = ticks.iter().find_map(|(tick, is_ticked)| {
            text.strip_prefix(tick).map(|text| (Some(*is_ticked), text.trim()))
        });
        let (tick, text) = ticked.unwrap_or((None, text));
        Some(Item { line: line.number, tick, text })
    }

    fn words(&self) -> Vec<String> {
        self.text.split(|char: char| !char.is_alphanumeric()).map(str::to_lowercase).collect()
    }

    /// Not ticked, although nothing in it says that it may be left out.
    fn is_open(&self) -> bool {
        let text = self.text.to_lowercase();
        let may_be_left_out = ["(if ", "n/a", "not applicable", "not needed"];
        self.tick == Some(false) && !may_be_left_out.iter().any(|words| text.contains(words))
    }
}

fn any(words: &[String], beginnings: &[&str]) -> bool {
    words.iter().any(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
}

/// `VM test`, `nixosTest` or a path below `tests`: a test by hand is none.
fn names_a_test(words: &[String]) -> bool {
    let is_test = |word: &String| word.starts_with("test");
    words.iter().any(|word| matches!(&**word, "nixostest" | "tests"))
        || words.windows(2).any(|pair| matches!(&*pair[0], "vm" | "nixos") && is_test(&pair[1]))
}
