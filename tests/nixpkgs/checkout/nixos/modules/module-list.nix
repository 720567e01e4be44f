[
  ./firewall.nix
  ./misc.nix
  ./services/web.nix
]
