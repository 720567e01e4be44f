{ lab.words.disk = "one"; }
