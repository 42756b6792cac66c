"""Three ways from an app to Understudy, with one session to talk about and a clock to move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from tests.contract.rules.world import CALLBACK, VERIFIER, Clock, World, world
from tests.fixtures import asgi_server
from understudy.config import Settings
from understudy.core.governance.unlocks import Write
from understudy.core.ids import SessionId
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.redaction.rules import Deed, Redaction, RedactionRule, RuleKind
from understudy.embedded.gateway import InProcessGateway
from understudy.flows.governance.decide_unlock import decide_unlock
from understudy.flows.impersonation.end import end
from understudy.flows.origin import Origin
from understudy.sdk.gateway import Gateway
from understudy.sdk.remote import RemoteGateway
from understudy.sdk.secret import Secret
from understudy.sdk.unlock.values import Asked
from understudy.sdk.values import Opened, Presented, Wire
from understudy.service.app import create_app
from understudy.storage.database.databases import open_database
from understudy.testing import FakeGateway

HIDDEN = Redaction(
    secrets=True,
    rules=(
        RedactionRule(kind=RuleKind.PATH, match="a.*.b", deed=Deed.DROP),
        RedactionRule(kind=RuleKind.FIELD, match="iban", revealable=True),
    ),
    open_routes=("/invoices/{id}",),
)
RULE = BlockedAction(method="POST", pattern="/billing/**", label="Billing")
_ACTIONS = frozenset(
    {EventType.ACTION_INTENDED, EventType.ACTION_COMPLETED, EventType.ACTION_BLOCKED}
)


class Place(Protocol):
    """A gateway, and the other side of it as far as a test must reach there."""

    gateway: Gateway
    clock: Clock

    def token(
        self, *, wire: Wire = Wire.NATIVE, minutes: int = 30, scope: Scope = Scope.FULL
    ) -> Presented:
        """A token for a session as Ada, whose app blocks what ``RULE`` says."""

    def code(self) -> Presented:
        """The same, bound to a verifier and an address."""

    def elsewhere(self) -> tuple[Presented, str]:
        """A token for a session at an origin of its own, and that origin."""

    def live_elsewhere(self) -> None:
        """From now on sessions get origins of their own."""

    def end(self, opened: Opened, cause: EndCause) -> None:
        """End a session from elsewhere."""

    def recorded(self, opened: Opened) -> list[str]:
        """The kinds of action that the log has, oldest first."""

    def allow(self, opened: Opened, asked: Asked, write: Write) -> None:
        """Let somebody else allow what was asked for."""


class Installed:
    """A real installation, in this process or behind HTTP."""

    def __init__(self, made: World, gateway: Gateway) -> None:
        self._made = made
        self.gateway = gateway
        self.clock = made.clock
        made.set_up_application(blocked_actions=(RULE,), redaction=HIDDEN, unlocks=True)

    def token(
        self, *, wire: Wire = Wire.NATIVE, minutes: int = 30, scope: Scope = Scope.FULL
    ) -> Presented:
        grant = self._made.granted(minutes=minutes, scope=scope)
        return Presented(token=Secret(self._made.token(grant, wire.value)), wire=wire)

    def code(self) -> Presented:
        return Presented(
            token=Secret(self._made.code(self._made.granted())),
            code_verifier=Secret(VERIFIER),
            redirect_uri=CALLBACK,
        )

    def elsewhere(self) -> tuple[Presented, str]:
        self.live_elsewhere()
        grant = self._made.granted()
        assert grant.origin is not None
        return Presented(token=Secret(self._made.token(grant))), grant.origin

    def live_elsewhere(self) -> None:
        self._made.set_up_application(session_origins="https://*.view.app.example")

    def end(self, opened: Opened, cause: EndCause) -> None:
        self._made.run(
            lambda unit: end(
                unit, SessionId(opened.session.id), cause=cause, by=SYSTEM, origin=Origin()
            )
        )

    def recorded(self, opened: Opened) -> list[str]:
        found = [
            (entry.index, entry.type)
            for entry in self._made.entries(*_ACTIONS)
            if (entry.core or {}).get("session_id") == opened.session.id
        ]
        return [str(kind).removeprefix("action.") for _, kind in sorted(found)]

    def allow(self, opened: Opened, asked: Asked, write: Write) -> None:
        del opened, write
        with self._made.engine.reading() as reader:
            mara = reader.operators.by_email("mara@support.example")
        assert mara is not None
        self._made.run(
            lambda unit: decide_unlock(unit, asked.id, allowed=True, by=mara, origin=Origin())
        )


class Faked:
    """The double that apps test with."""

    def __init__(self) -> None:
        self.clock = Clock()
        self._fake = FakeGateway(clock=self.clock)
        self.gateway: Gateway = self._fake
        for subject_id in ("ada", "bob"):
            self._fake.user(subject_id, email=f"{subject_id}@acme.example")
        self._fake.user("vip", protected=True)
        self._fake.user("boss", roles=["owner"])
        self._fake.user("gone", disabled=True)

    def token(
        self, *, wire: Wire = Wire.NATIVE, minutes: int = 30, scope: Scope = Scope.FULL
    ) -> Presented:
        session = self._fake.open(
            subject_id="ada",
            minutes=minutes,
            scope=scope,
            blocked_actions=[RULE],
            redaction=HIDDEN,
            unlocks=True,
        )
        return Presented(token=Secret(self._fake.offer(session, wire=wire)), wire=wire)

    def code(self) -> Presented:
        session = self._fake.open(subject_id="ada")
        token = self._fake.offer(session, code_verifier=VERIFIER, redirect_uri=CALLBACK)
        return Presented(token=Secret(token), code_verifier=Secret(VERIFIER), redirect_uri=CALLBACK)

    def elsewhere(self) -> tuple[Presented, str]:
        self.live_elsewhere()
        origin = self._fake.origin
        assert origin is not None
        session = self._fake.open(subject_id="ada", origin=origin)
        return Presented(token=Secret(self._fake.offer(session))), origin

    def live_elsewhere(self) -> None:
        self._fake.origin = f"https://understudy-{'a' * 26}.view.app.example"

    def end(self, opened: Opened, cause: EndCause) -> None:
        self._fake.revoke(opened.session.id, cause)

    def recorded(self, opened: Opened) -> list[str]:
        actions = self._fake.actions(opened.session.id, at_least=0)
        return [action.phase.value for action in actions]

    def allow(self, opened: Opened, asked: Asked, write: Write) -> None:
        del asked
        self._fake.allow(opened.session.id, write)


@contextmanager
def remote(folder: Path) -> Iterator[Place]:
    """The service over HTTP on loopback."""
    url = f"sqlite:///{folder / 'understudy.db'}"
    with world(url, folder) as made:
        settings = Settings(rate_multiplier=0)
        service = create_app(made.engine, open_database(url), settings)
        with asgi_server.served(service) as port:
            secret = Secret(made.secret)
            base = f"http://127.0.0.1:{port}"
            with closing(RemoteGateway(base, made.application.id, secret)) as gateway:
                yield Installed(made, gateway)


@contextmanager
def embedded(folder: Path) -> Iterator[Place]:
    """The same in this process."""
    with world(f"sqlite:///{folder / 'understudy.db'}", folder) as made:
        yield Installed(made, InProcessGateway(made.engine, made.application.id))


@contextmanager
def fake(folder: Path) -> Iterator[Place]:
    """No service at all."""
    del folder
    yield Faked()
