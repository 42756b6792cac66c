"""Protocols: each translates between its own words and ours, and brings its calls along."""
