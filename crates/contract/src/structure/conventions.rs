//! What a repository agreed on beside its contract: where files stand and what things are called.

use std::fmt;

/// The conventions of a repository; each is absent where it has none.
#[derive(Clone, Debug, Default)]
pub struct Conventions {
    /// Where the module of a service stands, relative to the root.
    pub module: Option<Template>,
    /// Where the test of a service stands, relative to the root.
    pub test: Option<Template>,
    /// What its test is called among the flake's checks.
    pub check: Option<Template>,
    /// What a secret of a service is called.
    pub secret: Option<Template>,
    /// The headings of a service module, in lower case.
    pub sections: Vec<String>,
    /// The files that go over all services, relative to the root.
    pub collector: Vec<String>,
    /// The fields of another service that a module may read without depending on it.
    pub shared_fields: Option<Vec<String>>,
    /// The option below which the parts of each service's database connections stand.
    pub connections: Option<Vec<String>>,
    /// Options that tell whether a service runs as a container; `*` stands for any name.
    pub runtime: Vec<Vec<String>>,
}

impl Conventions {
    /// The repository has none.
    pub fn is_empty(&self) -> bool {
        let Conventions {
            module,
            test,
            check,
            secret,
            sections,
            collector,
            shared_fields,
            connections,
            runtime,
        } = self;
        [module, test, check, secret].iter().all(|template| template.is_none())
            && [shared_fields, connections].iter().all(|names| names.is_none())
            && [sections, collector].iter().all(|names| names.is_empty())
            && runtime.is_empty()
    }
}

/// A text with holes, such as `tests/{service}/default.nix`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Text(String),
    Hole(Hole),
}

/// What a hole of a [`Template`] stands for: one or more characters, without `/`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Hole {
    Category,
    Service,
    Credential,
}

impl Hole {
    const ALL: [Hole; 3] = [Hole::Category, Hole::Service, Hole::Credential];

    pub fn name(self) -> &'static str {
        match self {
            Hole::Category => "category",
            Hole::Service => "service",
            Hole::Credential => "credential",
        }
    }
}

