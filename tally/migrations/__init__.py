"""The schema's revisions, each a module in `versions`. They speak of tables by name; no living model is imported."""
