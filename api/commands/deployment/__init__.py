"""What an installation without containers needs of its machine."""
