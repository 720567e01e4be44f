{ name, ... }:
{
  a = 9;
  l = [ "file ${name}" ];
}
