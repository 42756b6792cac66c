"""The fake service itself: what tests tell it, and what apps ask of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile
from typing import Any

from understudy.core.applications.session_origins import SessionOrigins
from understudy.core.governance.deny_packs import DenyPacks
from understudy.core.governance.unlocks import Write
from understudy.core.impersonation.restrictions import BlockedAction, Restrictions, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.redaction.lifted import Lifted, Shown
from understudy.core.redaction.rules import NOTHING_HIDDEN, Redaction
from understudy.errors import SessionOver, TokenInvalid, Unavailable
from understudy.sdk.asks import Ask, Granted
from understudy.sdk.boot_time import seconds_since_boot
from understudy.sdk.launch import Client
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy
from understudy.sdk.unlock.values import Asked, Spent
from understudy.sdk.user_says import UserSays
from understudy.sdk.values import (
    NAMED_BY_APPLICATION,
    ActiveSession,
    Actor,
    Minted,
    News,
    Opened,
    Organization,
    Phase,
    Presented,
    RecordedAction,
    RulesChanged,
    SessionClosed,
    Subject,
    Wire,
)
from understudy.testing.asks import APPLICATION_ID, Asks
from understudy.testing.news import Streams
from understudy.testing.offers import Offers
from understudy.testing.records import Records
from understudy.testing.sessions import FakeSession, Sessions
from understudy.testing.unlocks import Unlocks
from understudy.testing.users import Users

ISSUER = "https://understudy.test"
PATIENCE_SECONDS = 5.0


class FakeGateway:
    """Stands in for Understudy. Keeps everything in memory; safe to use from any thread.

    ``reachable`` turns the whole service off and on, ``streaming`` only its news. ``origin`` is the
    one that a session gets which staff ask for; None for the app's own. ``deny_packs`` are those
    of the application, for such sessions.
    """

    def __init__(self, *, clock: Callable[[], datetime] | None = None) -> None:
        told = clock or (lambda: datetime.now(UTC))
        self._ahead = timedelta()
        self.clock: Callable[[], datetime] = lambda: told() + self._ahead
        self.reachable = True
        self.streaming = True
        self.origin: str | None = None
        self.deny_packs = DenyPacks()
        self.calls: list[str] = []
        self.users = Users()
        self._numbers = count(1)
        self._sessions = Sessions(self.clock)
        self._offers = Offers(self.clock)
        self._asks = Asks(self.clock)
        self._records = Records()
        self._unlocks = Unlocks()
        self._reveals: list[tuple[str, Lifted, str]] = []
        self._changed = threading.Condition()
        self._news = Streams(self._changed)

    def understudy(self, *, session_origins: str | None = None) -> Understudy:
        """The handle for the app's middleware, as ``Understudy.remote`` would make it."""
        origins = SessionOrigins.parse(session_origins) if session_origins else None
        return Understudy(
            connect=lambda: self,
            monotonic=lambda: seconds_since_boot() + self._ahead.total_seconds(),
            client=Client(
                issuer=ISSUER,
                client_id=APPLICATION_ID,
                key=Secret("a key for tests"),
                session_origins=origins,
            ),
        )

    def forward(self, by: timedelta) -> None:
        """Let time pass, here and for the apps that have a handle from ``understudy``."""
        self._ahead += by

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
        actor_kind: str = "operator",
        organization: Organization | None = None,
        scope: Scope = Scope.FULL,
        blocked_actions: Sequence[BlockedAction] = (),
        redaction: Redaction = NOTHING_HIDDEN,
        unlocks: bool = False,
        reason: str = "Ticket 1: cannot see the invoice",
        ticket: str | None = "T-1",
        minutes: float = 30,
        idle_minutes: float = 10,
        origin: str | None = None,
        grant_id: str | None = None,
    ) -> FakeSession:
        """A live session of an actor as a subject, at an ``origin`` of its own if there is one.

        ``grant_id`` is for a grant that is launched anew.
        """
        number = next(self._numbers)
        now = self.clock()
        session = ActiveSession(
            id=f"ses_{number:08}",
            grant_id=grant_id or f"grt_{number:08}",
            application_id=APPLICATION_ID,
            actor=Actor(kind=actor_kind, id=actor_id, email=actor_email, name=actor_name),
            subject=Subject(
                id=subject_id, email=subject_email, name=subject_name, roles=tuple(roles)
            ),
            organization=organization,
            reason=reason,
            ticket=ticket,
            restrictions=Restrictions(
                scope=scope,
                blocked_actions=tuple(blocked_actions),
                redaction=redaction,
                unlocks=unlocks,
            ),
            started_at=now,
            ends_at=now + timedelta(minutes=minutes),
            idle_ends_at=now + timedelta(minutes=idle_minutes),
            last_active_at=now,
            origin=origin,
        )
        token = f"uss_{number:043}"
        self._sessions.add(session, token)
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
        self._offers.add(presented, session.token, return_to)
        return token

    def sessions(self) -> list[ActiveSession]:
        """All that were opened here or that staff have asked for, oldest first, live or over."""
        return self._sessions.all()

    def session(self, session_id: str) -> ActiveSession:
        """The session of that id: whose it is, who acts in it, and why."""
        return self._sessions.session(session_id)

    def revoke(self, session_id: str, cause: EndCause = EndCause.REVOKED) -> None:
        """End a session as somebody else would. Returns once the app has heard of it."""
        with self._changed:
            over = self._sessions.over
            if session_id in over:
                return
            over[session_id] = cause
            event_id = str(len(over))
            self._news.tell(SessionClosed(session_id=session_id, cause=cause, event_id=event_id))

    def ended(self, session_id: str) -> EndCause | None:
        """Why the session is over; None while it lives. Waits for nothing."""
        return self._sessions.over.get(session_id)

    def wait_until_ended(self, session_id: str) -> EndCause:
        """Why the session is over, once it is.

        :raises TimeoutError: it goes on.
        """
        with self._changed:
            over = self._sessions.over
            if not self._changed.wait_for(lambda: session_id in over, PATIENCE_SECONDS):
                raise TimeoutError(f"session {session_id} goes on")
            return over[session_id]

    def actions(
        self, session_id: str, *, at_least: int = 1, phase: Phase | None = None
    ) -> list[RecordedAction]:
        """What was recorded in a session, in order, once there are ``at_least`` so many.

        :raises TimeoutError: fewer arrived.
        """

        def found() -> list[RecordedAction]:
            return self._records.of(session_id, phase)

        with self._changed:
            if not self._changed.wait_for(lambda: len(found()) >= at_least, PATIENCE_SECONDS):
                raise TimeoutError(f"only {len(found())} of {at_least} actions arrived")
            return found()

    def break_streams(self) -> None:
        """Cut the streams of news; the app connects again if ``streaming``."""
        self._news.cut()

    def wait_for_followers(self) -> None:
        """Return once the app hears the news.

        :raises TimeoutError: it does not connect.
        """
        with self._changed:
            if not self._changed.wait_for(self._news.is_followed, PATIENCE_SECONDS):
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

    def user(
        self,
        subject_id: str,
        *,
        email: str | None = None,
        name: str | None = None,
        roles: Sequence[str] = (),
        protected: bool = False,
        disabled: bool = False,
    ) -> None:
        """A user whom staff may ask for; from the first one on, nobody else exists.

        The role ``owner`` ranks as high as staff.
        """
        self._asks.name(
            subject_id,
            email=email,
            name=name,
            roles=roles,
            protected=protected,
            disabled=disabled,
        )

    def request(self, ask: Ask) -> Granted:
        """See ``sdk.gateway.Gateway``."""
        self._called("request")
        nested = self._sessions.somebody_is(ask.actor.id)
        subject, limits = self._asks.judged(ask, actor_is_impersonated=nested)
        opened = self.open(
            subject_id=subject.id,
            subject_email=subject.email,
            subject_name=subject.name,
            roles=subject.roles,
            actor_id=ask.actor.id,
            actor_email=ask.actor.email,
            actor_name=ask.actor.name,
            actor_kind=NAMED_BY_APPLICATION,
            reason=limits.reason,
            ticket=limits.ticket,
            minutes=limits.minutes,
            scope=limits.scope,
            blocked_actions=self.deny_packs.actions(),
            origin=self.origin,
        )
        session = self._sessions.session(opened.id)
        return Granted(
            grant_id=session.grant_id, token=Secret(self.offer(opened)), origin=session.origin
        )

    def exchange(self, presented: Presented) -> Opened:
        """See ``sdk.gateway.Gateway``."""
        self._called("exchange")
        offer = self._offers.take(presented)
        session_id = self._sessions.id_of(offer.session_token)
        lives = self._sessions.over_because(session_id) is None
        if offer.used and not (lives and offer.is_attempt(presented, self.clock())):
            if offer.replay_revokes:
                self.revoke(session_id, EndCause.TOKEN_REPLAYED)
            raise TokenInvalid
        if not offer.used:
            offer.used, offer.used_at, offer.attempt = True, self.clock(), presented.attempt
        return replace(self._opened(offer.session_token), return_to=offer.return_to)

    def refresh(self, session_token: Secret) -> Opened:
        """See ``sdk.gateway.Gateway``."""
        self._called("refresh")
        return self._opened(session_token.reveal())

    def end(self, session_id: str, cause: EndCause) -> bool:
        """See ``sdk.gateway.Gateway``."""
        self._called("end")
        if self._sessions.knows(session_id):
            self.revoke(session_id, cause)
        return True

    def sessions_of(self, actor_ids: Set[str]) -> Sequence[str]:
        """See ``sdk.gateway.Gateway``."""
        self._called("sessions_of")
        sessions = [one for one in self._sessions.all() if one.actor.id in actor_ids]
        return [one.id for one in sessions if self._sessions.over_because(one.id) is None]

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        """See ``sdk.gateway.Gateway``."""
        self._called("record")
        cause = self._sessions.over_because(session_id)
        with self._changed:
            if self._records.has(session_id, actions, key):
                return
            if cause is None:
                self._sessions.touch(session_id)
            elif any(action.phase is Phase.INTENDED for action in actions):
                raise SessionOver(facts={"cause": cause})
            self._records.add(session_id, actions, key)
            self._changed.notify_all()

    def minted(self) -> Sequence[Minted]:
        """See ``sdk.gateway.Gateway``."""
        self._called("minted")
        with self._changed:
            over = [one.id for one in self._sessions.all() if self._sessions.over_because(one.id)]
            return [one for session_id in over for one in self._records.minted(session_id)]

    def asked_unlocks(self, session_id: str) -> list[tuple[Write, str]]:
        """Which changes were asked for in a session, and why, in order."""
        return self._unlocks.of(session_id)

    def allow(self, session_id: str, write: Write) -> None:
        """Allow exactly ``write``, once, as somebody else would."""
        self._unlocks.allow(session_id, write)

    def ask_unlock(self, session_id: str, write: Write, *, reason: str) -> Asked:
        """See ``sdk.gateway.Gateway``."""
        self._called("ask_unlock")
        return self._unlocks.ask(session_id, write, reason)

    def reveal(self, session_id: str, lifted: Lifted, *, reason: str) -> Shown:
        """See ``sdk.gateway.Gateway``."""
        self._called("reveal")
        with self._changed:
            cause = self._sessions.over_because(session_id)
            if cause is not None:
                raise SessionOver(facts={"cause": cause})
            shown = self._sessions.reveal(session_id, lifted)
            self._reveals.append((session_id, lifted, reason))
            self._news.tell(RulesChanged(event_id=None))
            return shown

    def revealed(self, session_id: str) -> list[tuple[Lifted, str]]:
        """What was revealed in a session, and why, in order."""
        return [(lifted, reason) for of, lifted, reason in self._reveals if of == session_id]

    def spend(self, session_id: str, write: Write) -> Spent:
        """See ``sdk.gateway.Gateway``."""
        self._called("spend")
        cause = self._sessions.over_because(session_id)
        if cause is not None:
            raise SessionOver(facts={"cause": cause})
        return self._unlocks.spend(session_id, write)

    def follow(self, last_event_id: str | None) -> Iterator[News]:
        """See ``sdk.gateway.Gateway``; news that were missed are not told again."""
        del last_event_id
        self._called("follow")
        if not self.streaming:
            raise Unavailable
        with closing(self._news.follow()) as news:
            yield from takewhile(lambda _: self.streaming and self.reachable, news)

    def tell(self, said: UserSays) -> Mapping[str, Any]:
        """See ``sdk.gateway.Gateway``; ``users`` answers."""
        self._called("tell")
        return self.users.tell(said)

    def close(self) -> None:
        """See ``sdk.gateway.Gateway``."""
        self.break_streams()

    def _opened(self, token: str) -> Opened:
        session_id = self._sessions.id_of(token)
        cause = self._sessions.over_because(session_id)
        if cause is not None:
            self.revoke(session_id, cause)
            raise SessionOver(facts={"cause": cause})
        opened = self._sessions.opened(token, log_index=self._records.count())
        return replace(opened, told_as=self.users.told_as)

    def _called(self, verb: str) -> None:
        with self._changed:
            self.calls.append(verb)
            self._changed.notify_all()
        if not self.reachable:
            raise Unavailable
