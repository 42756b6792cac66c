"""A site that keeps its records by Django's audit packages."""
