"""Subjects and organizations, one by one and in files."""
