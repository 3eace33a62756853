"""The mission's quick count beside the count in service: its frame, its mesas with who is there, what copies say."""
