"""A count in words: what its bulletins rest on, which of its versions are checkpoints, and who is sent one."""
