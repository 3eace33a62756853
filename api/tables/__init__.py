"""Tables of a count and of the mission, as rows of JSON and as CSV."""
