//! `[conventions]`

use nixpact_contract::{Conventions, Hole, Template};
use toml::Spanned;

use super::file;

/// Where a text of the configuration stands, in bytes, and what is wrong with it.
pub(super) type Problem = (std::ops::Range<usize>, String);

/// The conventions without `collector`, whose globs are resolved among the files.
pub(super) fn conventions(file: &file::Conventions) -> Result<Conventions, Problem> {
    use Hole::{Category, Credential, Service};
    if let (Some(check), None) = (&file.check, &file.test) {
        let problem = "check needs test, the file that is to be among the checks";
        return Err((check.span(), problem.to_owned()));
    }
    let section = |section: &Spanned<String>| match section.get_ref().trim() {
        "" => Err((section.span(), "a section needs a name".to_owned())),
        name => Ok(name.to_lowercase()),
    };
    Ok(Conventions {
        module: template(file.module.as_ref(), &[Category, Service])?,
        test: template(file.test.as_ref(), &[Category, Service])?,
        check: template(file.check.as_ref(), &[Service])?,
        secret: template(file.secret.as_ref(), &[Category, Service, Credential])?,
        sections: file.sections.iter().map(section).collect::<Result<_, _>>()?,
        collector: Vec::new(),
        shared_fields: file.shared_fields.clone(),
        connections: file.connections.as_ref().map(option).transpose()?,
        runtime: file.runtime.iter().map(option).collect::<Result<_, _>>()?,
    })
}

fn template(text: Option<&Spanned<String>>, holes: &[Hole]) -> Result<Option<Template>, Problem> {
    let read = |text: &Spanned<String>| {
        Template::parse(text.get_ref(), holes).map_err(|problem| (text.span(), problem))
    };
    text.map(read).transpose()
}

fn option(text: &Spanned<String>) -> Result<Vec<String>, Problem> {
    let path: Vec<String> = text.get_ref().split('.').map(str::to_owned).collect();
    match path.iter().any(String::is_empty) {
        true => Err((text.span(), format!("'{}' is no option's path", text.get_ref()))),
        false => Ok(path),
    }
}
