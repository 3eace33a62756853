"""Whoever wants the count to be away, and whoever only wants to read it: programs that the soak `attack` starts."""
