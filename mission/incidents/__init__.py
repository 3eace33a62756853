"""Incidents: what was reported, what became of it, and the log that says so."""
