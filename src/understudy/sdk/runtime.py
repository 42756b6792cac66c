"""What one process of the app keeps: cache, connections and threads. Never crosses a fork."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from itertools import count

from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.at_work import AT_WORK
from understudy.sdk.cache import Ended, Held, SessionCache
from understudy.sdk.calls import Calls
from understudy.sdk.closing import close_at_exit, need_not_close
from understudy.sdk.follower import Follower
from understudy.sdk.gateway import Gateway
from understudy.sdk.guard import Guard
from understudy.sdk.pulse import Pulse
from understudy.sdk.read_only import ReadOnlyPolicy
from understudy.sdk.recorder import Recorder
from understudy.sdk.secret import Secret
from understudy.sdk.sessions import Sessions
from understudy.sdk.state_file import StateFiles
from understudy.sdk.unasked import Unasked
from understudy.sdk.undoing import Revoke, Undoing
from understudy.sdk.unlock.values import Spent
from understudy.sdk.values import Opened, Phase, RecordedAction

CLOSING_SECONDS = 2.0


class Runtime:
    """Made by the process that uses it. No thread starts before there is something to do."""

    def __init__(
        self,
        *,
        gateway: Gateway,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        random_text: Callable[[], str],
        read_only: ReadOnlyPolicy | None,
        state: StateFiles | None = None,
        load: Callable[[], object] | None = None,
        revoke: Revoke | None = None,
        begun: Callable[[Opened], None] | None = None,
    ) -> None:
        self.pid = os.getpid()
        self.gateway = gateway
        self.clock = clock
        self.monotonic = monotonic
        self.pulse = Pulse()
        self.cache = SessionCache(pulse=self.pulse, monotonic=monotonic)
        self.sessions = Sessions(
            gateway=gateway,
            cache=self.cache,
            pulse=self.pulse,
            monotonic=monotonic,
            new_attempt=random_text,
            begun=begun,
        )
        self.calls = Calls()
        self.recorder = Recorder(
            gateway=gateway, new_key=random_text, monotonic=monotonic, state=state
        )
        self.guard = Guard(
            cache=self.cache,
            monotonic=monotonic,
            recorder_full=self.recorder.is_full,
            read_only=read_only,
        )
        self.unasked = Unasked()
        self._follower: Follower | None = None
        # A process's own prefix and a counter: unique, and cheaper than chance for each request.
        self._action_prefix = random_text()[:16]
        self._action_numbers = count(1)
        self._open = True
        self._load = load
        self._undoing = (
            Undoing(gateway=gateway, revoke=revoke, clock=clock, new_key=random_text)
            if revoke is not None
            else None
        )

    @property
    def is_loaded(self) -> bool:
        """Whether the service can be asked at once; else the first question waits for an import."""
        return self._load is None

    def follow(self) -> None:
        """Hear of endings from now on; called before the first session is asked for."""
        if self._follower is None and self._open:
            self._follower = Follower(
                gateway=self.gateway,
                cache=self.cache,
                pulse=self.pulse,
                monotonic=self.monotonic,
                over=self._undoing.look if self._undoing is not None else None,
            )
            self._follower.start()
            if self._undoing is not None:
                self._undoing.start()
            close_at_exit(self.close)
            self.resume()

    def resume(self) -> None:
        """Take up what an earlier process left: what it was to end is over here at once."""
        for session_id in self.recorder.resume():
            self.cache.close(session_id, EndCause.ENDED_BY_ACTOR)

    def new_action_id(self) -> str:
        """An id for the next recorded action."""
        return f"{self._action_prefix}-{next(self._action_numbers)}"

    def ask(self, token: Secret, key: bytes) -> Future[Held | Ended]:
        """The service's word on the session behind ``token``; who asks meanwhile shares it.

        :raises Unavailable: too many calls are waiting.
        """
        # The stream first: an ending between the answer and the first news would be missed.
        self.follow()
        return self.calls.share(key, partial(self._refresh, token))

    def _refresh(self, token: Secret) -> Held | Ended:
        load = self._load
        if load is not None:
            load()
            self._load = None
        return self.sessions.refresh(token)

    def end(self, held: Held, cause: EndCause) -> Future[None]:
        """End a session for this process at once, and for everybody as soon as can be.

        What comes back is done once the service has heard of it.
        """
        # First, so that not one more request is served while the service is being told.
        self.cache.close(held.session.id, cause, held=held)
        return self.recorder.end(held.session.id, None, cause)

    def spend(self, held: Held, write: Write) -> Future[Spent]:
        """Use up what was allowed for exactly ``write`` in this session, if it was.

        :raises Unavailable: too many calls are waiting.
        """
        return self.calls.submit(partial(self.gateway.spend, held.session.id, write))

    def revoke_of(self, actor_id: str) -> None:
        """Revoke all live sessions of an actor as soon as can be. Does not block."""
        # For its closing as well: a process that is short-lived tells the service before its end.
        self.follow()
        self.recorder.revoke_of(actor_id)

    def action(  # noqa: PLR0917  (one call for each request: keywords cost half as much again)
        self,
        action_id: str,
        phase: Phase,
        method: str,
        path: str,
        route: str | None = None,
        status: int | None = None,
        duration_ms: int | None = None,
        rule: str | None = None,
        address: str | None = None,
        user_agent: str | None = None,
    ) -> RecordedAction:
        """What the log shall say of a request; the recorder cleans it."""
        return RecordedAction(
            action_id,
            phase,
            self.clock(),
            method,
            path,
            route,
            status,
            duration_ms,
            rule,
            address,
            user_agent,
        )

    def close(self) -> None:
        """Send what was recorded, stop the threads, let go of the connections."""
        # A forked child has the parent's threads and connections by name only.
        if self.pid != os.getpid() or not self._open:
            return
        self._open = False
        need_not_close(self.close)
        # The recorder first, while the gateway can still be reached; the follower's connection is
        # closed under it, as it would wait for the next beat otherwise.
        self.recorder.close(CLOSING_SECONDS)
        AT_WORK.leaves(self.cache)
        self.calls.close()
        if self._undoing is not None:
            self._undoing.stop()
        if self._follower is not None:
            self._follower.stop()
        self.gateway.close()
        if self._follower is not None:
            self._follower.join(CLOSING_SECONDS)
        if self._undoing is not None:
            self._undoing.join(CLOSING_SECONDS)
