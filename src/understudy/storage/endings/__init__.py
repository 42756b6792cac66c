"""Endings that the log does not hold yet: obeyed, kept in slots of files, and told to others."""
