"""Grants, tokens and sessions, and what a session may not do."""
