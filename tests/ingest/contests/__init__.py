"""Several contests of one election, followed by one poller."""
