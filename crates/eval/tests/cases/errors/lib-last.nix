{ lib }: lib.last [ ]
