"""Ten thousand observers' answers within an hour, against one server: how long each waits, and whether each is kept."""
