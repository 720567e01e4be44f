# Shell commands that make nixpact.toml of the checkout a link to a file, unless a file of the user is there.
file: ''
  if nixpact_root=$(git rev-parse --show-toplevel 2>/dev/null); then
    if [ -e "$nixpact_root/nixpact.toml" ] && [ ! -L "$nixpact_root/nixpact.toml" ]; then
      echo "nixpact.toml is a file of this repository; the settings of the flake are not linked there" >&2
    else
      ln -sfn ${file} "$nixpact_root/nixpact.toml"
    fi
  fi
  unset nixpact_root
''
