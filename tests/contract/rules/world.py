"""A small installation to try the rules on: one app, two organizations, a few people, a clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tests.fixtures.schema import open_made
from understudy.cedar.judge import CedarJudge
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.governance.policies import PolicySet
from understudy.core.ids import ActorRef, SubjectId
from understudy.core.impersonation.grants import Grant, ImpersonationRequest
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Actor, ActorKind, Operator
from understudy.core.ports import Entry, EntryFilter, Flow
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.governance import policies
from understudy.flows.impersonation.actors import named_actor
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.exchange import (
    Presented,
    TokenRefused,
    code_challenge,
    exchange,
)
from understudy.flows.impersonation.mint import CodeBinding, mint
from understudy.flows.impersonation.open_session import Looked, OpenSession, refresh
from understudy.flows.impersonation.request import Granted, request
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.service.table import WIRES
from understudy.storage.clock import Elapsed
from understudy.storage.data_directory import DataDirectory
from understudy.storage.engine.engine import StoreEngine, open_engine

T = TypeVar("T")
HERE = Origin(address="192.0.2.1", user_agent="tests")
REASON = "Cannot find the reports tab"
CALLBACK = "https://app.example/_understudy/callback"
VERIFIER = "v" * 43


@dataclass
class Clock:
    """A clock that only tests move."""

    now: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **spans: float) -> None:
        self.now += timedelta(**spans)


@dataclass
class World:
    """The engine, with people in it."""

    engine: StoreEngine
    clock: Clock
    application: Application
    secret: str
    sam: Operator
    other_application: Application = field(init=False)

    def run(self, flow: Flow[T]) -> T:
        return self.engine.run(flow)

    def ask(self, subject_id: str = "ada", **changes: object) -> Granted | Denied:
        ready = ImpersonationRequest(
            application_id=self.application.id,
            actor=Actor.from_operator(self.sam),
            subject_id=SubjectId(subject_id),
            reason=REASON,
        )
        asked = replace(ready, **changes)  # type: ignore[arg-type]
        return self.run(lambda unit: request(unit, asked, origin=HERE))

    def granted(self, subject_id: str = "ada", **changes: object) -> Grant:
        answer = self.ask(subject_id, **changes)
        assert isinstance(answer, Granted), answer
        return answer.grant

    def token(self, grant: Grant, wire: str = "native", *, life: timedelta | None = None) -> str:
        return self.run(
            lambda unit: mint(unit, grant, kind=WIRES.token_kinds[wire], life=life)
        ).token

    def code(self, grant: Grant) -> str:
        binding = CodeBinding(redirect_uri=CALLBACK, code_challenge=code_challenge(VERIFIER))
        return self.run(lambda unit: mint(unit, grant, binding=binding)).token

    def exchange(
        self,
        token: str,
        wire: str = "native",
        *,
        by: Application | None = None,
    ) -> OpenSession | TokenRefused:
        presented = Presented(token=token, application=by or self.application, wire=wire)
        return self._exchange(presented)

    def redeem(self, code: str) -> OpenSession | TokenRefused:
        """Exchange an OAuth code, with what it is bound to."""
        presented = Presented(
            token=code,
            application=self.application,
            code_verifier=VERIFIER,
            redirect_uri=CALLBACK,
        )
        return self._exchange(presented)

    def _exchange(self, presented: Presented) -> OpenSession | TokenRefused:
        return self.run(
            lambda unit: exchange(unit, presented, kinds=WIRES.token_kinds, origin=HERE)
        )

    def session(self, subject_id: str = "ada", **changes: object) -> OpenSession:
        opened = self.exchange(self.token(self.granted(subject_id, **changes)))
        assert isinstance(opened, OpenSession), opened
        return opened

    def refresh(self, opened: OpenSession) -> Looked:
        with self.engine.reading() as reader:
            return refresh(
                reader,
                self.engine.vault,
                opened.session_token,
                application=self.application,
                now=self.engine.clock.latest(),
            )

    def end(self, opened: OpenSession, cause: EndCause = EndCause.ENDED_BY_ACTOR) -> Session:
        by = opened.grant.actor.party
        return self.run(lambda unit: end(unit, opened.session.id, cause=cause, by=by, origin=HERE))

    def stored(self, opened: OpenSession) -> Session:
        with self.engine.reading() as reader:
            session = reader.sessions.get(opened.session.id)
        assert session is not None
        return session

    def vouched_for(self, actor_id: str) -> Actor:
        """An actor whom the application names, as the service itself refers to them."""
        return named_actor(self.engine.vault, self.application.id, actor_id, email=None, name="Kim")

    def entries(self, *types: EventType) -> Sequence[Entry]:
        with self.engine.reading() as reader:
            return reader.entries.search(EntryFilter(types=frozenset(types)), limit=500)

    def set_up_application(self, **changes: object) -> Application:
        with self.engine.reading() as reader:
            stored = reader.applications.get(self.application.id)
        assert stored is not None
        changed = replace(stored, settings=replace(stored.settings, **changes))  # type: ignore[arg-type]
        self.application = self.run(
            lambda unit: administer.update(
                unit, changed, wires=WIRES.settings, by=SYSTEM, origin=HERE
            )
        )
        return self.application

    def set_policies(self, text: str) -> PolicySet:
        found = policies.require_sound(self.engine.judge, text)
        return self.run(
            lambda unit: policies.change(unit, self.application.id, found, by=SYSTEM, origin=HERE)
        )

    def save_subject(self, **facts: object) -> None:
        saved = SubjectFacts(**facts)  # type: ignore[arg-type]
        self.run(
            lambda unit: maintain.save_subject(
                unit, self.application, saved, by=SYSTEM, origin=HERE
            )
        )

    def change_operator(self, **changes: object) -> None:
        change = team.OperatorChange(**changes)  # type: ignore[arg-type]
        self.run(lambda unit: team.update(unit, self.sam.id, change, by=SYSTEM, origin=HERE))


def named(actor_id: str = "staff-7", **changes: object) -> Actor:
    """An actor whom the application's backend names."""
    ready = Actor(
        kind=ActorKind.NAMED_BY_APPLICATION, ref=ActorRef("act_7"), id=actor_id, name="Kim"
    )
    return replace(ready, **changes)  # type: ignore[arg-type]


