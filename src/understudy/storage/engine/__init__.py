"""One writer, many readers and the log, over one database and one data directory."""
