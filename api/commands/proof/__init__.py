"""What shows that a count is what it was: all of it, its heads as they come, and one number."""
