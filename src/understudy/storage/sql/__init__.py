"""SQL as text, one for both databases: named queries, and the migrations that make the schema."""
