{ lib }: ({ a }: a) { }
