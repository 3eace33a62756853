"""A cut of a count in words: rules say which sentence stands when, and each sentence names the figures it states."""
