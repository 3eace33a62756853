"""The map and its pictures in a browser."""
