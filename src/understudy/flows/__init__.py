"""The use cases, one module each: what happens inside one unit of work."""
