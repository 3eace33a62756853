"""The mission beside a count: its incidents as they are shown, what it reckons, and what the public may know of it."""
