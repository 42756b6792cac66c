"""The guard's gateway before its process has opened anything: the first question opens it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.sessions import EndCause
from understudy.core.redaction.lifted import Lifted, Shown
from understudy.embedded.installation import Installation
from understudy.sdk.asks import Ask, Granted
from understudy.sdk.secret import Secret
from understudy.sdk.unlock.values import Asked, Spent
from understudy.sdk.user_says import UserSays
from understudy.sdk.values import Minted, News, Opened, Presented, RecordedAction


class LateGateway:
    """Hands every question to this process's ``InProcessGateway``, whose errors it raises.

    :raises SetupError: see ``Installation.engine``.
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def request(self, ask: Ask) -> Granted:
        """Ask for an impersonation in the name of an actor for whom the app vouches."""
        return self._installation.gateway().request(ask)

    def exchange(self, presented: Presented) -> Opened:
        """Turn an impersonation token into a session, once."""
        return self._installation.gateway().exchange(presented)

    def refresh(self, session_token: Secret) -> Opened:
        """The session as it is now."""
        return self._installation.gateway().refresh(session_token)

    def end(self, session_id: str, cause: EndCause) -> bool:
        """End a session; false while nothing can be written."""
        return self._installation.gateway().end(session_id, cause)

    def sessions_of(self, actor_ids: Set[str]) -> Sequence[str]:
        """The ids of the live sessions of these actors."""
        return self._installation.gateway().sessions_of(actor_ids)

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        """Write ``actions`` into the log, durably, before returning."""
        self._installation.gateway().record(session_id, actions, key=key)

    def minted(self) -> Sequence[Minted]:
        """What was made in sessions that are over and is to be revoked."""
        return self._installation.gateway().minted()

    def ask_unlock(self, session_id: str, write: Write, *, reason: str) -> Asked:
        """Ask that one blocked change be allowed."""
        return self._installation.gateway().ask_unlock(session_id, write, reason=reason)

    def reveal(self, session_id: str, lifted: Lifted, *, reason: str) -> Shown:
        """Ask that what a rule hides be shown for a while."""
        return self._installation.gateway().reveal(session_id, lifted, reason=reason)

    def spend(self, session_id: str, write: Write) -> Spent:
        """Use up what was allowed for exactly ``write``."""
        return self._installation.gateway().spend(session_id, write)

    def follow(self, last_event_id: str | None) -> Iterator[News]:
        """News of the application's sessions, with a beat each second."""
        return self._installation.gateway().follow(last_event_id)

    def tell(self, said: UserSays) -> Mapping[str, Any]:
        """Do, or look at, what a user says."""
        return self._installation.gateway().tell(said)

    def close(self) -> None:
        """End the news; the installation closes the rest."""
        self._installation.end_news()
