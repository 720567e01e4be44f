# lib.stringsWithDeps: texts that have to stand behind others.
{ lib }:
let
  fullDepEntry = text: deps: { inherit text deps; };

  # The texts of `todo` and of what they need, each once.
  closure =
    predefined: done: todo:
    if todo == [ ] then
      {
        result = [ ];
        inherit done;
      }
    else
      let
        entry = builtins.head todo;
        others = builtins.tail todo;
        needed = closure predefined done entry.deps;
        behind = closure predefined needed.done others;
      in
      if builtins.isAttrs entry then
        {
          result = needed.result ++ [ entry.text ] ++ behind.result;
          inherit (behind) done;
        }
      else if done ? ${entry} then
        closure predefined done others
      else
        closure predefined (done // { ${entry} = 1; }) ([ predefined.${entry} ] ++ others);

  textClosureList = predefined: names: (closure predefined { } names).result;
in
{
  inherit fullDepEntry textClosureList;
  noDepEntry = text: fullDepEntry text [ ];
  packEntry = fullDepEntry "";
  stringAfter = deps: text: fullDepEntry text deps;
  textClosureMap =
    f: predefined: names:
    lib.concatMapStringsSep "\n" f (textClosureList predefined names);
}
