"""One number with all that proves it, in one file that anybody can check."""
