"""Boundaries and positions out of other people's files, where somebody watches."""
