{ lab.words.hardware = "one"; }
