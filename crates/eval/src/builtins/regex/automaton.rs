//! The search of libstdc++ (`_Executor` in its depth-first mode).

use super::Problem;
use super::pattern::{More, Node, Pattern};
use super::plain::Plain;
use crate::place::{ANY, is_of_hash};

enum State {
    Set(Box<[bool; 256]>, usize),
    LineBegin(usize),
    LineEnd(usize),
    Open(usize, usize),
    Close(usize, usize),
    /// Both are tried, the longer match wins, and of two equally long ones the first.
    Either(usize, usize),
    /// Once more if possible, else on.
    Repeat {
        again: usize,
        next: usize,
    },
    Accept,
}

/// Larger automata are refused; libstdc++ refuses them at 100,000 states.
const MAX_STATES: usize = 50_000;
const MAX_STEPS: u32 = 5_000_000;
/// Each level takes some hundred bytes of the stack.
const MAX_DEPTH: u32 = 100_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The match ends where the text does.
    Whole,
    Prefix,
    /// The same, but not the empty one.
    NonEmptyPrefix,
}

/// The groups of a match, as ranges of bytes; the first is the whole.
pub(super) struct Match {
    pub groups: Vec<Option<(usize, usize)>>,
}

impl Match {
    pub fn whole(&self) -> (usize, usize) {
        self.groups[0].unwrap_or_default()
    }
}

pub(super) struct Automaton {
    states: Vec<State>,
    start: usize,
    groups: usize,
    plain: Option<Plain>,
    /// It begins with `.*`, which takes whatever there is.
    pub begins_anyhow: bool,
}

impl Automaton {
    pub fn new(pattern: &Pattern) -> Result<Automaton, Problem> {
        let mut automaton = Automaton {
            states: vec![State::Accept],
            start: 0,
            groups: pattern.groups,
            plain: Plain::of(pattern),
            begins_anyhow: begins_anyhow(&pattern.node),
        };
        let close = automaton.push(State::Close(0, 0))?;
        let inner = automaton.add(&pattern.node, close)?;
        automaton.start = automaton.push(State::Open(0, inner))?;
        Ok(automaton)
    }

    fn push(&mut self, state: State) -> Result<usize, Problem> {
        if self.states.len() >= MAX_STATES {
            return Err(Problem::Unsupported("a large pattern"));
        }
        self.states.push(state);
        Ok(self.states.len() - 1)
    }

    /// Adds states that match `node` and then go to `next`; gives the first of them.
    fn add(&mut self, node: &Node, next: usize) -> Result<usize, Problem> {
        match node {
            Node::Empty => Ok(next),
            Node::Set(members) => {
                let mut members = members.clone();
                let is_any = (0..ANY).any(|byte| members[usize::from(byte)] && is_of_hash(byte));
                members[usize::from(ANY)] = is_any;
                self.push(State::Set(members, next))
            }
            Node::LineBegin => self.push(State::LineBegin(next)),
            Node::LineEnd => self.push(State::LineEnd(next)),
            Node::Group(number, inner) => {
                let close = self.push(State::Close(*number, next))?;
                let inner = self.add(inner, close)?;
                self.push(State::Open(*number, inner))
            }
            Node::Concat(nodes) => {
                nodes.iter().rev().try_fold(next, |next, node| self.add(node, next))
            }
            Node::Either(left, right) => {
                let (left, right) = (self.add(left, next)?, self.add(right, next)?);
                self.push(State::Either(left, right))
            }
            Node::Plus(inner) => self.add_loop(inner, next).map(|(_, body)| body),
            Node::Repeat { node, min, more } => {
                let mut start = match more {
                    More::Any => self.add_loop(node, next)?.0,
                    More::AtMost(count) => (0..*count).try_fold(next, |inner, _| {
                        let again = self.add(node, inner)?;
                        self.push(State::Repeat { again, next })
                    })?,
                };
                for _ in 0..*min {
                    start = self.add(node, start)?;
                }
                Ok(start)
            }
        }
    }

    /// The state that repeats `node`, and the first of its body.
    fn add_loop(&mut self, node: &Node, next: usize) -> Result<(usize, usize), Problem> {
        let repeat = self.push(State::Repeat { again: 0, next })?;
        let body = self.add(node, repeat)?;
        self.states[repeat] = State::Repeat { again: body, next };
        Ok((repeat, body))
    }

    /// The match that begins at `start`.
    pub fn run(&self, text: &[u8], start: usize, mode: Mode) -> Result<Option<Match>, Problem> {
        if mode == Mode::Whole
            && start == 0
            && self.plain.as_ref().is_some_and(|plain| plain.matches(text))
        {
            return Ok(Some(Match { groups: vec![Some((0, text.len()))] }));
        }
        let groups = self.groups;
        let mut run = Run {
            states: &self.states,
            text,
            start,
            mode,
            at: start,
            current: vec![Group::default(); groups],
            repeated: vec![None; self.states.len()],
            found: None,
            solved: false,
            steps: 0,
            depth: 0,
        };
        run.follow(self.start)?;
        Ok(run.found.map(|(_, groups)| Match {
            groups: groups.into_iter().map(|g| g.matched.then_some((g.start, g.end))).collect(),
        }))
    }

