"""Who won, who goes on and what is still open: a contest's rule and its count, by arithmetic alone."""
