"""What counts as text, as an address and as a path: one idea of each, at every door."""

from __future__ import annotations

import unicodedata


def fold_email(email: str) -> str:
    """The form under which two spellings of one address compare equal."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def is_plain_text(text: str) -> bool:
    """True when ``text`` holds no control, format, surrogate or private-use characters.

    Line feeds are text; bidirectional overrides are not: they make a log lie to its reader.
    """
    # Nearly all of it is printable, which no character of these categories is.
    return text.isprintable() or not any(
        unicodedata.category(char).startswith("C") and char != "\n" for char in text
    )


def is_local_path(value: str) -> bool:
    """True for an absolute path on the same origin: no scheme, host, backslash or control."""
    return (
        value.startswith("/")
        and not value.startswith("//")
        and "\\" not in value
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )
