"""Origins of which each belongs to one session: ``https://understudy-….view.app.example``.

A label is an identifier and no secret, as name servers see it. Its first word lets whoever looks
at a Host, an Origin or a Referer find all of them.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from understudy.core.applications.addresses import check_origin, origin_of
from understudy.errors import InvalidInput

MARK = "understudy-"
_RANDOM = r"[a-z2-7]{26}"
_TENANT = r"[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?"
_LABEL = re.compile(rf"{MARK}{_RANDOM}(?:--{_TENANT})?")
_WILDCARD = "*."
_STAND_IN = "understudy-x."
LABEL_BYTES = 17
"""So many random bytes a label is made of; 26 letters hold 130 of their bits."""


def draw_label(random_bytes: bytes) -> str:
    """A label made of ``LABEL_BYTES`` random bytes."""
    return MARK + b32encode(random_bytes).decode().lower()[:26]


def is_label(text: str) -> bool:
    """True for the one spelling of a label, with or without the tenant behind it."""
    return _LABEL.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class SessionOrigins:
    """An application's pattern, ``https://*.view.app.example:8443`` at its longest.

    ``below`` is what stands behind the label in a Host header: domain and port.
    """

    scheme: str
    below: str

    @classmethod
    def parse(cls, pattern: str) -> Self:
        """Read a pattern: one wildcard, which is the whole label at the left.

        :raises InvalidInput: anything else; plain http but for loopback names; a number for a name.
        """
        scheme, separator, host = pattern.partition("://")
        if not separator or not host.startswith(_WILDCARD):
            raise InvalidInput(f"Session origins look like https://*.view.app.example: {pattern}")
        below = host.removeprefix(_WILDCARD)
        check_origin(f"{scheme}://{_STAND_IN}{below}")
        name = urlsplit(f"{scheme}://{below}").hostname or ""
        if not any(letter.isalpha() for letter in name.rpartition(".")[2]):
            raise InvalidInput(f"A label can only stand before a domain's name: {pattern}")
        return cls(scheme, below)

    def origin(self, label: str) -> str:
        """The origin of the session with ``label``."""
        return f"{self.scheme}://{label}.{self.below}"

    def covers(self, host: str) -> bool:
        """True for every Host header that lies under the wildcard, in the spelling of browsers: in
        lower case, and without the scheme's own port.
        """
        return host.endswith("." + self.below)

    def has(self, origin: str) -> bool:
        """True for an origin under the pattern with a label in its one spelling."""
        label = origin.removeprefix(f"{self.scheme}://").partition(".")[0]
        return is_label(label) and origin == self.origin(label)

    def __str__(self) -> str:
        return f"{self.scheme}://{_WILDCARD}{self.below}"


def check_session_origins(pattern: str, redirect_urls: Iterable[str]) -> None:
    """Refuse a pattern under which the app itself lies: all but sessions are turned away there.

    :raises InvalidInput: as said, or see ``SessionOrigins.parse``.
    """
    origins = SessionOrigins.parse(pattern)
    for url in redirect_urls:
        if origins.covers(origin_of(url).partition("://")[2]):
            raise InvalidInput(f"The app's own address lies under {origins}: {url}")


def moved(url: str, origin: str) -> str:
    """``url`` at another origin, its path and its query to the letter."""
    behind = url.partition("://")[2]
    start = next((place for place, letter in enumerate(behind) if letter in "/?#"), len(behind))
    return origin + behind[start:]


def return_addresses(redirect_urls: Iterable[str], origin: str | None) -> tuple[str, ...]:
    """Where codes of a grant may be sent: what is registered, or the same paths at its own
    ``origin`` and nowhere else.
    """
    if origin is None:
        return tuple(redirect_urls)
    return tuple(moved(url, origin) for url in redirect_urls)


def is_labelled(origin: str) -> bool:
    """True for what looks like the origin of a session, whosever it is."""
    return is_label(origin.partition("://")[2].partition(".")[0])
