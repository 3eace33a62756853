"""The roster: a CSV of the mission's people, read, planned against who is there already, and entered at once."""
