"""An app that knows one address of its own, served at the origins of sessions."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from understudy.core.applications.addresses import check_origin
from understudy.errors import InvalidInput, SetupError
from understudy.sdk.headers import RawHeaders

_ASKED_BY_BROWSERS = (b"origin", b"referer")
_TOLD_TO_BROWSERS = (b"location", b"access-control-allow-origin")


class PresentHost:
    """Shows the app its own address in place of a session's, and the browser the session's again.

    ``origin`` is the app's own, such as ``https://app.example``.

    :raises SetupError: it is no origin.
    """

    def __init__(self, origin: str) -> None:
        try:
            check_origin(origin)
        except InvalidInput as error:
            raise SetupError(f"present_host: {error.detail}") from None
        self.scheme = urlsplit(origin).scheme
        self._origin = origin.encode()
        self._host = origin.partition("://")[2].encode()

    def to_app(self, headers: Iterable[tuple[bytes, bytes]], shown: str) -> RawHeaders:
        """Host, Origin and Referer as of the app's own; ``shown`` is the session's origin."""
        return [self._inward(name, value, shown.encode()) for name, value in headers]

    def to_browser(self, headers: Iterable[tuple[bytes, bytes]], shown: str) -> RawHeaders:
        """Addresses at the app's own origin as they are reached at the session's."""
        return [
            (name, _moved(value, self._origin, shown.encode()))
            if name.lower() in _TOLD_TO_BROWSERS
            else (name, value)
            for name, value in headers
        ]

    def _inward(self, name: bytes, value: bytes, shown: bytes) -> tuple[bytes, bytes]:
        lower = name.lower()
        if lower == b"host":
            return name, self._host
        return name, _moved(value, shown, self._origin) if lower in _ASKED_BY_BROWSERS else value


def _moved(address: bytes, old: bytes, new: bytes) -> bytes:
    """``address`` at another origin, if it lies at the ``old`` one and does not only begin so."""
    rest = address.removeprefix(old)
    lies_there = address.startswith(old) and rest[:1] in (b"", b"/", b"?", b"#")
    return new + rest if lies_there else address
