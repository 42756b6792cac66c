"""The script that marks what a page sends."""

from __future__ import annotations

from functools import lru_cache
from html import escape


def page_script(src: str, identity: str, nonce: str | None) -> bytes:
    """The element, for the front of a page's head; well-formed in HTML and in XML.

    It blocks: what runs before it would send what nobody marks.
    """
    allowed = _ascii(f' nonce="{escape(nonce)}"') if nonce else b""
    return b"".join((_begun(src, identity), allowed, b"></script>"))


@lru_cache(maxsize=256)
def _begun(src: str, identity: str) -> bytes:
    return _ascii(f'<script src="{escape(src)}" data-page="{escape(identity)}"')


def _ascii(html: str) -> bytes:
    return html.encode("ascii", "xmlcharrefreplace")
