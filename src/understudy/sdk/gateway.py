"""The way from the SDK to Understudy: over HTTP (``sdk.remote``), in process, or a test double.

Every verb is synchronous and may block; adapters call it off their event loop. Whatever cannot be
done raises ``errors.Unavailable``, or an error that says what the service refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.secret import Secret
from understudy.sdk.values import News, Opened, Presented, RecordedAction


class Gateway(Protocol):
    """What one application asks of Understudy."""

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

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        """Write ``actions`` into the log before returning. ``key`` makes repeats harmless.

        :raises SessionOver: an intent for a session that is over, with its ``cause``.
        """

    def follow(self, last_event_id: str | None) -> Iterator[News]:
        """News of the application's sessions as they happen, with a beat each second.

        The first beat says that the stream stands. Ends or raises when it breaks.
        """

    def close(self) -> None:
        """Let go of connections."""
