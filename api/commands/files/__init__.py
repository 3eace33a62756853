"""`escrutinio files`: sets of files of a count, made from the store in a process of their own."""
