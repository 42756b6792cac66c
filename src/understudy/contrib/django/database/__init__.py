"""A database engine for Django: PostgreSQL, whose transactions know who caused them."""
