"""Backups of an installation, restores, and moves to another database."""
