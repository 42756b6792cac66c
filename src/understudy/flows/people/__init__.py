"""Operators: the first admin, the team, signing in and out."""
