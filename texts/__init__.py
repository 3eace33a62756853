"""Every word that is shown to people: one folder a language, read by every room, reading none."""
