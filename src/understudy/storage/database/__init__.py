"""SQLite and PostgreSQL behind one port: connections, named queries, the schema."""
