use nixpact_diagnostics::Severity;

/// What a report says of a lint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule<'a> {
    /// Such as `duplicate-port`.
    pub name: &'a str,
    /// One line, without a full stop.
    pub summary: &'a str,
    /// The page that explains it, as Markdown.
    pub page: &'a str,
    /// How its findings weigh without configuration; `None` where it is not looked for.
    pub level: Option<Severity>,
    /// Where the page can be read.
    pub url: String,
}

/// Where nixpact comes from.
pub(crate) const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

pub(crate) fn url<'a>(rules: &'a [Rule<'_>], name: &str) -> Option<&'a str> {
    rules.iter().find(|rule| rule.name == name).map(|rule| rule.url.as_str())
}
