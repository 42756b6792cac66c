"""Endings on their way to the service: on a thread of their own, so that they wait for no action.

An ending is tried again until the service says that the session is over, unknown, or ended now;
and, where there are state files, by the next process too. Where the service could end the session
but not write that down, this process keeps the second copy: it repeats the ending until the log has
it.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from understudy.core.impersonation.sessions import EndCause
from understudy.errors import NotFound, SessionOver, TokenInvalid, UnderstudyError
from understudy.last_resort import LastResort
from understudy.sdk import outbox
from understudy.sdk.gateway import Gateway
from understudy.sdk.secret import Secret
from understudy.sdk.state_file import StateFiles

_LOG = logging.getLogger("understudy")
MAX_ENDINGS = 10_000
MAX_BY_TOKEN = 1_000
"""Endings of which only a token is known, which anybody may make up."""
LONGEST_SECONDS = 7_200.0
"""No session lives for longer than an hour, and an hour beyond its end nothing is tried again."""


@dataclass(kw_only=True)
class Ending:
    """``session_id`` is None while only the token is known: then the service is asked for it."""

    session_id: str | None
    token: Secret | None
    cause: EndCause
    keep_until: float
    name: str
    done: Future[None] = field(default_factory=Future)
    not_before: float = 0.0
    pause: float = 0.0
    kept: bool = False

    def tell(self) -> None:
        """Let whoever waits know that the session is over."""
        if not self.done.done():
            self.done.set_result(None)


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
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._given_up = False

    def end(self, session_id: str | None, token: Secret | None, cause: EndCause) -> Future[None]:
        """End a session; the future says when the service knows. Does not block."""
        return self._add(session_id, token, cause, name=secrets.token_hex(16), kept=False)

    def resume(self) -> list[str]:
        """Take up what earlier processes could not end; the sessions that are known."""
        found = list(self._state.endings()) if self._state is not None else []
        for name, session_id, token, cause in found:
            self._add(session_id, token, cause, name=name, kept=True)
        return [session_id for _, session_id, _, _ in found if session_id is not None]

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
        return sum(not ending.kept for ending in left)

    def _add(
        self,
        session_id: str | None,
        token: Secret | None,
        cause: EndCause,
        *,
        name: str,
        kept: bool,
    ) -> Future[None]:
        ending = Ending(
            session_id=session_id,
            token=token,
            cause=cause,
            keep_until=self._monotonic() + LONGEST_SECONDS,
            name=name,
            kept=kept,
        )
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
        alike = [
            one for one in self._waiting if (one.session_id is None) == (not ending.session_id)
        ]
        if len(alike) >= (MAX_ENDINGS if ending.session_id is not None else MAX_BY_TOKEN):
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
            self._postpone(ending)

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
        except (SessionOver, TokenInvalid, NotFound):
            pass  # over already, or never there
        except UnderstudyError as error:
            if self._monotonic() >= ending.keep_until:
                self._lose(ending)
                return
            _LOG.warning(
                "An ending is not known to Understudy yet: %s",
                error.code,
                extra={"action": "retry_ending", "code": error.code},
            )
            self._postpone(ending)
            self._keep(ending)
            return
        if logged or self._monotonic() >= ending.keep_until:
            self._settle(ending)
            return
        ending.tell()
        self._postpone(ending)
        self._keep(ending)

    def _tell(self, ending: Ending) -> bool:
        """Whether the log has it now."""
        if ending.session_id is None and ending.token is not None:
            ending.session_id = self._gateway.refresh(ending.token).session.id
        return ending.session_id is None or self._gateway.end(ending.session_id, ending.cause)

    def _postpone(self, ending: Ending) -> None:
        ending.pause = min(ending.pause * 2, outbox.LONGEST_PAUSE) or outbox.FIRST_PAUSE
        pause = outbox.FIRST_PAUSE if self._closed else ending.pause
        ending.not_before = time.monotonic() + pause

    def _keep(self, ending: Ending) -> None:
        # At its first failure and not at the stop, which need not be a graceful one.
        if self._state is not None and not ending.kept:
            ending.kept = self._state.keep_ending(
                ending.name, session_id=ending.session_id, token=ending.token, cause=ending.cause
            )

    def _settle(self, ending: Ending) -> None:
        with self._changed:
            if ending in self._waiting:
                self._waiting.remove(ending)
        if ending.kept and self._state is not None:
            self._state.forget_ending(ending.name)
        ending.tell()

    def _lose(self, ending: Ending) -> None:
        _LOG.error(
            "Understudy was not reached for long: 1 ending is lost",
            extra={"action": "give_up_ending", "lost": 1},
        )
        self._settle(ending)
