"""Frozen copies: the public pages as files that stand in for the live ones when no replica answers."""
