"""The election before this one: where its count is found, and rows that hold both side by side."""
