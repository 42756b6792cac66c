"""What a page is told of its session, and how it says that its actor is still at work."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from understudy.sdk.browser_sessions import BrowserSessions, token_of
from understudy.sdk.cache import Ended, Held
from understudy.sdk.later import Later
from understudy.sdk.runtime import Runtime
from understudy.sdk.same_site import cross_site_refusal
from understudy.sdk.values import Phase
from understudy.sdk.visit import Answer, Visit, json_answer
from understudy.sdk.wording import cause_text

TOUCH_SECONDS = 25.0
"""A session is touched no more often; the banner asks at most once in 30 s."""


class Staying:
    """Answers what pages ask of their session while it goes on. ``path`` is that of ``stay``."""

    def __init__(
        self, runtime: Callable[[], Runtime], sessions: BrowserSessions, *, path: str
    ) -> None:
        self._runtime = runtime
        self._sessions = sessions
        self._path = path

    def state(self, visit: Visit) -> Answer | Later:
        """The session as it stands; looking at it is no activity."""
        return self._look(visit, self._shown)

    def stay(self, visit: Visit) -> Answer | Later:
        """The same, once its idle end is put off."""

        def touched(found: Held | Ended) -> Answer:
            if isinstance(found, Held):
                _touch(self._runtime(), found, visit, self._path)
            return self._shown(found)

        # Otherwise any site could keep a session alive that its actor has left.
        return cross_site_refusal(visit) or self._look(visit, touched)

    def _look(self, visit: Visit, then: Callable[[Held | Ended], Answer]) -> Answer | Later:
        token = token_of(visit)
        if token is None:
            return _over(Ended(cause=None))
        return self._sessions.look(token, then)

    def _shown(self, found: Held | Ended) -> Answer:
        """As the banner shows it: until when it lasts at most, and until when if it rests."""
        if isinstance(found, Ended):
            return _over(found)
        times = times_of(found, self._runtime().monotonic())
        return json_answer({"active": True, "session": found.session.id, **times})


def times_of(found: Held, now: float) -> dict[str, str]:
    """Until when a session lasts at most, and until when if it rests; and the service's clock."""
    return {
        "ends_at": found.session.ends_at.isoformat(),
        "idle_ends_at": min(found.server_time(found.idle_until), found.session.ends_at).isoformat(),
        "server_now": found.server_time(now).isoformat(),
    }


def ending_facts(ended: Ended) -> dict[str, object]:
    """What the banner is told of an ending."""
    return {"cause": ended.cause, "message": cause_text(ended.cause)}


def _touch(runtime: Runtime, found: Held, visit: Visit, path: str) -> None:
    """Put off the idle end of a session whose actor is at work, never its end.

    It is an entry in the log, as everything is that counts as activity. A page of another session
    touches nothing, and what comes too soon after the last one is let go.
    """
    asked = visit.parameters().get("session", found.session.id)
    now = runtime.monotonic()
    if asked != found.session.id or now < found.touched_at + TOUCH_SECONDS:
        return
    found.touched_at = now
    found.idle_until = now + found.idle_seconds
    action = runtime.action(
        runtime.new_action_id(),
        Phase.COMPLETED,
        visit.method,
        path,
        path,
        HTTPStatus.OK,
        address=visit.address,
        user_agent=visit.header("user-agent"),
    )
    runtime.recorder.add(found.session.id, action, found.over_at)


def _over(ended: Ended) -> Answer:
    return json_answer({"active": False, **ending_facts(ended)})
