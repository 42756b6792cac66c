"""Headers that tell browsers what pages of ours may do, and who may use our answers."""

from __future__ import annotations

_COMMON = (
    "default-src 'none'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'; "
    "img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'"
)

NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For answers that are no pages: whoever opens one in a tab sees text."""

FIXED: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (
        b"permissions-policy",
        b"accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
        b"microphone=(), payment=(), usb=()",
    ),
)
HSTS = (b"strict-transport-security", b"max-age=63072000")


def page_policy(nonce: str) -> str:
    """The policy of a page whose own scripts and styles carry ``nonce``."""
    return f"{_COMMON}; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'"
