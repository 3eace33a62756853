"""The frame before the night: a mission's list of mesas, kept, drawn from, and set beside the count's own."""
