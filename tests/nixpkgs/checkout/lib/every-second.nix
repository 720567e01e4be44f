list:
map (at: builtins.elemAt list (2 * at)) (
  builtins.genList (at: at) ((builtins.length list + 1) / 2)
)
