"""The way from the SDK to Understudy: over HTTP (``sdk.remote``), in process, or a test double.

Every verb is synchronous and may block; adapters call it off their event loop. Whatever cannot be
done raises ``errors.Unavailable``, or an error that says what the service refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, Protocol

from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.sessions import EndCause
from understudy.core.redaction.lifted import Lifted, Shown
from understudy.sdk.asks import Ask, Granted
from understudy.sdk.secret import Secret
from understudy.sdk.unlock.values import Asked, Spent
from understudy.sdk.user_says import UserSays
from understudy.sdk.values import Minted, News, Opened, Presented, RecordedAction


class Gateway(Protocol):
    """What one application asks of Understudy."""

    def request(self, ask: Ask) -> Granted:
        """Ask for an impersonation, in the name of an actor for whom the app vouches.

        :raises Refused: a rule says no.
        :raises InvalidInput: an id or a name is no text.
        """

    def exchange(self, presented: Presented) -> Opened:
        """Turn an impersonation token into a session, once.

        :raises TokenInvalid: unknown, expired, used, foreign, or bound to something else.
        :raises Refused: a rule says no by now.
        """

    def refresh(self, session_token: Secret) -> Opened:
        """The session as it is now; does not prolong it, and is no activity.

        :raises TokenInvalid: no such session.
        :raises SessionOver: it has ended; the fact ``cause`` says why.
        """

    def end(self, session_id: str, cause: EndCause) -> bool:
        """End a session; harmless when it is over already.

        True once that is in the log. False while the session is over and the log cannot take it:
        repeat it then, for the other side may lose what it keeps until it can.
        """

    def sessions_of(self, actor_ids: Set[str]) -> Sequence[str]:
        """The ids of the live sessions of these actors, by as few calls as can be."""

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        """Write ``actions`` into the log before returning. ``key`` makes repeats harmless, those
        of a whole in parts as well (``sdk.part_keys``).

        :raises SessionOver: an intent for a session that is over, with its ``cause``.
        """

    def minted(self) -> Sequence[Minted]:
        """What was made in sessions that are over and is to be revoked, oldest first, or a part.

        What was revoked is recorded as ``UNDONE`` under the same id. A service of before knows
        of nothing.
        """

    def ask_unlock(self, session_id: str, write: Write, *, reason: str) -> Asked:
        """Ask that one blocked change be allowed.

        :raises Refused: a rule says no.
        :raises InvalidInput: a reason that is none.
        """

    def reveal(self, session_id: str, lifted: Lifted, *, reason: str) -> Shown:
        """Ask that what a rule hides be shown in a session for a while; never sent twice.

        :raises Refused: a rule says no.
        :raises InvalidInput: a reason or an address that is none.
        """

    def spend(self, session_id: str, write: Write) -> Spent:
        """Use up what was allowed for exactly ``write``; never sent twice.

        :raises SessionOver: it has ended.
        """

    def follow(self, last_event_id: str | None) -> Iterator[News]:
        """News of the application's sessions as they happen, with a beat each second.

        The first beat says that the stream stands. Ends or raises when it breaks.
        """

    def tell(self, said: UserSays) -> Mapping[str, Any]:
        """Do, or look at, what a user says, for whom the app vouches; the answer as the API has it.

        :raises UnderstudyError: the service refuses, or cannot be reached.
        """

    def close(self) -> None:
        """Let go of connections."""
