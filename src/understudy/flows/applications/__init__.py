"""The customers' apps."""
