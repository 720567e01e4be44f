//! Patterns that are characters and repetitions of them one after the other, as those of most types are:
//! `[a-z][a-z0-9-]*`. Where taking as much as possible each time leads to the end, there is a match.

use super::pattern::{More, Node, Pattern};

pub(super) struct Plain(Vec<Step>);

struct Step {
    members: Box<[bool; 256]>,
    min: usize,
    /// None where there is no limit.
    max: Option<usize>,
}

impl Plain {
    /// None for other patterns, and those with groups.
    pub fn of(pattern: &Pattern) -> Option<Plain> {
        if pattern.groups > 1 {
            return None;
        }
        let nodes = match &pattern.node {
            Node::Concat(nodes) => nodes,
            _ => return None,
        };
        nodes.iter().map(Step::of).collect::<Option<_>>().map(Plain)
    }

    /// Whether the whole text surely matches; another search may still find that it does.
    pub fn matches(&self, text: &[u8]) -> bool {
        let mut rest = text;
        for step in &self.0 {
            let most = step.max.map_or(rest, |max| &rest[..max.min(rest.len())]);
            let taken = most.iter().take_while(|byte| step.members[usize::from(**byte)]).count();
            if taken < step.min {
                return false;
            }
            rest = &rest[taken..];
        }
        rest.is_empty()
    }
}

impl Step {
    fn of(node: &Node) -> Option<Step> {
        let (node, min, max) = match node {
            Node::Plus(inner) => (&**inner, 1, None),
            Node::Repeat { node, min, more } => {
                let min = *min as usize;
                let max = match more {
                    More::Any => None,
                    More::AtMost(more) => Some(min + *more as usize),
                };
                (&**node, min, max)
            }
            node => (node, 1, Some(1)),
        };
        match node {
            Node::Set(members) => Some(Step { members: members.clone(), min, max }),
            _ => None,
        }
    }
}
