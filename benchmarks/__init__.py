"""Measurements against the bars that Understudy is held to (docs/benchmarks.md)."""
