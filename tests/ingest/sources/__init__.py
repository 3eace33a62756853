"""Answers out of files and through a relay."""
