/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Like rustc: each finding with the source lines it is about.
    Human,
    /// One line per finding, `path:line:column: error[lint]: message`, as compilers print them.
    Short,
    /// Version 1 of the JSON report; stable.
    Json,
    /// One line per finding: a member of `diagnostics` in the JSON report.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// A test report.
    Junit,
    /// The XML of Checkstyle.
    Checkstyle,
    /// reviewdog's Diagnostic Format.
    Rdjson,
}

impl Format {
    pub const ALL: [Format; 10] = [
        Format::Human,
        Format::Short,
        Format::Json,
        Format::Jsonl,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Checkstyle,
        Format::Rdjson,
    ];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Short => "short",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Checkstyle => "checkstyle",
            Format::Rdjson => "rdjson",
        }
    }

    /// What it is, in a few words for the list of formats.
    pub fn summary(self) -> &'static str {
        match self {
            Format::Human => "the source with the finding marked in it",
            Format::Short => "one line a finding",
            Format::Json => "one document, version 1",
            Format::Jsonl => "one JSON object a line and finding",
            Format::Sarif => "SARIF 2.1.0, for code scanning",
            Format::Github => "annotations of GitHub Actions",
            Format::Gitlab => "GitLab's Code Quality report",
            Format::Junit => "a test report, a suite for each lint",
            Format::Checkstyle => "the XML of Checkstyle",
            Format::Rdjson => "reviewdog's Diagnostic Format",
        }
    }

    /// Whether it is for people, who want a summary below it.
    pub fn is_for_people(self) -> bool {
        matches!(self, Format::Human | Format::Short)
    }
}
