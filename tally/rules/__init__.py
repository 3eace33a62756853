"""What a value of a count must obey: the rules, what breaks them, and what follows from it."""
