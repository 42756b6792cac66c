"""The headers that every answer carries, unless it says otherwise itself."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.http.content_security import FIXED, HSTS, NOTHING_ALLOWED

RawHeaders = Iterable[tuple[bytes, bytes]]

_POLICY = (b"content-security-policy", NOTHING_ALLOWED.encode())
_NO_STORE = (b"cache-control", b"no-store")


class SecurityHeaders:
    """``https`` says that browsers come over TLS, and may be told to come no other way.

    ``lines`` are all of them, as they go over the wire.
    """

    def __init__(self, *, https: bool) -> None:
        hsts = (HSTS,) if https else ()
        self._all = (*FIXED, *hsts, _POLICY, _NO_STORE)
        self._names = frozenset(name for name, _ in self._all)
        self.lines = b"".join(b"%s: %s\r\n" % header for header in self._all)

    def said_by(self, headers: RawHeaders) -> bool:
        """Whether ``headers`` hold one of them."""
        return any(name in self._names for name, _ in headers)

    def with_missing(self, headers: RawHeaders) -> list[tuple[bytes, bytes]]:
        """``headers``, and those of ours that they lack."""
        found = list(headers)
        said = {name for name, _ in found}
        return found + [header for header in self._all if header[0] not in said]
