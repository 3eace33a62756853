"""Guides: the mission's own documents, which observers read on the phone."""
