# What real Nix says of the hosts of a flake, whose inputs are not at hand.
#
#   nix-instantiate --eval --strict --json ask.nix --argstr question question.json
#
# The question says where the flake is (`root`), which `lib` is that of nixpkgs, which other flakes are at hand
# (`flakes`, by "owner+name"), and all words that occur in the repository. It names either nothing, for the names of
# the hosts; a `host`, for its options that the repository declares; or a host and `options`, for their values.
#
# nixpkgs is the module system, whose NixOS takes every definition and has no option, and any package. Other inputs
# have every attribute that the repository may ask for; their modules define nothing. What is known without them must
# hold with these, too.
{ question }:
let
  asked = builtins.fromJSON (builtins.readFile question);
  inherit (asked) root words;

  nixpkgs = "/nixpkgs";
  input = "/input";
  isBelow = directory: path: builtins.substring 0 (builtins.stringLength directory) (toString path) == directory;

  # Files of the repository and of lib are read as usual, except for what does not exist outside of it, and what
  # Nix 2.8 does not have.
  scope = {
    import = path:
      if builtins.isFunction path || (builtins.isAttrs path && !(path ? outPath)) then
        throw "import of no path"
      else if toString path == nixpkgs then
        { system ? "x86_64-linux", localSystem ? system, ... }: pkgsFor (localSystem.system or localSystem)
      else if toString path == "${nixpkgs}/lib" then
        lib
      else if toString path == "${nixpkgs}/nixos/lib/eval-config.nix" || toString path == "${nixpkgs}/nixos" then
        nixosSystem
      else if isBelow nixpkgs path then
        { }
      else if isBelow input path then
        anything
      else
        builtins.scopedImport scope path;
    scopedImport = more: builtins.scopedImport (scope // more);
    fetchTarball = _: anything;
    fetchGit = _: anything;
    fetchMercurial = _: anything;
    derivation = _: anything;
    derivationStrict = _: anything;
    builtins = builtins // {
      inherit (scope) import scopedImport fetchTarball fetchGit derivation derivationStrict;
      builtins = scope.builtins;
      currentSystem = "x86_64-linux";
      currentTime = 0;
      nixVersion = "2.31.0";
      fetchTree = _: anything;
      fetchurl = _: anything;
      fetchClosure = _: anything;
      getFlake = _: anything;
      path = { path, ... }: toString path;
      filterSource = _: toString;
      readDir = path: if isBelow nixpkgs path || isBelow input path then { } else builtins.readDir path;
      readFileType = path: (builtins.readDir (dirOf path)).${baseNameOf path};
      warn = _: value: value;
      traceVerbose = _: value: value;
      storePath = toString;
      addDrvOutputDependencies = value: value;
      toFile = name: _: "${input}/${name}";
    };
  };

  # What is a package, a string, a module that defines nothing, and a function that gives it; and has any attribute.
  anything =
    builtins.listToAttrs (map (name: { inherit name; value = anything; }) words)
    // {
      type = "derivation";
      name = "name";
      pname = "name";
      version = "1.0";
      system = "x86_64-linux";
      meta.mainProgram = "name";
      # It stands right of nixpkgs' own, as in `nixpkgs.lib // home-manager.lib`.
      lib = removeAttrs anything (builtins.attrNames systemLib);
      outPath = input;
      drvPath = "${input}/drv";
      overlays = anything // { default = _: _: { }; };
      overlay = _: _: { };
      inputs = anything // { nixpkgs = nixpkgsFlake; };
      _file = input;
      key = input;
      __isStandIn = true;
      __functionArgs = { };
      __functor = _: arguments: if arguments ? specialArgs && arguments ? options then { } else anything;
    };

  pkgsFor = system: let platform = lib.systems.elaborate system; in anything // {
    inherit lib;
    inherit (platform) system;
    # It takes two arguments.
    callPackage = _: _: anything;
    stdenv = anything // { hostPlatform = platform; buildPlatform = platform; inherit (platform) isLinux isDarwin; };
    hostPlatform = platform;
    path = nixpkgs;
    config = { };
    formats = builtins.listToAttrs (
      map (name: {
        inherit name;
        value = _: { type = lib.types.anything; generate = _: _: anything; };
      }) [ "json" "yaml" "toml" "ini" "keyValue" "xml" "hocon" "javaProperties" "elixirConf" "php" "libconfig" ]
    );
  };

  baseLib = scope.import asked.lib;

  option = type: default: lib.mkOption { inherit type default; };

  list = option (lib.types.listOf lib.types.unspecified) [ ];

  # A set of submodules that take any definitions.
  members = module:
    option (
      lib.types.attrsOf (
        lib.types.submodule { imports = [ module ]; freeformType = lib.types.lazyAttrsOf lib.types.anything; }
      )
    ) { };

  nixos = system: { config, lib, ... }: {
    # Those that many repositories read.
    options = {
      assertions = list;
      warnings = list;
      boot = {
        initrd = lib.genAttrs [ "availableKernelModules" "kernelModules" ] (_: list);
        extraModulePackages = list;
        kernelModules = list;
        kernelParams = list;
      };
      environment = lib.genAttrs [ "defaultPackages" "pathsToLink" "shells" "systemPackages" ] (_: list);
      fileSystems = members { };
      home-manager.sharedModules = list;
      networking = {
        firewall = lib.genAttrs [ "allowedTCPPorts" "allowedUDPPorts" "trustedInterfaces" ] (_: list);
        domain = option (lib.types.nullOr lib.types.str) null;
        hostName = option lib.types.str "nixos";
      };
      nix.buildMachines = list;
      nixpkgs = { overlays = list; } // lib.genAttrs [ "buildPlatform" "hostPlatform" ] (_: lib.mkOption {
        type = lib.types.either lib.types.str (lib.types.attrsOf lib.types.anything);
        default = system;
        apply = lib.systems.elaborate;
      });
      services = {
        jellyfin.dataDir = option lib.types.str "/var/lib/jellyfin";
        traefik = {
          dataDir = option lib.types.str "/var/lib/traefik";
          group = option lib.types.str "traefik";
        };
      };
      system.stateVersion = option lib.types.str "26.11";
      time.timeZone = option (lib.types.nullOr lib.types.str) null;
      users.users = members ({ name, ... }: {
        options = {
          home = option lib.types.str "/home/${name}";
          name = option lib.types.str name;
          extraGroups = option (lib.types.listOf lib.types.str) [ ];
        };
      });
    };
    config._module = {
      check = false;
      # Then the structure of all definitions is looked at first.
      freeformType = if asked.isFree then lib.types.lazyAttrsOf lib.types.anything else null;
      args = { pkgs = lib.mkDefault (pkgsFor config.nixpkgs.hostPlatform.system); utils = anything; };
    };
  };

  nixosSystem =
    { modules ? [ ], specialArgs ? { }, lib ? systemLib, extraModules ? [ ], system ? "x86_64-linux", ... }:
    lib.evalModules {
      class = "nixos";
      specialArgs = { modulesPath = "${nixpkgs}/nixos/modules"; } // specialArgs;
      modules = [ (nixos (if system == null then "x86_64-linux" else system)) ] ++ modules ++ extraModules;
    };

  lib = baseLib;
  systemLib = baseLib.extend (
    final: _: {
      nixosSystem = arguments: nixosSystem ({ lib = final; } // arguments);
      nixos.evalModules = final.nixosSystem;
    }
  );

  # What the lock file says of the input of that name.
  locked = name:
    let
      file = /. + root + "/flake.lock";
      lock = if builtins.pathExists file then builtins.fromJSON (builtins.readFile file) else { };
      node = lock.nodes.${lock.root or "root"}.inputs.${name} or [ ];
    in
    if builtins.isString node then lock.nodes.${node}.locked or { } else { };

  nixpkgsLocked = locked "nixpkgs";

  nixpkgsFlake = {
    lib = systemLib;
    legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" "i686-linux" "armv7l-linux" "riscv64-linux" ] pkgsFor;
    nixosModules = anything;
    outPath = nixpkgs;
    rev = nixpkgsLocked.rev or "0000000000000000000000000000000000000000";
    shortRev = builtins.substring 0 7 nixpkgsFlake.rev;
    lastModified = nixpkgsLocked.lastModified or 0;
    lastModifiedDate = "19700101000000";
    narHash = nixpkgsLocked.narHash or "sha256-AAAA";
    inputs = { };
    sourceInfo = { outPath = nixpkgs; };
    _type = "flake";
  };

  # The flake that an input is.
  resolve = directory: name: declared:
    let
      written = declared.url or (
        if declared ? owner then "github:${declared.owner}/${declared.repo or name}"
        else if declared ? path then declared.path
        else lib.last (lib.splitString "/" (declared.follows or name))
      );
      url = lib.toLower written;
      parts = builtins.match "(github|git\\+https|https):(//github\\.com/)?([^/]+)/([^/?.]+).*" url;
      at = if parts == null then null else "${builtins.elemAt parts 2}+${builtins.elemAt parts 3}";
      below = builtins.match "(path:)?\\./([^?]*).*" written;
      registered = {
        flake-utils = "numtide+flake-utils";
        flake-parts = "hercules-ci+flake-parts";
      };
      found = if at == null then registered.${name} or "" else at;
      source = asked.flakes.${found} or null;
    in
    if !(declared.flake or true) then
      if below == null then input else { outPath = "${toString directory}/${builtins.elemAt below 1}"; }
    else if
      at == "nix-community+nixpkgs.lib"
      || builtins.match "nixpkgs([-_].*)?" (lib.toLower name) != null
      || builtins.match "(.*[:/])?nixpkgs([-/?.].*)?" url != null
    then
      nixpkgsFlake
    else if below != null then
      call (directory + "/${builtins.elemAt below 1}") (toString directory + "/${builtins.elemAt below 1}")
    else if secrets ? ${found} then
      let
        module = secrets.${found} (locked name);
      in
      anything // { nixosModule = module; nixosModules = anything // { sops = module; age = module; default = module; }; }
    else if source == null then
      anything
    else if found == "hercules-ci+flake-parts" then
      tolerant (call source (toString source))
    else
      call source (toString source);

  # Modules of other flakes of which nixpact knows something.
  secrets = {
    "mic92+sops-nix" = { lastModified ? 2000000000, ... }: { config, ... }: {
      options.sops = {
        secrets = members ({ config, name, ... }: {
          options = {
            name = option lib.types.str name;
            neededForUsers = option lib.types.bool false;
            path = option lib.types.str (
              if config.neededForUsers then "/run/secrets-for-users/${config.name}" else "/run/secrets/${config.name}"
            );
          };
        });
        templates = members ({ config, name, ... }: {
          options = {
            name = option lib.types.str name;
            path = option lib.types.str (
              if lastModified < 1730868941 then "/run/secrets-rendered/${config.name}" else "/run/secrets/rendered/${config.name}"
            );
          };
        });
        placeholder = option (lib.types.attrsOf lib.types.str) { };
      };
      config.sops.placeholder = lib.mkIf (config.sops.templates != { }) (
        lib.mapAttrs (name: _: "<SOPS:${builtins.hashString "sha256" name}:PLACEHOLDER>") config.sops.secrets
      );
    };
    "yaxitech+ragenix" = secrets."ryantm+agenix";
    "ryantm+agenix" = _: { config, ... }:
      let
        directory = config.age.secretsDir;
      in
      {
        options.age.secretsDir = option lib.types.str "/run/agenix";
        options.age.secrets = members ({ config, name, ... }: {
          options = {
            name = option lib.types.str name;
            path = option lib.types.str "${directory}/${config.name}";
          };
        });
      };
  };

  # A flake-parts that takes what options of other flakes are defined.
  tolerant = flake-parts:
    let
      any = {
        _module.check = false;
        perSystem._module.check = false;
      };
      mkFlake = arguments: module: flake-parts.lib.mkFlake arguments { imports = [ any module ]; };
    in
    flake-parts // { lib = flake-parts.lib // { inherit mkFlake; }; };

  call = directory: shown:
    let
      flake = scope.import (directory + "/flake.nix");
      declared = flake.inputs or { };
      names = builtins.attrNames (removeAttrs (builtins.functionArgs flake.outputs // declared) [ "self" ]);
      inputs = lib.genAttrs names (name: resolve directory name (declared.${name} or { }));
      outputs = flake.outputs (inputs // { inherit self; });
      self = outputs // {
        inherit inputs outputs;
        outPath = shown;
        sourceInfo = { outPath = shown; };
        lastModified = 0;
        lastModifiedDate = "19700101000000";
        narHash = "sha256-AAAA";
        _type = "flake";
      };
    in
    self;

  # None, where another flake makes them all.
  hosts =
    let
      flake = call (/. + root) root;
      own = all: if all ? __isStandIn then { } else all;
      of = output: own ((flake.${output}.x86_64-linux or { }).nixosConfigurations or { });
    in
    of "legacyPackages" // of "packages" // own (flake.nixosConfigurations or { });
  host =
    let
      found = hosts.${asked.host};
    in
    if found ? __isStandIn then throw "another flake makes this host" else found;

  # What nixpact prints of a value.
  shown = depth: value:
    let
      text = builtins.unsafeDiscardStringContext value;
    in
    if depth == 0 then
      { "$deep" = true; }
    else if builtins.isFunction value then
      { "$function" = true; }
    else if builtins.isString value then
      text
    else if builtins.isPath value then
      if toString value == root then "" else lib.removePrefix "${root}/" (toString value)
    else if builtins.isList value then
      map (member: caught (shown (depth - 1) member)) value
    else if builtins.isAttrs value then
      if value ? __isStandIn || value ? outPath || value ? __toString then
        { "$package" = true; }
      else if value ? _type && value._type == "option-type" then
        { "$type" = true; }
      else
        builtins.mapAttrs (_: member: caught (shown (depth - 1) member)) value
    else
      value;

  isOwn = option:
    builtins.any (file: isBelow "${root}/" file) (option.declarations or [ ]);

  # Those that the repository declares, each as its path.
  own = path: options:
    builtins.concatMap (
      name:
      let
        option = options.${name};
        here = path ++ [ name ];
        isOption = lib.isOption option;
        tried = builtins.tryEval isOption;
      in
      if name == "_module" || !tried.success then
        [ ]
      else if isOption then
        lib.optional (isOwn option) here
      else if builtins.isAttrs option then
        own here option
      else
        [ ]
    ) (builtins.attrNames options);

  # What modules define of NixOS, each as the two names with which it begins.
  defined =
    let
      names = set: if builtins.isAttrs set && !(set ? __isStandIn) then builtins.attrNames set else [ ];
      isThere = path: (builtins.tryEval (lib.hasAttrByPath path host.options)).value or true;
      below = top: builtins.concatMap (name: lib.optional (!isThere [ top name ]) [ top name ]) (names host.config.${top});
    in
    builtins.concatMap below (builtins.filter (name: name != "_module") (builtins.attrNames host.config));

  # Each answer is told as soon as it is there, as the next may end all of it.
  answer = at:
    let
      value = shown 14 (lib.getAttrFromPath (builtins.elemAt asked.options at) host.config);
    in
    builtins.trace "answer ${toString at} ${builtins.toJSON (caught value)}" null;

  caught = value:
    let
      tried = builtins.tryEval value;
    in
    if tried.success then tried.value else { "$error" = true; };
in
if asked ? options then
  builtins.genList (at: answer (asked.begin + at)) (builtins.length asked.options - asked.begin)
else if asked ? host then
  own [ ] host.options ++ (if asked.isFree then defined else [ ])
else
  builtins.attrNames hosts
