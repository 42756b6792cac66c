"""Where a request has arrived: at the app's own host, or at the origin of one session."""

from __future__ import annotations

from typing import NamedTuple

from understudy.core.applications.session_origins import MARK, SessionOrigins, is_label


class OwnHost(NamedTuple):
    """The app's own; nothing said of it here."""


class SessionOrigin(NamedTuple):
    """The origin of one session, whether it still lives or not."""

    origin: str


class Nowhere(NamedTuple):
    """A host under the wildcard that can be no session's, or a label that is not ours to serve."""


Place = OwnHost | SessionOrigin | Nowhere
OWN_HOST = OwnHost()
NOWHERE = Nowhere()


class Places:
    """Tells places apart by the Host alone, before any cookie is looked at.

    A cookie of the whole domain arrives at every label, and is the agent's.
    """

    def __init__(self, origins: SessionOrigins | None = None) -> None:
        self._origins = origins

    def of(self, host: str) -> Place:
        """The place of a Host header, in lower case."""
        origins = self._origins
        if MARK not in host and (origins is None or not origins.covers(host)):
            return OWN_HOST
        label, _, below = host.partition(".")
        if origins is None or not origins.covers(host):
            # Somebody's label, but not below our pattern: an app that does not know its setting yet
            # must not serve it as its own host.
            return NOWHERE if is_label(label) else OWN_HOST
        if below != origins.below or not is_label(label):
            return NOWHERE
        return SessionOrigin(origins.origin(label))

    def of_address(self, address: str | None) -> Place:
        """The place of an Origin or a Referer header."""
        _, separator, rest = (address or "").partition("://")
        return self.of(rest.partition("/")[0].lower()) if separator else OWN_HOST
