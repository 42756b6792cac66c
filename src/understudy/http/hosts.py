"""Under which host names browsers may use the service."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from understudy.core.applications.addresses import is_loopback
from understudy.http.incoming import Headers

_PROXIED = ("x-forwarded-for", "x-forwarded-host", "forwarded")


@dataclass(frozen=True, kw_only=True)
class Hosts:
    """The public URL's host is canonical; loopback names are accepted beside it."""

    public_url: str

    @property
    def canonical(self) -> str:
        """Host and port of the public URL, as a ``Host`` header spells them."""
        return urlsplit(self.public_url).netloc.lower()

    def is_canonical(self, headers: Headers) -> bool:
        """True when the request was made to the public URL, as far as one can tell.

        Behind a proxy that does not pass ``Host`` on, one cannot; and a redirect would never end.
        """
        if headers.get("host", "").lower() == self.canonical:
            return True
        return any(name in headers for name in _PROXIED)

    def is_ours(self, host: str) -> bool:
        """True for the canonical host, and for loopback names on any port."""
        lowered = host.lower()
        return lowered == self.canonical or is_loopback(_name(lowered))


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
