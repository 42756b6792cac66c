"""Endings on their way to the service: on a thread of their own, so that they wait for no action.

An ending is tried again until the service says that the session is over, unknown, or ended now;
and, where there are state files, by the next process too. Where the service could end the session
but not write that down, this process keeps the second copy: it repeats the ending until the log has
it.

The end of all sessions of actors is an ending as well: it looks for their sessions, each of which
then ends as any other does, and is done once it finds none. However many leave in a moment, one
look is for all of them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from understudy.core.impersonation.sessions import EndCause
from understudy.errors import NotFound, SessionOver, TokenInvalid, UnderstudyError
from understudy.last_resort import LastResort
from understudy.sdk import outbox
from understudy.sdk.ending import MOST, Ending, Kind
from understudy.sdk.gateway import Gateway
from understudy.sdk.secret import Secret
from understudy.sdk.state_file import StateFiles

_LOG = logging.getLogger("understudy")
LONGEST_SECONDS = 7_200.0
"""No session lives for longer than an hour, and an hour beyond its end nothing is tried again."""


class Endings:
    """The endings of one process; ``monotonic`` says when they are given up."""

    def __init__(
        self,
        *,
        gateway: Gateway,
        monotonic: Callable[[], float],
        state: StateFiles | None = None,
    ) -> None:
        self._gateway = gateway
        self._monotonic = monotonic
        self._state = state
        self._waiting: list[Ending] = []
        self._leavers: Ending | None = None
        self._changed = threading.Condition()
        self._keeping = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._given_up = False

    def end(self, session_id: str | None, token: Secret | None, cause: EndCause) -> Future[None]:
        """End a session; the future says when the service knows. Does not block."""
        return self._add(
            Ending(session_id=session_id, token=token, cause=cause, keep_until=self._keep_until())
        )

    def revoke_of(self, actor_id: str) -> None:
        """Revoke the live sessions of an actor. Does not block."""
        # A moment, in which a site that lets go of thousands can name them all.
        soon = time.monotonic() + outbox.FIRST_PAUSE
        with self._changed:
            ending = self._leavers
            if ending is None:
                ending = Ending(keep_until=self._keep_until(), not_before=soon)
                self._leavers = ending
                self._add(ending)
            if not ending.has_room_for(actor_id):
                _say_lost(1)
                return
            ending.actor_ids.add(actor_id)
            ending.kept = False
            ending.keep_until = self._keep_until()
            if soon < ending.not_before:
                ending.not_before = soon
                self._changed.notify_all()

    def resume(self) -> list[str]:
        """Take up what earlier processes could not end; the sessions that are known."""
        if self._state is None:
            return []
        found = list(self._state.endings(keep_until=self._keep_until()))
        for ending in found:
            self._add(ending)
        return [one.session_id for one in found if one.session_id is not None]

    def close(self, seconds: float) -> int:
        """Send what waits for at most ``seconds``; how many are lost, if there is no file."""
        with self._changed:
            self._closed = True
            for ending in self._waiting:
                ending.not_before = 0.0
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(seconds)
        self._given_up = True
        with self._changed:
            self._changed.notify_all()
            left = list(self._waiting)
        for ending in left:
            self._keep(ending)
        return sum(ending.count for ending in left if not ending.kept)

    def _keep_until(self) -> float:
        return self._monotonic() + LONGEST_SECONDS

    def _add(self, ending: Ending) -> Future[None]:
        ending.done.set_running_or_notify_cancel()  # nobody who waits for it may cancel it
        with self._changed:
            self._make_room(ending)
            self._waiting.append(ending)
            if self._thread is None:
                # Not before there is something to send: servers load the app, and then fork.
                self._thread = threading.Thread(
                    target=self._run, name="understudy-endings", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()
        return ending.done

    def _make_room(self, ending: Ending) -> None:
        alike = [one for one in self._waiting if one.kind is ending.kind]
        if len(alike) >= MOST[ending.kind]:
            self._lose(alike[0])

    def _run(self) -> None:
        while not self._given_up:
            with self._changed:
                ending = self._next()
            if ending is None:
                return
            with LastResort(_LOG, "Ending failed unexpectedly", action="send_ending"):
                self._attempt(ending)
                continue
            ending.postpone(hurried=self._closed)

    def _next(self) -> Ending | None:
        while not self._given_up:
            now = time.monotonic()
            due = min(self._waiting, key=lambda one: one.not_before, default=None)
            if due is not None and due.not_before <= now:
                return due
            if due is None and self._closed:
                return None
            self._changed.wait(due.not_before - now if due is not None else None)
        return None

    def _attempt(self, ending: Ending) -> None:
        logged = True
        try:
            logged = self._tell(ending)
        except UnderstudyError as error:
            over_or_never_there = isinstance(error, SessionOver | TokenInvalid | NotFound)
            if ending.kind is Kind.ACTORS or not over_or_never_there:
                self._failed(ending, error)
                return
        if logged or self._monotonic() >= ending.keep_until:
            self._settle(ending)
            return
        ending.tell()
        ending.postpone(hurried=self._closed)
        self._keep(ending)

    def _failed(self, ending: Ending, error: UnderstudyError) -> None:
        if self._monotonic() >= ending.keep_until:
            self._lose(ending)
            return
        _LOG.warning(
            "An ending is not known to Understudy yet: %s",
            error.code,
            extra={"action": "retry_ending", "code": error.code},
        )
        ending.postpone(hurried=self._closed)
        self._keep(ending)

    def _tell(self, ending: Ending) -> bool:
        """Whether the log has it now."""
        if ending.kind is Kind.ACTORS:
            return self._look(ending)
        if ending.session_id is None and ending.token is not None:
            ending.session_id = self._gateway.refresh(ending.token).session.id
        return ending.session_id is None or self._gateway.end(ending.session_id, ending.cause)

    def _look(self, ending: Ending) -> bool:
        """Whether nobody who is to have none has a session; else each of them ends by itself."""
        with self._changed:
            ending.asked_for, ending.actor_ids = ending.everybody, set()
        found = self._gateway.sessions_of(ending.asked_for)
        with self._changed:
            self._revoke(found)
            if not found:
                ending.asked_for, ending.pause = set(), 0.0
            if ending.everybody:
                return False
            if self._leavers is ending:
                self._leavers = None
            return True

    def _revoke(self, session_ids: Sequence[str]) -> None:
        ends_already = {one.session_id for one in self._waiting}
        for session_id in session_ids:
            if session_id not in ends_already:
                self.end(session_id, None, EndCause.REVOKED)

    def _keep(self, ending: Ending) -> None:
        # At its first failure and not at the stop, which need not be a graceful one.
        if self._state is None:
            return
        # One at a time: the thread may be at it when the process stops.
        with self._keeping:
            if ending.kept:
                return
            with self._changed:
                actor_ids = ending.everybody
            kept = self._state.keep_ending(ending, actor_ids=actor_ids)
            with self._changed:
                ending.kept = kept and ending.everybody == actor_ids

    def _settle(self, ending: Ending) -> None:
        with self._changed:
            if ending in self._waiting:
                self._waiting.remove(ending)
            if self._leavers is ending:
                self._leavers = None
        if self._state is not None:
            self._state.forget_ending(ending)
        ending.tell()

    def _lose(self, ending: Ending) -> None:
        _say_lost(ending.count)
        self._settle(ending)


def _say_lost(count: int) -> None:
    _LOG.error(
        "Understudy was not reached for long: %d endings are lost",
        count,
        extra={"action": "give_up_ending", "lost": count},
    )
