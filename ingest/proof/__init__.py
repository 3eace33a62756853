"""That nothing of an archive was altered: its tree, its signed heads, its witnesses, and the count made again."""
