# What runs.
{lib, ...}: {
  config = lib.mkMerge [
    {
      lab.serviceModules =
        lib.genAttrs ["authentik" "forgejo" "miniflux" "paperless"] (_: {enable = true;})
        // {
          # Until it has a port of its own.
          uptime-kuma.enable = false;
        };
    }

    {
      lab.serviceModules.forgejo.extraConfig.repository.DEFAULT_BRANCH = lib.mkForce "trunk";
    }
  ];
}
