"""Hides in an app's answers what its rules name, byte by byte, without touching the rest."""
