"""Questions about the rows of a table: which of them, in which order, with which columns."""
