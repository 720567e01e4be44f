{ flake, ... }: { lab.words.inputs = if flake.inputs ? home-manager then "has home-manager" else "has it not"; }
