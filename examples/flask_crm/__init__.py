"""A small CRM with Flask-Login on SQLite, whose support staff work in it as its customers."""
