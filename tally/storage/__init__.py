"""Where the log is kept: tables, schema, the one writer and every reader."""
