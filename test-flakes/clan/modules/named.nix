{ lab.words.named = "by a string"; }