    /// The first match at or after `start`.
    pub fn search(&self, text: &[u8], start: usize) -> Result<Option<Match>, Problem> {
        for at in start..=text.len() {
            if let Some(found) = self.run(text, at, Mode::Prefix)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The match after one from `start` to `end` (`std::regex_iterator`).
    pub fn search_after(
        &self,
        text: &[u8],
        start: usize,
        end: usize,
    ) -> Result<Option<Match>, Problem> {
        if start != end {
            return self.search(text, end);
        }
        if end == text.len() {
            return Ok(None);
        }
        match self.run(text, end, Mode::NonEmptyPrefix)? {
            Some(found) => Ok(Some(found)),
            None => self.search(text, end + 1),
        }
    }
}

fn begins_anyhow(node: &Node) -> bool {
    match node {
        Node::Concat(nodes) => nodes.first().is_some_and(begins_anyhow),
        Node::Repeat { node, min: 0, more: More::Any } => match &**node {
            Node::Set(members) => (1..=u8::MAX).all(|byte| members[usize::from(byte)]),
            _ => false,
        },
        _ => false,
    }
}

#[derive(Clone, Copy, Default)]
struct Group {
    start: usize,
    end: usize,
    matched: bool,
}

/// One search. What a step changes it changes back.
struct Run<'r> {
    states: &'r [State],
    text: &'r [u8],
    start: usize,
    mode: Mode,
    at: usize,
    current: Vec<Group>,
    /// Where each repetition last began anew, and how often there.
    repeated: Vec<Option<(usize, u8)>>,
    /// The longest match so far and its end.
    found: Option<(usize, Vec<Group>)>,
    /// Whether the path being followed has come to a match.
    solved: bool,
    steps: u32,
    depth: u32,
}

impl Run<'_> {
    fn follow(&mut self, mut state: usize) -> Result<(), Problem> {
        let before = self.at;
        self.depth += 1;
        let result = loop {
            self.steps += 1;
            if self.steps > MAX_STEPS || self.depth > MAX_DEPTH {
                break Err(Problem::Limit);
            }
            state = match &self.states[state] {
                State::Set(members, next) => match self.text.get(self.at) {
                    Some(byte) if members[usize::from(*byte)] => {
                        self.at += 1;
                        *next
                    }
                    _ => break Ok(()),
                },
                State::LineBegin(next) if self.at == 0 => *next,
                State::LineEnd(next) if self.at == self.text.len() => *next,
                State::LineBegin(_) | State::LineEnd(_) => break Ok(()),
                State::Accept => {
                    self.accept();
                    break Ok(());
                }
                &State::Open(number, next) => break self.open(number, next),
                &State::Close(number, next) => break self.close(number, next),
                &State::Either(left, right) => break self.either(left, right),
                &State::Repeat { again, next } => break self.repeat(state, again, next),
            };
        };
        self.depth -= 1;
        self.at = before;
        result
    }

    fn accept(&mut self) {
        self.solved = match self.mode {
            Mode::Whole => self.at == self.text.len(),
            Mode::Prefix => true,
            Mode::NonEmptyPrefix => self.at != self.start,
        };
        if self.solved && self.found.as_ref().is_none_or(|(end, _)| *end < self.at) {
            self.found = Some((self.at, self.current.clone()));
        }
    }

    fn open(&mut self, number: usize, next: usize) -> Result<(), Problem> {
        let before = self.current[number].start;
        self.current[number].start = self.at;
        self.follow(next)?;
        self.current[number].start = before;
        Ok(())
    }

    fn close(&mut self, number: usize, next: usize) -> Result<(), Problem> {
        let before = self.current[number];
        self.current[number] = Group { end: self.at, matched: true, ..before };
        self.follow(next)?;
        self.current[number] = before;
        Ok(())
    }

    fn either(&mut self, left: usize, right: usize) -> Result<(), Problem> {
        self.follow(left)?;
        let solved = std::mem::take(&mut self.solved);
        self.follow(right)?;
        self.solved |= solved;
        Ok(())
    }

    /// At one place a repetition begins at most twice.
    fn repeat(&mut self, state: usize, again: usize, next: usize) -> Result<(), Problem> {
        let before = self.repeated[state];
        let times = match before {
            Some((at, times)) if at == self.at => times,
            _ => 0,
        };
        if times < 2 {
            self.repeated[state] = Some((self.at, times + 1));
            self.follow(again)?;
            self.repeated[state] = before;
        }
        if self.solved { Ok(()) } else { self.follow(next) }
    }
}
