"""Watching over an installation: the facts, the poller's own figures, and the terminal that shows all of it."""
