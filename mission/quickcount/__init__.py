"""The mission's own quick count: a sample anyone can draw again, what its copies say of the whole, and of each acta."""
