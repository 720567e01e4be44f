{ word = "quiet"; }
