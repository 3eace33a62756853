"""What observers answered: taken in, looked through, set beside each other, and counted as complete or missing."""
