"""The real service in this process, on a real database, and what the watcher sees of its log."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.fixtures import service
from tests.fixtures.service import OWN_SITE, World
from tests.integration.drill.model import Model
from tests.integration.proof.place import Sql, connect
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SESSION_OVER, SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.core.ports import Entry
from understudy.flows.comparison.compare import compare
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin
from understudy.flows.people import sign_in, team
from understudy.http.cookies import OPERATOR_COOKIE

STALE = timedelta(minutes=20)

POWER = frozenset(
    {
        EventType.GRANT_CREATED,
        EventType.SESSION_STARTED,
        EventType.OPERATOR_INVITED,
        EventType.OPERATOR_JOINED,
        EventType.OPERATOR_UPDATED,
        EventType.OPERATOR_ENABLED,
        EventType.OPERATOR_DISABLED,
        EventType.APPLICATION_UPDATED,
        EventType.APPLICATION_SECRET_ROTATED,
        EventType.SUBJECT_UNPROTECTED,
        EventType.HOLD_PLACED,
        EventType.HOLD_RELEASED,
        EventType.ACTION_INTENDED,
        EventType.ACTION_COMPLETED,
    }
)
"""What is told of whoever did or may do something: exactly what was done, no more and no less."""


@dataclass(kw_only=True)
class Stage:
    """The service, its people, a connection of the database writer's, and the model."""

    runner: asyncio.Runner
    world: World
    sql: Sql
    model: Model
    agent: Operator
    admin: Operator
    cookies: dict[str, str]
    demanded: Counter[str]
    signed_in: dict[str, datetime] = field(default_factory=dict)
    cursor: int = 0

    @property
    def app_id(self) -> str:
        """The application's id."""
        return self.world.application.id

    def call(self, client: httpx.AsyncClient, method: str, path: str, **options: Any) -> Any:
        """One call over HTTP, answered."""
        return self.runner.run(client.request(method, path, **options))

    def by_backend(self, method: str, path: str, **options: Any) -> Any:
        """A call with the application's secret."""
        return self.call(self.world.backend, method, f"/api/v1{path}", **options)

    def by_operator(self, who: Operator, method: str, path: str, **options: Any) -> Any:
        """A call from the dashboard, with whatever sign-in that operator had last."""
        cookie = f"{OPERATOR_COOKIE}={self.cookies[who.id]}"
        headers = {"cookie": cookie, **OWN_SITE}
        return self.call(self.world.stranger, method, path, headers=headers, **options)

    def stay_signed_in(self) -> None:
        """Whoever may has a sign-in; one is left alone for as long as it lasts without being used.

        Whose account is disabled gets none, whatever they know.
        """
        now = self.world.installation.clock()
        for who, works in ((self.admin, True), (self.agent, self.model.agent_works)):
            known = self.signed_in.get(who.id)
            if known is not None and works and now < known + STALE:
                continue
            engine = self.world.installation.engine
            begun = engine.run(lambda unit, who=who: sign_in.signed_in(unit, who, origin=Origin()))  # type: ignore[misc]
            assert (begun is not None) is works
            self.signed_in.pop(who.id, None)
            if begun is not None:
                self.cookies[who.id], self.signed_in[who.id] = begun.token, now
        self.model.agent_here = self.model.agent_works
        self.told()

    def told(self) -> Sequence[Entry]:
        """The entries since the last look."""
        # On a busy machine an ending may take longer than its second, and is logged after that.
        if not self.world.installation.engine.endings.is_logged():
            self.world.installation.engine.endings.replays.once()
        with self.world.installation.engine.reading() as reader:
            found = reader.entries.after(self.cursor - 1, limit=10_000)
            self.cursor = reader.entries.size()
        return found

    def demand(self, *types: EventType, by: str | None = None, ended: Collection[str] = ()) -> None:
        """The log has told of these since the last look, of these endings, and of no other."""
        entries = self.told()
        self.demanded.update([*types, *["ended"] * len(ended)])
        assert Counter(one.type for one in entries if one.type in POWER) == Counter(types)
        over = [_core(one)["session_id"] for one in entries if one.type in SESSION_OVER]
        assert sorted(over) == sorted(ended)
        for one in entries:
            if by is not None and one.type in types:
                assert (_core(one).get("doer_ref") or _core(one).get("actor_ref")) == by

    def differences(self) -> Sequence[str]:
        """What `audit verify` and `doctor` find in the rows."""
        engine = self.world.installation.engine
        with engine.comparing() as rows:
            found = [f"{one.place}: {one.message}" for one in compare(rows).differences]
        return [*found, *(f"{table}: not ours" for table in engine.forged_rows.all())]

    def live_rows(self) -> set[str]:
        """The sessions that live by their rows."""
        return {row[0] for row in self.sql.rows("SELECT id FROM sessions WHERE ended_at IS NULL")}


def _core(entry: Entry) -> dict[str, Any]:
    return dict(entry.core or {})


@contextmanager
def staged(folder: Path, database_url: str, demanded: Counter[str]) -> Iterator[Stage]:
    """A new installation with an agent and an admin; ``demanded`` counts what is to be told."""
    with asyncio.Runner() as runner:
        running = service.world(folder, database_url)
        world = runner.run(running.__aenter__())
        try:
            with closing(connect(database_url)) as sql:
                agent, admin = (_operator(world, role) for role in _ROLES)
                _settle(world)
                ready = Stage(
                    runner=runner,
                    world=world,
                    sql=sql,
                    model=Model(),
                    agent=agent,
                    admin=admin,
                    cookies={},
                    demanded=demanded,
                )
                ready.stay_signed_in()
                yield ready
        finally:
            runner.run(running.__aexit__(None, None, None))


_ROLES = (Role.SUPPORT_MANAGER, Role.ADMIN)


def _operator(world: World, role: Role) -> Operator:
    def join(unit: Any) -> Operator:
        email = f"{role}@support.example"
        invited = team.invite(
            unit, email=email, name=role, roles=[role], by=SYSTEM, origin=Origin()
        )
        return team.join(unit, invited.token, name=role, password_hash="x", origin=Origin())

    return world.installation.engine.run(join)


def _settle(world: World) -> None:
    world.change_settings(role_ranks={"owner": 100}, idle_minutes=10)

    def save(unit: Any) -> None:
        for facts in (
            maintain.SubjectFacts(id=SubjectId("bob"), email="bob@acme.example"),
            maintain.SubjectFacts(id=SubjectId("boss"), roles=("owner",)),
        ):
            maintain.save_subject(unit, world.application, facts, by=SYSTEM, origin=Origin())

    world.installation.engine.run(save)
