{ lib }: builtins.filterSource [ ] [ ]
