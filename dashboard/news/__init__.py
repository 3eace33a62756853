"""What happens in a count, told to readers of feeds."""
