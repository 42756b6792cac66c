"""Impersonation in the tests of your own app, without a service.

::

    gateway = FakeGateway()
    app.add_middleware(UnderstudyMiddleware, understudy=gateway.understudy(), load_user=get_user)

    session = gateway.open(subject_id="42", actor_name="Sam from Support")
    client.get("/orders", headers=session.headers)
    assert [action.path for action in gateway.actions(session.id)] == ["/orders"]

    gateway.revoke(session.id)
    assert client.get("/orders", headers=session.headers).status_code == 401

Nothing is sent anywhere. Recorded actions arrive a moment after the response, as they do in
earnest: ``actions`` waits for them.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from understudy.core.impersonation.restrictions import BlockedAction, Restrictions, Scope
from understudy.core.impersonation.sessions import LEASE, EndCause
from understudy.errors import NotFound, SessionOver, TokenInvalid, Unavailable
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.launch import Client
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import (
    ActiveSession,
    Actor,
    Beat,
    News,
    Opened,
    Organization,
    Phase,
    Presented,
    RecordedAction,
    SessionClosed,
    Subject,
    Wire,
)

ISSUER = "https://understudy.test"
PATIENCE_SECONDS = 5.0
HEARD_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class FakeSession:
    """A session that a test has opened. ``headers`` are those of the actor's browser."""

    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What makes a request belong to the session."""
        return {"Cookie": f"{OVERLAY}={self.token}"}


class _Follower:
    """One stream of news: what was told and is not yet taken in."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[News | None] = queue.SimpleQueue()
        self.unheard = 0
        self.listening = False

    def tell(self, news: News | None) -> None:
        """Put ``news`` on the stream; None ends it."""
        self.unheard += news is not None
        self._queue.put(news)

    def next(self) -> News | None:
        """The next news, or a beat when there is none for a second."""
        try:
            return self._queue.get(timeout=1)
        except queue.Empty:
            return Beat(index=1)


