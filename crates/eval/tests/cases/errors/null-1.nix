{ lib }: null < 1
