"""Routes that the deny profile blocks: by their words in any app, and those of known packages.

Apps mount such routes anywhere, so patterns begin with ``/**``.
"""
