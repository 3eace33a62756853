"""Messages: from the coordinators to the field and back, and the text messages of whoever has no data."""
