"""The Store port on SQLite and PostgreSQL, and the one writer with group commit."""
