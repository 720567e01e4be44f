# What there is to do
default:
    @just --list

# All that continuous integration runs
ready:
    .ci/run

# Format and lint only: seconds
quick:
    cargo fmt --all
    cargo clippy --workspace --all-targets -- -D warnings

test *arguments:
    cargo test --workspace {{ arguments }}

# Begin a lint: `just new-lint network/privileged-port`
new-lint name:
    #!/usr/bin/env bash
    set -euo pipefail
    if ! [[ '{{ name }}' =~ ^[a-z]+/[a-z]+(-[a-z]+)*$ ]]; then
      echo 'name it GROUP/NAME, such as network/privileged-port' >&2
      exit 2
    fi
    group='{{ parent_directory(name) }}' name='{{ file_name(name) }}'
    file="lints/$group/${name//-/_}"
    constant=${name//-/_}
    constant=${constant^^}
    page="docs/src/lints/$name.md"
    for made in "$file.rs" "$file.md" "$page"; do
      if [ -e "$made" ]; then
        echo "$made is there already" >&2
        exit 1
      fi
    done
    mkdir -p "lints/$group" docs/src/lints
    cat >"$file.rs" <<RUST
    //! …

    use nixpact_contract::Model;

    use crate::lint::{Level, Sink, declare_lint};

    declare_lint! {
        #[doc = include_str!("${name//-/_}.md")]
        pub static $constant = {
            name: "$name",
            summary: "…",
            level: Level::Deny,
            check,
        }
    }

    fn check(model: &Model, sink: &mut Sink<'_>) {}
    RUST
    cat >"$file.md" <<PAGE
    # $name

    What it finds, in one sentence.

    ## Why

    ## Example

    \`\`\`nix title="modules/server/options.nix"
    \`\`\`

    \`\`\`nix title="modules/server/media/jellyfin/default.nix"
    { } # error
    \`\`\`

    ## Fix

    ## What stays unknown
    PAGE
    echo "{{{{#include ../../../$file.md}}" >"$page"
    cat <<NEXT
    made $file.rs
    made $file.md
    made $page
    now register it:
      lints/lib.rs          its module, and one line in the catalogue
      docs/src/lints.md     one row
      docs/src/SUMMARY.md   one line: [$name](lints/$name.md)
    NEXT

# Have real Nix compute the expected values again (needs NIXPKGS_LIB)
goldens:
    test-flakes/goldens.sh
    test-flakes/frameworks.sh
    crates/eval/tests/goldens.sh
    crates/modules/tests/goldens.sh

# Have real Nix evaluate repositories, and compare (needs NIXPKGS_LIB, and the flakes that they use in FLAKES)
compare repositories:
    REPOSITORIES='{{ repositories }}' cargo test --test compare -- --nocapture

# Whole checks against rnix alone, processes against those of Nix, and memory
bench:
    cargo bench --bench check
    benches/process.sh
    benches/memory.sh
    if [ -n "${NIXPKGS_LIB:-}" ]; then benches/config.sh; fi

# The book, at docs/book/index.html
book:
    mdbook build docs

# Licences and advisories of the dependencies
deny:
    cargo deny check
