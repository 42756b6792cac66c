"""The ports of ``core`` as tables."""
