"""Clients that are generated from the description, and the description itself."""
