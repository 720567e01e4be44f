//! `nixpact init`

use std::io::{self, Write};

use nixpact_engine::{Options, Wish};

use crate::Outcome;
use crate::args::Init;

pub fn run(init: &Init) -> Outcome {
    let path = init.root.join("nixpact.toml");
    if !init.force && !init.print && path.symlink_metadata().is_ok() {
        let problem = format!(
            "{} is there already\n  = help: --force replaces it, --print only shows what would be written",
            path.display()
        );
        return Err(problem.into());
    }
    let options = Options { root: init.root.clone(), ..Options::default() };
    let wish = if init.homelab { Wish::Homelab } else { Wish::Followed };
    let text = nixpact_engine::init(&options, wish)?;
    let out = &mut io::stdout().lock();
    if init.print {
        out.write_all(text.as_bytes())?;
    } else {
        nixpact_edit::create(&path, text.as_bytes())?;
        writeln!(out, "wrote {}", path.display())?;
    }
    Ok(0)
}
