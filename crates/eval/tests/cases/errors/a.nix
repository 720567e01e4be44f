{ lib }: { }.a
