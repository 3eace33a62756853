"""Faults on demand: what the source has done to its readers, and may do again, for drills and tests."""
