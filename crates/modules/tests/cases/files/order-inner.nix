{
  lab.order = [ "file inner" ];
  lab.lines = "file inner";
}
