"""Sets of files of a count, whole and unchanging: what is in them, and the index in which all of them stand."""
