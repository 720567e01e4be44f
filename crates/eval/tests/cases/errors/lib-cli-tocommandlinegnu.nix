{ lib }: lib.cli.toCommandLineGNU { } { "" = 1; }
