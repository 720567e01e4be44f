# lib.meta: what packages say of themselves.
{ lib }:
let
  addMetaAttrs =
    new: drv:
    let
      meta = old: (old.meta or { }) // new;
    in
    if drv ? overrideAttrs then
      drv.overrideAttrs (old: { meta = meta old; })
    else
      drv // { meta = meta drv; };

  setPrio = priority: addMetaAttrs { inherit priority; };
  lowPrio = setPrio 10;
  hiPrio = setPrio (-10);

  updateName = updater: drv: drv // { name = updater drv.name; };

  mapDerivationAttrset =
    f: builtins.mapAttrs (_: package: if lib.isDerivation package then f package else package);

  platformMatch =
    platform: element:
    if builtins.isString element then
      platform ? system && element == platform.system
    else
      lib.matchAttrs (if element ? parsed then element else { parsed = element; }) platform;

  bySpdx = lib.filterAttrs (_: license: license ? spdxId) lib.licenses;
  licensesSpdx = lib.mapAttrs' (_: license: lib.nameValuePair license.spdxId license) bySpdx;
  lowered = lib.mapAttrs' (id: lib.nameValuePair (lib.toLower id)) licensesSpdx;
  getLicenseFromSpdxIdOr = id: default: lowered.${lib.toLower id} or default;
in
{
  inherit
    addMetaAttrs
    getLicenseFromSpdxIdOr
    hiPrio
    licensesSpdx
    lowPrio
    mapDerivationAttrset
    platformMatch
    setPrio
    updateName
    ;
  appendToName =
    suffix:
    updateName (
      name:
      let
        parts = builtins.parseDrvName name;
      in
      "${parts.name}-${suffix}-${parts.version}"
    );
  availableOn =
    platform: package:
    let
      matches = builtins.any (platformMatch platform);
    in
    (!(package ? meta.platforms) || matches package.meta.platforms)
    && (!(package ? meta.badPlatforms) || !matches package.meta.badPlatforms);
  cpeFullVersionWithVendor = vendor: version: {
    inherit vendor version;
    update = "*";
  };
  defaultPriority = 5;
  dontDistribute = addMetaAttrs { hydraPlatforms = [ ]; };
  getLicenseFromSpdxId =
    id:
    getLicenseFromSpdxIdOr id {
      shortName = id;
      spdxId = id;
    };
  hiPrioSet = mapDerivationAttrset hiPrio;
  lowPrioSet = mapDerivationAttrset lowPrio;
  setName = name: drv: drv // { inherit name; };
}
