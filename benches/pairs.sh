# What the benchmarks of whole processes share. To be sourced.

# once COMMAND…: prints how many microseconds it took.
once() {
  local begin=${EPOCHREALTIME/[.,]/}
  "$@" >/dev/null 2>&1 || return 1
  echo $((${EPOCHREALTIME/[.,]/} - begin))
}

# installed DIRECTORY: builds the program, puts it into a directory as an installation does, and prints its
# path. The file that a linker writes piece by piece takes a millisecond longer to start than a copy.
installed() {
  cargo build --release --quiet
  cp "${CARGO_TARGET_DIR:-target}/release/nixpact" "$1/nixpact"
  echo "$1/nixpact"
}

median() {
  sort -n | sed -n "$(((rounds + 1) / 2))p"
}

# pair ROUNDS FIRST SECOND: runs two functions in turn, so that whatever slows the machine down slows
# both down; their median times in microseconds are then $first and $second.
pair() {
  local rounds=$1 times round
  times=$(mktemp -d)
  # Both once before, to warm the caches; and to see that both work.
  once "$2" >/dev/null
  once "$3" >/dev/null
  for ((round = 0; round < rounds; round++)); do
    once "$2" >>"$times/first"
    once "$3" >>"$times/second"
  done
  first=$(median <"$times/first")
  second=$(median <"$times/second")
  rm -rf "$times"
}

# hundredths NUMBER: prints it divided by 100.
hundredths() {
  printf '%d.%02d' $(($1 / 100)) $(($1 % 100))
}
