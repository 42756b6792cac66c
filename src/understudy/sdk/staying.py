"""What a page is told of its session, and how it says that its actor is still at work."""

from __future__ import annotations

from http import HTTPStatus

from understudy.sdk.cache import Ended, Held
from understudy.sdk.runtime import Runtime
from understudy.sdk.values import Phase
from understudy.sdk.visit import Answer, Visit, json_answer
from understudy.sdk.wording import cause_text

TOUCH_SECONDS = 25.0
"""A session is touched no more often; the banner asks at most once in 30 s."""


def state_answer(found: object, runtime: Runtime | None) -> Answer:
    """A session as its banner shows it: until when it lasts at most, and until when if it rests."""
    if not isinstance(found, Held) or runtime is None:
        ended = found if isinstance(found, Ended) else Ended(cause=None)
        return json_answer({"active": False, **ending_facts(ended)})
    idle_ends_at = min(found.server_time(found.idle_until), found.session.ends_at)
    return json_answer(
        {
            "active": True,
            "session": found.session.id,
            "ends_at": found.session.ends_at.isoformat(),
            "idle_ends_at": idle_ends_at.isoformat(),
            "server_now": found.server_time(runtime.monotonic()).isoformat(),
        }
    )


def ending_facts(ended: Ended) -> dict[str, object]:
    """What the banner is told of an ending."""
    return {"cause": ended.cause, "message": cause_text(ended.cause)}


def touch(runtime: Runtime, found: object, visit: Visit, path: str) -> None:
    """Put off the idle end of a session whose actor is at work, never its end.

    It is an entry in the log, as everything is that counts as activity. A page of another session
    touches nothing, and what comes too soon after the last one is let go.
    """
    if not isinstance(found, Held):
        return
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
