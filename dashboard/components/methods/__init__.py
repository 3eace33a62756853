"""Sections of the methods page that rest on measurements."""