@contextmanager
def world(database_url: str, folder: Path, *, elapsed: Elapsed | None = None) -> Iterator[World]:
    """An installation at ``database_url``, its data directory in ``folder``.

    Time passes as its clock says, unless it does as ``elapsed`` says.
    """
    clock = Clock()
    engine = open_engine(
        open_made(database_url),
        DataDirectory(folder / "data"),
        clock=clock,
        elapsed=elapsed,
        judge=CedarJudge(),
    )
    try:
        application, secret = _application(engine, "Invoices", allowed=True)
        made = World(
            engine=engine,
            clock=clock,
            application=application,
            secret=secret,
            sam=joined(engine, "sam@support.example", Role.SUPPORT_MANAGER),
        )
        made.other_application, _ = _application(engine, "Another app", allowed=True)
        joined(engine, "mara@support.example", Role.ADMIN)
        _people(made)
        yield made
    finally:
        engine.close()


def _application(engine: StoreEngine, name: str, *, allowed: bool) -> tuple[Application, str]:
    settings = ApplicationSettings(
        impersonation_allowed=allowed,
        redirect_urls=(CALLBACK,),
        role_ranks={"owner": 100, "finance": 10},
    )
    made = engine.run(
        lambda unit: administer.create(
            unit, name=name, vertical=Vertical.B2B, settings=settings, by=SYSTEM, origin=HERE
        )
    )
    return made.application, made.secret


def joined(engine: StoreEngine, email: str, role: Role) -> Operator:
    """An operator who has joined."""
    invited = engine.run(
        lambda unit: team.invite(
            unit,
            email=email,
            name=email.split("@", maxsplit=1)[0],
            roles=[role],
            by=SYSTEM,
            origin=HERE,
        )
    )
    return engine.run(
        lambda unit: team.join(
            unit, invited.token, name=invited.operator.name, password_hash="x", origin=HERE
        )
    )


def _people(made: World) -> None:
    for organization_id in ("acme", "globex"):
        made.run(
            lambda unit, id_=organization_id: maintain.save_organization(  # type: ignore[misc]
                unit,
                made.application,
                id_,
                name=id_.title(),
                disabled=None,
                by=SYSTEM,
                origin=HERE,
            )
        )
    for facts in (
        {"id": "ada", "email": "ada@acme.example", "name": "Ada", "organization_id": "acme"},
        {"id": "bob", "email": "bob@acme.example", "name": "Bob", "organization_id": "acme"},
        {"id": "vip", "protected": True, "organization_id": "acme"},
        {"id": "boss", "roles": ("owner",), "organization_id": "acme"},
        {"id": "gone", "disabled": True, "organization_id": "acme"},
        {"id": "sam-too", "email": "SAM@support.example"},
    ):
        made.save_subject(**facts)
