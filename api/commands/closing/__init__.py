"""What ends a count: its archive packed, and all of it in one folder for ten years."""
