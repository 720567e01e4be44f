{ self, ... }: { lab.words.self = if self ? clan then "clan" else "none"; }
