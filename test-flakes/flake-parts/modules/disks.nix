{ lab.words.disks = "several"; }
