"""What an application may ask about itself in its own name, for its people at a terminal.

Nothing of it is on the way of a request, and it can start nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol
from urllib.parse import quote, urlencode

from understudy.errors import UnderstudyError
from understudy.sdk.wire import Fields, read_object

MOST = 500
"""Live sessions that are looked at; more at once are an incident by themselves."""
_PAGE = 100
_FEW = 3
"""So many actors are searched for one by one; for more, all live sessions are looked at."""


class Asking(Protocol):
    """A link to the service that takes any call of its native API."""

    def ask(self, method: str, path: str) -> bytes:
        """The answer's body.

        :raises UnderstudyError: the service refuses, or cannot be reached.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnApplication:
    """The application as the service knows it; without its settings."""

    id: str
    name: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveSession:
    """Who works as whom, why, and until when."""

    id: str
    actor: str
    actor_id: str
    subject: str
    reason: str
    ticket: str | None
    scope: str
    started_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RevokedSession:
    """A session that is over, whether by this revocation or before, and in the log if ``logged``.

    While it is not, nothing can be written there: revoke it again until it is.
    """

    id: str
    cause: str | None
    logged: bool


class Office:
    """Asks by ``link``. Every verb blocks, and raises what the service refuses."""

    def __init__(self, link: Asking) -> None:
        self._link = link

    def application(self) -> OwnApplication:
        """The application whose id and secret the link uses.

        :raises NotSignedIn: they are wrong.
        :raises Unavailable: the service cannot be reached.
        """
        fields = read_object(self._link.ask("GET", "/application"))
        return OwnApplication(
            id=fields.text("id"), name=fields.text("name"), status=fields.text("status")
        )

    def sessions(self) -> list[LiveSession]:
        """The application's live sessions, newest first, ``MOST`` of them.

        :raises Unavailable: the service cannot be reached.
        """
        return list(islice(self._sessions(), MOST))

    def revoke(self, session_id: str) -> RevokedSession:
        """End a session now; one that is over already stays as it is.

        :raises NotFound: the application has no such session.
        :raises Unavailable: the service cannot be reached.
        """
        path = f"/sessions/{quote(session_id, safe='')}/revoke"
        fields = read_object(self._link.ask("POST", path))
        return RevokedSession(
            id=fields.text("id"),
            cause=fields.optional_text("end_cause"),
            logged=fields.optional_truth("logged") is not False,
        )

    def sessions_of(self, *actor_ids: str) -> list[str]:
        """The ids of the live sessions of these actors.

        :raises Unavailable: the service cannot be reached.
        """
        wanted = dict.fromkeys(actor_ids)
        # Live sessions are few, and those who leave may be thousands.
        one_by_one = [{"actor_id": actor_id} for actor_id in wanted]
        searches = one_by_one if len(wanted) <= _FEW else [{}]
        found = (session for whose in searches for session in self._sessions(**whose))
        # Looked at here as well: a service that does not know the filter gives everybody's.
        return list(dict.fromkeys(session.id for session in found if session.actor_id in wanted))

    def revoke_of(self, *actor_ids: str) -> list[RevokedSession]:
        """End every live session of actors whom the app has disabled or demoted.

        The service asks nobody whether those whom the app itself vouches for still work there.

        :raises UnderstudyError: one could not be ended; all of them have been tried.
        """
        over: list[RevokedSession] = []
        refused: UnderstudyError | None = None
        for session_id in self.sessions_of(*actor_ids):
            try:
                over.append(self.revoke(session_id))
            except UnderstudyError as error:
                refused = error
        if refused is not None:
            raise refused
        return over

    def _sessions(self, **whose: str) -> Iterator[LiveSession]:
        wanted = {**whose, "state": "live", "limit": str(_PAGE)}
        while True:
            page = read_object(self._link.ask("GET", f"/sessions?{urlencode(wanted)}"))
            yield from map(_live, page.objects("items"))
            cursor = page.optional_text("next_cursor")
            if cursor is None:
                return
            wanted["cursor"] = cursor


def _live(fields: Fields) -> LiveSession:
    return LiveSession(
        id=fields.text("id"),
        actor=_person(fields.object("actor")),
        actor_id=fields.object("actor").text("id"),
        subject=_person(fields.object("subject")),
        reason=fields.text("reason"),
        ticket=fields.optional_text("ticket"),
        scope=fields.text("scope"),
        started_at=fields.time("started_at"),
        ends_at=fields.time("ends_at"),
    )


def _person(fields: Fields) -> str:
    return fields.optional_text("email") or fields.text("id")
