"nobody reads this"
