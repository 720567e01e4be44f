# The forms in which import-tree is called; what it gives for each stands in expected.json.
{ import-tree, lib }:
let
  names = map (f: if builtins.isPath f || builtins.isString f then baseNameOf f else f);
  of = module: names (lib.concatMap (m: if builtins.isAttrs m && m ? imports then m.imports else if builtins.isFunction m then (m { inherit lib; }).imports else [ m ]) module.imports);
  leafs = (import-tree.withLib lib).leafs;
in {
  filter = names (leafs.filter (lib.hasInfix "media") ./modules);
  filterNot = names (leafs.filterNot (lib.hasInfix "media") ./modules);
  both = names ((leafs.filter (lib.hasInfix "/media/")).filterNot (lib.hasSuffix "b.nix") ./modules);
  match = names (leafs.match ".*/[ae].nix" [ ./modules ./more ]);
  matchNot = names (leafs.matchNot ".*/[ae].nix" [ ./modules [ ./more ] ]);
  map = map (m: m.found) ((leafs.map import) ./modules);
  mapTwice = ((leafs.map baseNameOf).map lib.toUpper) ./modules;
  added = names ((leafs.addPath ./more).addPath ./modules).result;
  files = names ((import-tree.addPath ./modules).withLib lib).files;
  init = names (leafs.initFilter (lib.hasSuffix ".json") ./modules);
  initOther = leafs.initFilter (x: x == 3 || lib.isString x) [ 3 4 ];
  values = names (leafs [ { y = 1; } ./modules/a.nix ]);
  nested = names (leafs [ (import-tree.addPath ./more) ./modules/media ]);
  piped = (import-tree.withLib lib).pipeTo builtins.length ./modules;
  api = of ((import-tree.addAPI { only = self: word: self.filter (lib.hasInfix word); }).only "media" ./modules);
  new = names ((((import-tree.filter (_: false)).new).withLib lib).leafs ./modules);
  root = names (leafs.filter (lib.hasPrefix "/media") ./modules);
  rootOfTwo = names (leafs.filter (lib.hasPrefix "/media") [ ./. ./modules ]);
  hidden = names (leafs ./modules/_skip);
  string = names (leafs.filter (_: true) "${toString ./modules}");
  noLib = (builtins.tryEval (import-tree.leafs ./modules)).success;
}
