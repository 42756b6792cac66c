"""The log in the database: appended to, signed, proved and exported."""
