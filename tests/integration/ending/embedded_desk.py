"""An app with Understudy within, as all see it who may end a session of its application.

Two processes share one file: in this one staff and users act, the other has the session.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from tests.contract.rules.world import HERE
from tests.fixtures.embedded import MOUNT, REASON, Visitor, open_shop
from tests.integration.ending.embedded_people import SharedShop, Table
from tests.integration.ending.falls import App, Work
from tests.integration.node_link.node_app import NodeApp
from understudy import Understudy
from understudy.core.ids import OperatorId, SubjectId
from understudy.core.impersonation.grants import Grant, ImpersonationRequest
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import Actor
from understudy.core.ports import Unit
from understudy.embedded.link import installation_of
from understudy.embedded.plan import APPLICATION_ID
from understudy.flows.impersonation.mint import mint
from understudy.flows.impersonation.request import Granted, request
from understudy.sdk.user_says import Deed, UserSays
from understudy.service.table import WIRES

T = TypeVar("T")
SECONDS = 30.0
ADA = {"email": "ada@acme.example", "organization_id": "acme", "roles": ["member"]}
DEEDS = (Deed.AGREE, Deed.WITHDRAW, Deed.NOT_AGREED)


class AppWithin(NodeApp):
    """Another process of the app, in which the session is."""

    @staticmethod
    def command() -> list[str]:
        """What is run, but for the options."""
        return [sys.executable, "-m", "tests.integration.ending.embedded_app"]


@dataclass(kw_only=True)
class DeskWithin:
    """The app's other process: ``ann`` is an admin at its dashboard.

    ``staff`` are browsers of those who come to work, by the cookies that they are told by.
    """

    table: Table
    loop: asyncio.AbstractEventLoop
    app: FastAPI
    understudy: Understudy
    ann: Visitor
    staff: dict[str, Visitor] = field(default_factory=dict)

    @property
    def application_id(self) -> str:
        """The only one."""
        return APPLICATION_ID

    def operator(
        self, method: str, path: str, body: object = None, *, cookie: str | None = None
    ) -> dict[str, Any]:
        """The answer to a call of the dashboard's, by the admin or by whoever has the cookie."""
        who = self.ann if cookie is None else self.staff[cookie]
        return _told(self._wait(who.call(method, path, body)))

    def backend(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """What the app says by the functions that it has in place of these addresses."""
        gateway = installation_of(self.understudy).gateway()
        facts = body if isinstance(body, dict) else {}
        first, name, *rest = path.strip("/").split("/")
        if (first, rest) == ("sessions", ["end"]):
            return {"ended": gateway.end(name, EndCause(facts["cause"]))}
        target = rest[1] if rest[0] == "history" else ""
        says = (UserSays(subject_id=name, deed=deed, target=target, facts=facts) for deed in DEEDS)
        return dict(gateway.tell(next(one for one in says if one.path == path)))

    def hear_of_ticket(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a message of the application's help desk."""
        path = f"{MOUNT}/api/v1/tickets/{APPLICATION_ID}"
        sent = self.ann.post(path, content=body, headers={**headers, "x-staff": ""})
        return _told(self._wait(sent))

    def operators_token(self, *, ticket: str | None = None) -> tuple[str, str, str, str]:
        """Somebody new at work: as an operator, a grant, its impersonation token, their name."""
        name = f"sam-{len(self.staff)}"
        self.table.put_staff(name, ["support_manager"])
        sam = self.staff[name] = Visitor(self.app, staff=name)
        self._wait(sam.get(f"{MOUNT}/"))
        me = str(self.operator("GET", "/me", cookie=name)["id"])
        engine = installation_of(self.understudy).engine()
        grant, token = engine.run(lambda unit: _granted(unit, OperatorId(me), ticket))
        return me, grant.id, token, name

    def look_at_ada(self) -> None:
        """Somebody looks at her in the dashboard, which asks the app who she is by now."""
        path = f"/subjects/ada?application_id={APPLICATION_ID}"
        self._wait(self.ann.call("GET", path))

    async def close(self) -> None:
        """Close the browsers."""
        for visitor in (self.ann, *self.staff.values()):
            await visitor.aclose()

    def clicks(self, name: str) -> int:
        """What somebody of the staff is answered at the dashboard."""
        return self._wait(self.staff[name].call("GET", "/me")).status_code

    def _wait(self, asked: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result(SECONDS)


def _told(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}


def _granted(unit: Unit, operator_id: OperatorId, ticket: str | None) -> tuple[Grant, str]:
    operator = unit.operators.get(operator_id)
    assert operator is not None
    asked = ImpersonationRequest(
        application_id=APPLICATION_ID,
        actor=Actor.from_operator(operator),
        subject_id=SubjectId("ada"),
        reason=REASON,
        ticket=ticket,
    )
    granted = request(unit, asked, origin=HERE)
    assert isinstance(granted, Granted), granted
    return granted.grant, mint(unit, granted.grant, kind=WIRES.token_kinds["native"]).token


class WorkWithin(Work):
    """What an app says by itself falls as the app says it: of its staff, and of its users."""

    desk: DeskWithin

    def password_changes(self) -> None:
        """Which the app does; it says so by what it has for that."""
        self.desk.understudy.revoke_sessions_of(self.cookie)

    def operator_becomes(self, **facts: object) -> None:
        """By the app's own table, which the dashboard asks at each click; or in the dashboard."""
        if "roles" not in facts:
            return super().operator_becomes(**facts)
        self.desk.table.put_staff(self.cookie, facts["roles"])
        assert self.desk.clicks(self.cookie) == HTTPStatus.UNAUTHORIZED
        return None

    def subject_becomes(self, **facts: object) -> None:
        """By the app's own table: at the latest when a process asks again, or somebody looks."""
        self.desk.table.put_user("ada", {**ADA, **facts})
        self.desk.look_at_ada()

    def subject_deleted(self) -> None:
        self.desk.table.put_user("ada", None)
        self.desk.look_at_ada()


def begun_within(desk: DeskWithin, app: App) -> Work:
    """Somebody at work as Ada, who has agreed to it for some days."""
    desk.table.put_user("ada", ADA)
    desk.look_at_ada()
    settings = {"consent": {"mode": "standing"}, "role_ranks": {"owner": 100, "member": 0}}
    desk.operator("PATCH", f"/applications/{APPLICATION_ID}", {"settings": settings})
    desk.backend("POST", "/subjects/ada/consents", {"days": 1})
    return WorkWithin(desk, app)


@contextmanager
def desk_within(folder: Path) -> Iterator[DeskWithin]:
    """The app's process here, on a loop of its own."""
    table = Table(folder / "people.json")
    table.write(users={"ada": ADA}, staff={"ann": ["admin", "support_manager"]})
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="the app's loop")
    thread.start()
    stack = AsyncExitStack()

    def wait(asked: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(asked, loop).result(SECONDS)

    async def opened() -> DeskWithin:
        app, understudy = await stack.enter_async_context(
            open_shop(folder / "data", SharedShop(table))
        )
        ann = Visitor(app, staff="ann")
        await ann.get(f"{MOUNT}/")
        desk = DeskWithin(table=table, loop=loop, app=app, understudy=understudy, ann=ann)
        stack.push_async_callback(desk.close)
        return desk

    try:
        yield wait(opened())
    finally:
        wait(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
        loop.close()
