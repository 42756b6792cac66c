"""What the log is told of one request or one live connection."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from understudy.contrib.asgi.reading import client_address
from understudy.contrib.asgi.types import Scope
from understudy.contrib.asgi.waiting import is_done
from understudy.errors import SessionOver, UnderstudyError
from understudy.sdk.cache import Held
from understudy.sdk.guard import UNAVAILABLE, Refuse
from understudy.sdk.problems import cause_of
from understudy.sdk.runtime import Runtime
from understudy.sdk.values import Phase, RecordedAction

INTENT_SECONDS = 2.5


class ActionLog:
    """One action under one id: intended, then completed or blocked. It is told once how it went.

    With ``kept`` False a completion without fault stays out of the log.
    """

    def __init__(
        self, runtime: Runtime, held: Held, scope: Scope, *, method: str, kept: bool = True
    ) -> None:
        self._kept = kept
        self._runtime = runtime
        self._held = held
        self._scope = scope
        self._method = method
        self._id = runtime.new_action_id()
        self._began = runtime.monotonic()
        self._told = False

    async def intend(self) -> Refuse | None:
        """Record the intent; why the action may not begin, or None once the log has it."""
        action = self._action(Phase.INTENDED)
        session_id = self._held.session.id
        recorder = self._runtime.recorder
        try:
            future = self._runtime.calls.submit(lambda: recorder.intend(session_id, action))
            if await is_done(future, INTENT_SECONDS):
                future.result()
                return None
        except SessionOver as over:
            ended = self._runtime.cache.close(session_id, cause_of(over))
            return Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=ended)
        except UnderstudyError as error:
            del error
        # The intent may stand in the log all the same, so it is told what became of it.
        self.completed(HTTPStatus.SERVICE_UNAVAILABLE)
        return UNAVAILABLE

    def completed(self, status: int | None, route: str | None = None) -> None:
        """It was carried out, and answered with ``status``."""
        if not self._kept and status is not None and status < HTTPStatus.BAD_REQUEST:
            return
        milliseconds = int((self._runtime.monotonic() - self._began) * 1000)
        self._tell(Phase.COMPLETED, route, status, milliseconds)

    def blocked(self, status: int, rule: str) -> None:
        """It was refused by ``rule``."""
        self._tell(Phase.BLOCKED, None, status, None, rule)

    def _tell(
        self,
        phase: Phase,
        route: str | None,
        status: int | None,
        milliseconds: int | None,
        rule: str | None = None,
    ) -> None:
        if not self._told:
            self._told = True
            action = self._action(phase, route, status, milliseconds, rule)
            self._runtime.recorder.add(self._held.session.id, action)

    def _action(
        self,
        phase: Phase,
        route: str | None = None,
        status: int | None = None,
        milliseconds: int | None = None,
        rule: str | None = None,
    ) -> RecordedAction:
        scope = self._scope
        agent = next((value for name, value in scope["headers"] if name == b"user-agent"), None)
        return self._runtime.action(
            self._id,
            phase,
            self._method,
            scope["path"],
            route,
            status,
            milliseconds,
            rule,
            client_address(scope),
            agent.decode("latin-1") if agent is not None else None,
        )


def route_of(scope: Scope) -> str | None:
    """The pattern of the route that the framework chose, without values."""
    with suppress(AttributeError):
        path = scope["route"].path if "route" in scope else scope.get("path_template")
        return path if isinstance(path, str) else None
    return None