impl Template {
    /// Reads a template, in which `{service}` has to stand, and the other `allowed` holes may.
    ///
    /// # Errors
    ///
    /// The text says what is wrong with it.
    pub fn parse(text: &str, allowed: &[Hole]) -> Result<Template, String> {
        let unopened = || format!("'{text}' has a '}}' without a '{{'");
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return Err(format!("'{text}' has a '{{' without a '}}'"));
            };
            let holes = Hole::ALL.iter().filter(|hole| allowed.contains(hole));
            let Some(hole) = holes.clone().find(|hole| hole.name() == name) else {
                let known: Vec<String> = holes.map(|hole| format!("{{{}}}", hole.name())).collect();
                let known = known.join(" and ");
                return Err(format!("'{{{name}}}' in '{text}' stands for nothing; use {known}"));
            };
            if before.contains('}') {
                return Err(unopened());
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            } else if !pieces.is_empty() {
                return Err(format!("'{text}' does not tell where '{{{name}}}' begins"));
            }
            pieces.push(Piece::Hole(*hole));
            rest = after;
        }
        if rest.contains('}') {
            return Err(unopened());
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        if !pieces.contains(&Piece::Hole(Hole::Service)) {
            return Err(format!(
                "'{text}' does not say where the service's name stands: {{service}}"
            ));
        }
        Ok(Template { text: text.to_owned(), pieces })
    }

    /// The service that a text names, where the text is of this form. The first way in which it is
    /// counts, holes being as short as they can.
    pub fn service<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut found = [None; Hole::ALL.len()];
        fits(&self.pieces, text, &mut found).then_some(found[Hole::Service as usize]?)
    }

    /// Whether a text is of this form for a service of this name.
    pub fn is_for(&self, service: &str, text: &str) -> bool {
        let mut found = [None; Hole::ALL.len()];
        found[Hole::Service as usize] = Some(service);
        fits(&self.pieces, text, &mut found)
    }

    /// The text for a service; other holes stay, as `<category>`.
    pub fn fill(&self, service: &str) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Hole(Hole::Service) => service.to_owned(),
            Piece::Hole(hole) => format!("<{}>", hole.name()),
        });
        pieces.collect()
    }

    /// The text for a service, the other holes filled as in `like`, a text of this form for any service.
    pub fn fill_like(&self, service: &str, like: &str) -> String {
        let mut found = [None; Hole::ALL.len()];
        if !fits(&self.pieces, like, &mut found) {
            return self.fill(service);
        }
        found[Hole::Service as usize] = Some(service);
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Hole(hole) => found[*hole as usize].unwrap_or_default(),
        });
        pieces.collect()
    }

    /// The directory below which all of its texts are, with `/` at the end; empty for the root.
    pub fn directory(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => &text[..text.rfind('/').map_or(0, |at| at + 1)],
            _ => "",
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

/// A template has few pieces, so this goes back and forth over short texts only.
fn fits<'t>(pieces: &[Piece], text: &'t str, found: &mut [Option<&'t str>; 3]) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let hole = match first {
        Piece::Text(wanted) => {
            return text.strip_prefix(wanted.as_str()).is_some_and(|text| fits(rest, text, found));
        }
        Piece::Hole(hole) => *hole as usize,
    };
    if let Some(known) = found[hole] {
        return text.strip_prefix(known).is_some_and(|text| fits(rest, text, found));
    }
    let longest = text.find('/').unwrap_or(text.len());
    let ends = text.char_indices().map(|(at, char)| at + char.len_utf8());
    for end in ends.take_while(|end| *end <= longest) {
        let (name, after) = text.split_at(end);
        found[hole] = Some(name);
        if fits(rest, after, found) {
            return true;
        }
    }
    found[hole] = None;
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Hole] = &Hole::ALL;

    fn template(text: &str) -> Template {
        Template::parse(text, ALL).unwrap()
    }

    #[test]
    fn the_service_is_what_stands_in_its_hole() {
        let module = template("modules/server/{category}/{service}/default.nix");
        assert_eq!(module.service("modules/server/media/jellyfin/default.nix"), Some("jellyfin"));
        assert_eq!(module.service("modules/server/jellyfin/default.nix"), None);
        assert_eq!(module.service("modules/server/a/b/jellyfin/default.nix"), None);
        assert_eq!(module.service("modules/server//jellyfin/default.nix"), None);
        assert_eq!(module.directory(), "modules/server/");
        assert_eq!(template("{service}.nix").directory(), "");
    }

    #[test]
    fn a_hole_ends_where_the_rest_fits() {
        let check = template("{service}Test");
        assert_eq!(check.service("TestTest"), Some("Test"));
        assert_eq!(check.service("aTestTest"), Some("aTest"));
        assert_eq!(check.service("Test"), None);
        assert_eq!(template("vm-{service}").service("vm-vm-a"), Some("vm-a"));
        assert_eq!(template("{service}-é").service("é-é"), Some("é"));
    }

    #[test]
    fn one_hole_twice_is_one_name() {
        let test = template("tests/{service}/{service}.nix");
        assert_eq!(test.service("tests/a/a.nix"), Some("a"));
        assert_eq!(test.service("tests/a/b.nix"), None);
        assert_eq!(test.fill("a"), "tests/a/a.nix");
    }

    #[test]
    fn a_text_fits_a_service_of_any_name() {
        let secret = template("server/{service}/{credential}");
        assert!(secret.is_for("jellyfin", "server/jellyfin/admin"));
        assert!(!secret.is_for("jellyfin", "server/sonarr/admin"));
        assert!(!secret.is_for("jellyfin", "server/jellyfin/"));
        assert!(!secret.is_for("jellyfin", "server/jellyfin/a/b"));
        assert_eq!(secret.fill("sonarr"), "server/sonarr/<credential>");
        assert_eq!(secret.fill_like("sonarr", "server/jellyfin/key"), "server/sonarr/key");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        let problem = |text| Template::parse(text, &[Hole::Category, Hole::Service]).unwrap_err();
        assert!(problem("a/{service").contains("without a '}'"));
        assert!(problem("a}/{service}").contains("without a '{'"));
        assert!(problem("{service}/}").contains("without a '{'"));
        assert!(problem("{name}").contains("use {category} and {service}"));
        assert!(problem("{credential}/{service}").contains("stands for nothing"));
        assert!(problem("{category}{service}").contains("where '{service}' begins"));
        assert!(problem("modules/default.nix").contains("{service}"));
    }
}
