{ lib }: assert false; 1
