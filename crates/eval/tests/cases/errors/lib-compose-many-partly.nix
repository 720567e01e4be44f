{ lib }: lib.composeManyExtensions 2
