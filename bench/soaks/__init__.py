"""The long trials of `make soak`, one module each."""
