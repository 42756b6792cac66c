"""Decisions asked for by the Authorization API of AuthZEN: yes or no, and nothing granted."""
