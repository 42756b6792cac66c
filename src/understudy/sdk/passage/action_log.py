"""What the log is told of one request or one live connection."""

from __future__ import annotations

from http import HTTPStatus

from understudy.errors import SessionOver, UnderstudyError
from understudy.sdk.cache import Held
from understudy.sdk.guard import UNAVAILABLE, Refuse
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import Steps, Wait
from understudy.sdk.problems import cause_of
from understudy.sdk.runtime import Runtime
from understudy.sdk.values import Phase, RecordedAction

INTENT_SECONDS = 2.5
"""How long an action may wait until the log has its intent."""


class ActionLog:
    """One action under one id: intended, then completed or blocked. It is told once how it went.

    With ``kept`` False a completion without fault stays out of the log.
    """

    __slots__ = ("_began", "_held", "_id", "_request", "_runtime", "is_kept", "is_told")

    def __init__(self, runtime: Runtime, held: Held, request: Request, *, kept: bool) -> None:
        self.is_kept = kept
        self._runtime = runtime
        self._held = held
        self._request = request
        self._id = runtime.new_action_id()
        self._began = runtime.monotonic()
        self.is_told = False

    def intend(self) -> Steps[Refuse | None]:
        """Record the intent; why the action may not begin, or None once the log has it."""
        action = self._action(Phase.INTENDED)
        session_id = self._held.session.id
        recorder = self._runtime.recorder
        begins = False
        try:
            # Not through the outbox: the action begins only once the service has said that this is
            # durable.
            future = self._runtime.calls.submit(lambda: recorder.intend(session_id, action))
            yield Wait(future, INTENT_SECONDS)
            if future.done():
                future.result()
                begins = True
                return None
        except SessionOver as over:
            self.is_told = True  # the log has nothing of it, and will not take anything more
            ended = self._runtime.cache.close(session_id, cause_of(over))
            return Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=ended)
        except UnderstudyError as error:
            del error
        finally:
            if not begins:
                # Also when the driver has given up. The intent may stand in the log all the same,
                # so it is told what became of it.
                self.completed(HTTPStatus.SERVICE_UNAVAILABLE)
        return UNAVAILABLE

    def completed(
        self, status: int | None, route: str | None = None, rule: str | None = None
    ) -> None:
        """It was carried out, and answered with ``status``; ``rule`` is what was wrong with that.

        Whoever changed something reads in the log how it went, also when they were not told.
        """
        # Faults are told of whatever is unrecorded: noise may be left out, trouble may not.
        if not self.is_kept and status is not None and status < HTTPStatus.BAD_REQUEST:
            return
        if self.is_told:
            return
        milliseconds = int((self._runtime.monotonic() - self._began) * 1000)
        self._tell(self._action(Phase.COMPLETED, route, status, milliseconds, rule))

    def blocked(self, status: int, rule: str, table: str | None = None) -> None:
        """It was refused by ``rule``; ``table`` is what was to be changed, where that is known."""
        if not self.is_told:
            action = self._action(Phase.BLOCKED, None, status, None, rule)
            self._tell(action if table is None else action._replace(table=table))

    def _tell(self, action: RecordedAction) -> None:
        self.is_told = True
        self._runtime.recorder.add(self._held.session.id, action, self._held.over_at)

    def _action(
        self,
        phase: Phase,
        route: str | None = None,
        status: int | None = None,
        milliseconds: int | None = None,
        rule: str | None = None,
    ) -> RecordedAction:
        request = self._request
        return self._runtime.action(
            self._id,
            phase,
            request.method,
            request.path,
            route,
            status,
            milliseconds,
            rule,
            request.address,
            request.headers.get("user-agent"),
        )
