"""What `escrutinio` can be told to do: one module a command, and what puts a program together out of settings."""
