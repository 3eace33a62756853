"""JSON Schemas of the live protocol's messages."""
