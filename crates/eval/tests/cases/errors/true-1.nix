{ lib }: true && 1
