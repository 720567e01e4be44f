# What the benchmarks of whole processes share. To be sourced.

# installed DIRECTORY: builds the program, puts it into a directory as an installation does, and prints its
# path. The file that a linker writes piece by piece takes a millisecond longer to start than a copy. With STATIC
# set it needs no library.
installed() {
  local made=${CARGO_TARGET_DIR:-target} host
  if [[ -n ${STATIC:-} ]]; then
    host=$(rustc -vV | sed -n 's/^host: //p')
    RUSTFLAGS='-C target-feature=+crt-static' cargo build --release --quiet --target "$host"
    made=$made/$host
  else
    cargo build --release --quiet
  fi
  cp "$made/release/nixpact" "$1/nixpact"
  echo "$1/nixpact"
}

# pair ROUNDS COMMAND… -- COMMAND…: runs two commands in turn, so that whatever slows the machine down slows both
# down; their median times in microseconds are then $first and $second.
pair() {
  local medians
  medians=$(cargo bench --quiet --bench check -- pair "$@")
  read -r first second <<<"$medians"
}

# hundredths NUMBER: prints it divided by 100.
hundredths() {
  printf '%d.%02d' $(($1 / 100)) $(($1 % 100))
}
