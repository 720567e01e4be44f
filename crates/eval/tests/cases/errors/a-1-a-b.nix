{ lib }: { a = 1; }.a.b
