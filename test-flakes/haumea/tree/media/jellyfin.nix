{ lib, self, super, root, port }: { name = "jellyfin"; inherit port; upper = lib.toUpper self.name; beside = builtins.attrNames super; all = builtins.attrNames root; secret = root.hidden.word; }
