"""The election before: which of its units and lists may be compared with this one's, and what comes of it."""
