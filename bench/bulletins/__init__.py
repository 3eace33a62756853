"""Bulletins of recorded counts: each of their numbers looked up in the data, their sentences compared."""
