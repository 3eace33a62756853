"""Boundaries out of open sources: which there are, getting their files, and trusting nothing of them."""
