"""Whose certificates are good enough for those whom we call."""

from __future__ import annotations

import ssl
from functools import cache

import certifi


@cache
def tls_context() -> ssl.SSLContext:
    """The machine's authorities, with those that come along for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    return context
