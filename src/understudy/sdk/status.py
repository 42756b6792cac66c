"""What an app's own scripts are told of whom the browser works as."""

from __future__ import annotations

from collections.abc import Callable

from understudy.sdk.browser_sessions import BrowserSessions, token_of
from understudy.sdk.cache import Ended, Held
from understudy.sdk.later import Later
from understudy.sdk.runtime import Runtime
from understudy.sdk.staying import ending_facts, times_of
from understudy.sdk.values import ActiveSession
from understudy.sdk.visit import Answer, Visit, json_answer


class Status:
    """Answers visits to the status. It names no secret, and nothing that a page of the subject must
    not know: the reason and the ticket are the staff's.
    """

    def __init__(self, runtime: Callable[[], Runtime], sessions: BrowserSessions) -> None:
        self._runtime = runtime
        self._sessions = sessions

    def status(self, visit: Visit) -> Answer | Later:
        """Whom the browser works as; the service is asked only where its lease has run out."""
        token = token_of(visit)
        if token is None:
            return json_answer({"impersonating": False})
        return self._sessions.look(token, self._told)

    def _told(self, found: Held | Ended) -> Answer:
        if isinstance(found, Ended):
            return json_answer({"impersonating": False, **ending_facts(found)})
        now = self._runtime().monotonic()
        return json_answer({"impersonating": True, **_facts(found.session), **times_of(found, now)})


def _facts(session: ActiveSession) -> dict[str, object]:
    subject, actor, restrictions = session.subject, session.actor, session.restrictions
    return {
        "session": session.id,
        "subject": {"id": subject.id, "email": subject.email, "name": subject.name},
        "actor": {"id": actor.id, "email": actor.email, "name": actor.name},
        "scope": restrictions.scope,
        "blocked_actions": [
            {"method": action.method, "pattern": action.pattern, "label": action.label}
            for action in restrictions.blocked_actions
        ],
    }
