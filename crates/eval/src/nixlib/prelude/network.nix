# lib.network: IPv6 addresses.
{ lib }:
let
  inherit (builtins) length;

  # The eight groups of an address, as strings.
  groups =
    address:
    let
      pieces = lib.splitString ":" address;
      written = lib.remove "" pieces;
      zeros = builtins.genList (_: "0") (8 - length written);
      starts = lib.hasPrefix "::" address;
      ends = lib.hasSuffix "::" address;
      shortened = lib.hasInfix "::" address;
      expected =
        if starts || ends then
          2
        else if shortened then
          1
        else
          0;
      wrong =
        length pieces - length written != expected
        || (shortened && length written >= 8)
        || (!shortened && length written != 8);
    in
    if builtins.match "^[0-9A-Fa-f:]+$" address == null then
      throw "${address} contains malformed characters for IPv6 address"
    else if address == "::" then
      zeros
    else if wrong then
      throw "${address} is not a valid IPv6 address"
    else if starts then
      zeros ++ written
    else if ends then
      written ++ zeros
    else
      builtins.concatMap (piece: if piece == "" then zeros else [ piece ]) pieces;

  number =
    text:
    let
      value = lib.fromHexString text;
    in
    if 0 <= value && value <= 65535 then value else throw "0x${text} is not a valid u16 integer";

  hex = value: lib.toLower (lib.toHexString value);

  mkEUI64Suffix =
    mac:
    let
      octet = "([0-9A-Fa-f]{2})";
      found = builtins.match "^${lib.concatStringsSep "[-:.]?" (lib.replicate 6 octet)}$" mac;
      at = builtins.elemAt (
        if found == null then
          throw "\"${mac}\" is not a valid MAC address (expected 6 octets of hex digits)"
        else
          found
      );
    in
    lib.toLower (
      lib.concatStringsSep ":" [
        (lib.toHexString (builtins.bitXor 512 (lib.fromHexString (at 0 + at 1))))
        "${at 2}ff"
        "fe${at 3}"
        (at 4 + at 5)
      ]
    );
in
{
  inherit mkEUI64Suffix;
  ipv6 = {
    inherit mkEUI64Suffix;
    fromString =
      text:
      let
        parts = lib.splitString "/" text;
        length' = lib.toInt (lib.last parts);
        address = lib.concatMapStringsSep ":" (group: hex (number group)) (groups (builtins.head parts));
      in
      if length parts == 1 then
        {
          inherit address;
          prefixLength = 128;
        }
      else if length parts == 2 then
        {
          inherit address;
          prefixLength =
            if 1 <= length' && length' <= 128 then
              length'
            else
              throw "${text} IPv6 subnet should be in range [1;128], got ${toString length'}";
        }
      else
        throw "${text} is not a valid IPv6 address in CIDR notation";
  };
}
