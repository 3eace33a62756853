"""What a map or a table says of an area, wherever it stands."""
