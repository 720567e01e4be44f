{ lib }:
{
  shout = text: "${text}!${lib.licenses.mit.spdxId}";
  release = builtins.readFile ./.version;
  version = lib.trivial.release + builtins.readFile ../.version-suffix;
}