class FakeGateway:
    """Stands in for Understudy. Keeps everything in memory; safe to use from any thread.

    ``reachable`` turns the whole service off and on, ``streaming`` only its news.
    """

    def __init__(self, *, clock: Callable[[], datetime] | None = None) -> None:
        self.clock = clock or (lambda: datetime.now(UTC))
        self.reachable = True
        self.streaming = True
        self.calls: list[str] = []
        self._numbers = count(1)
        self._sessions: dict[str, ActiveSession] = {}
        self._tokens: dict[str, str] = {}
        self._offers: dict[str, tuple[str, Presented, str | None]] = {}
        self._over: dict[str, EndCause] = {}
        self._recorded: list[tuple[str, RecordedAction]] = []
        self._keys: set[str] = set()
        self._followers: set[_Follower] = set()
        self._changed = threading.Condition()

    def understudy(self) -> Understudy:
        """The handle that goes into the app's middleware."""
        return Understudy(
            connect=lambda: self,
            client=Client(issuer=ISSUER, client_id="app_test", key=Secret("a key for tests")),
        )

    def open(
        self,
        *,
        subject_id: str = "42",
        subject_email: str | None = "ada@customer.test",
        subject_name: str | None = "Ada Customer",
        roles: Sequence[str] = (),
        actor_id: str = "opr_sam",
        actor_email: str | None = "sam@support.test",
        actor_name: str | None = "Sam Support",
        organization: Organization | None = None,
        scope: Scope = Scope.FULL,
        blocked_actions: Sequence[BlockedAction] = (),
        reason: str = "Ticket 1: cannot see the invoice",
        ticket: str | None = "T-1",
        minutes: float = 30,
        idle_minutes: float = 10,
    ) -> FakeSession:
        """A live session of an actor as a subject."""
        number = next(self._numbers)
        now = self.clock()
        session = ActiveSession(
            id=f"ses_{number:08}",
            grant_id=f"grt_{number:08}",
            application_id="app_test",
            actor=Actor(kind="operator", id=actor_id, email=actor_email, name=actor_name),
            subject=Subject(
                id=subject_id, email=subject_email, name=subject_name, roles=tuple(roles)
            ),
            organization=organization,
            reason=reason,
            ticket=ticket,
            restrictions=Restrictions(scope=scope, blocked_actions=tuple(blocked_actions)),
            started_at=now,
            ends_at=now + timedelta(minutes=minutes),
            idle_ends_at=now + timedelta(minutes=idle_minutes),
            last_active_at=now,
        )
        token = f"uss_{number:043}"
        self._sessions[session.id] = session
        self._tokens[token] = session.id
        return FakeSession(id=session.id, token=token)

    def offer(
        self,
        session: FakeSession,
        *,
        wire: Wire = Wire.NATIVE,
        code_verifier: str | None = None,
        redirect_uri: str | None = None,
        return_to: str | None = None,
    ) -> str:
        """An impersonation token that is exchanged for ``session``, once, on its own wire."""
        token = f"usi_{next(self._numbers):043}"
        presented = Presented(
            token=Secret(token),
            wire=wire,
            code_verifier=Secret(code_verifier) if code_verifier else None,
            redirect_uri=redirect_uri,
        )
        self._offers[token] = (session.token, presented, return_to)
        return token

    def revoke(self, session_id: str, cause: EndCause = EndCause.REVOKED) -> None:
        """End a session as somebody else would. Returns once the app has heard of it."""
        with self._changed:
            if session_id in self._over:
                return
            self._over[session_id] = cause
            closed = SessionClosed(
                session_id=session_id, cause=cause, event_id=str(len(self._over))
            )
            followers = set(self._followers)
            for follower in followers:
                follower.tell(closed)
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: all(follower.unheard == 0 for follower in followers), HEARD_SECONDS
            )

    def ended(self, session_id: str) -> EndCause | None:
        """Why the session is over; None while it lives. Waits for nothing."""
        return self._over.get(session_id)

    def wait_until_ended(self, session_id: str) -> EndCause:
        """Why the session is over, once it is.

        :raises TimeoutError: it goes on.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: session_id in self._over, PATIENCE_SECONDS):
                raise TimeoutError(f"session {session_id} goes on")
            return self._over[session_id]

    def actions(
        self, session_id: str, *, at_least: int = 1, phase: Phase | None = None
    ) -> list[RecordedAction]:
        """What was recorded in a session, in order, once there are ``at_least`` so many.

        :raises TimeoutError: fewer arrived.
        """

        def found() -> list[RecordedAction]:
            return [
                action
                for recorded_in, action in self._recorded
                if recorded_in == session_id and phase in (None, action.phase)
            ]

        with self._changed:
            if not self._changed.wait_for(lambda: len(found()) >= at_least, PATIENCE_SECONDS):
                raise TimeoutError(f"only {len(found())} of {at_least} actions arrived")
            return found()

    def break_streams(self) -> None:
        """Cut the streams of news; the app connects again if ``streaming``."""
        with self._changed:
            for follower in self._followers:
                follower.tell(None)

    def wait_for_followers(self) -> None:
        """Return once the app hears the news.

        :raises TimeoutError: it does not connect.
        """
        with self._changed:
            if not self._changed.wait_for(self._is_followed, PATIENCE_SECONDS):
                raise TimeoutError("nobody follows the news")

    def wait_for_calls(self, verb: str, *, at_least: int) -> None:
        """Return once the app has asked for ``verb`` so often.

        :raises TimeoutError: it does not.
        """

        def enough() -> bool:
            return self.calls.count(verb) >= at_least

        with self._changed:
            if not self._changed.wait_for(enough, PATIENCE_SECONDS):
                raise TimeoutError(f"{verb} was asked for {self.calls.count(verb)} times")

    def exchange(self, presented: Presented) -> Opened:
        """See ``sdk.gateway.Gateway``."""
        self._called("exchange")
        token = presented.token.reveal()
        offer = self._offers.get(token)
        if offer is None or offer[1].wire is not presented.wire:
            raise TokenInvalid
        del self._offers[token]
        if offer[1] != presented:
            raise TokenInvalid
        return replace(self._opened(offer[0]), return_to=offer[2])

    def refresh(self, session_token: Secret) -> Opened:
        """See ``sdk.gateway.Gateway``."""
        self._called("refresh")
        return self._opened(session_token.reveal())

    def end(self, session_id: str, cause: EndCause) -> None:
        """See ``sdk.gateway.Gateway``."""
        self._called("end")
        self.revoke(session_id, cause)

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        """See ``sdk.gateway.Gateway``."""
        self._called("record")
        if session_id not in self._sessions:
            raise NotFound
        if session_id in self._over and any(a.phase is Phase.INTENDED for a in actions):
            raise SessionOver(facts={"cause": self._over[session_id]})
        with self._changed:
            if key not in self._keys:
                self._keys.add(key)
                self._recorded += [(session_id, action) for action in actions]
                self._changed.notify_all()

    def follow(self, last_event_id: str | None) -> Iterator[News]:
        """See ``sdk.gateway.Gateway``; news that were missed are not told again."""
        del last_event_id
        self._called("follow")
        if not self.streaming:
            raise Unavailable
        follower = _Follower()
        with self._changed:
            self._followers.add(follower)
        try:
            yield Beat(index=1)
            with self._changed:
                follower.listening = True
                self._changed.notify_all()
            yield from self._news(follower)
        finally:
            with self._changed:
                self._followers.discard(follower)
                follower.unheard = 0
                self._changed.notify_all()

    def close(self) -> None:
        """See ``sdk.gateway.Gateway``."""
        self.break_streams()

    def _news(self, follower: _Follower) -> Iterator[News]:
        while True:
            told = follower.next()
            if told is None or not (self.streaming and self.reachable):
                return
            yield told
            # Asked for more: what was told has been taken in.
            if isinstance(told, SessionClosed):
                with self._changed:
                    follower.unheard -= 1
                    self._changed.notify_all()

    def _is_followed(self) -> bool:
        return any(follower.listening for follower in self._followers)

    def _opened(self, token: str) -> Opened:
        session = self._sessions.get(self._tokens.get(token, ""))
        if session is None:
            raise TokenInvalid
        if session.id in self._over:
            raise SessionOver(facts={"cause": self._over[session.id]})
        now = self.clock()
        if now >= session.ends_at:
            self.revoke(session.id, EndCause.TIME_LIMIT)
            raise SessionOver(facts={"cause": EndCause.TIME_LIMIT})
        return Opened(
            session=session,
            session_token=Secret(token),
            lease_expires_at=min(now + LEASE, session.ends_at),
            server_time=now,
            log_index=len(self._recorded),
        )

    def _called(self, verb: str) -> None:
        with self._changed:
            self.calls.append(verb)
            self._changed.notify_all()
        if not self.reachable:
            raise Unavailable
