{ is = "default"; }
