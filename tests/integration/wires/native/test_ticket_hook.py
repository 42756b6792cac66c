"""A help desk closes a ticket: what stands on it ends. Nobody else ends anything by saying so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fixtures.help_desks import DESKS, SECRET, Message, standard, zendesk_event
from tests.fixtures.outages import inserts_refused
from tests.fixtures.service import World
from understudy.core.people.permissions import Role
from understudy.storage.database.connection import Dialect


class Desk:
    """The help desk of the world's application."""

    def __init__(self, world: World, name: str, secret: str) -> None:
        self.world = world
        _, self._writes, self.ticket = DESKS[name]
        self._secret = secret

    def message(
        self, *, status: str = "closed", secret: str | None = None, **ago: float
    ) -> Message:
        at = self.world.installation.clock.now - timedelta(**ago)
        return self._writes(self.ticket, status, secret or self._secret, at)

    async def send(self, message: Message, *, to: str | None = None) -> httpx.Response:
        body, headers = message
        return await self.world.stranger.post(
            f"/api/v1/tickets/{to or self.world.application.id}",
            content=body,
            headers={"content-type": "application/json", **headers},
        )

    async def closes(self) -> int:
        answer = await self.send(self.message())
        assert answer.status_code == 200, answer.text
        return int(answer.json()["withdrawn"])


async def hooked(world: World, name: str = "standard", **body: Any) -> Desk:
    admin = await world.operator(Role.ADMIN, email="mara@support.example")
    path = f"/api/v1/applications/{world.application.id}/ticket-hook"
    answer = await admin.browser.put(path, json={"shape": DESKS[name][0], "secret": SECRET} | body)
    assert answer.status_code == 200, answer.text
    return Desk(world, name, str(answer.json()["secret"]))


async def alive(world: World, opened: dict[str, Any]) -> bool:
    token = {"session_token": opened["session_token"]}
    answer = await world.backend.post("/api/v1/sessions/refresh", json=token)
    return answer.status_code == 200


@pytest.mark.parametrize("name", DESKS)
async def test_what_stands_on_a_closed_ticket_ends(world: World, name: str) -> None:
    desk = await hooked(world, name)
    opened = await world.open_session(ticket=f"https://desk.example/browse/{desk.ticket}")
    waits = await world.start(ticket=f"#{desk.ticket}")
    other = await world.open_session(ticket=f"{desk.ticket}9")
    without = await world.open_session()
    await desk.send(desk.message(status="open"))
    assert await alive(world, opened)
    assert await desk.closes() == 2
    assert not await alive(world, opened)
    assert await alive(world, other)
    assert await alive(world, without)
    token = {"impersonation_token": waits["impersonation_token"]}
    refused = await world.backend.post("/api/v1/impersonations/exchange", json=token)
    assert refused.status_code != 200
    assert world.logged().count("ticket.closed") == 1


@pytest.mark.parametrize("name", DESKS)
async def test_a_message_counts_once_and_for_a_short_time(world: World, name: str) -> None:
    desk = await hooked(world, name)
    message = desk.message()
    assert (await desk.send(message)).json() == {"withdrawn": 0}
    # Opened again, and somebody works for it: the message of before is no reason to end that.
    opened = await world.open_session(ticket=desk.ticket)
    assert (await desk.send(message)).json() == {"withdrawn": 0}
    assert (await desk.send(desk.message(hours=2, seconds=1))).status_code == 401
    assert (await desk.send(desk.message(hours=-2, seconds=-1))).status_code == 401
    assert await alive(world, opened)
    assert await desk.closes() == 1


@pytest.mark.parametrize("name", DESKS)
async def test_who_does_not_sign_with_the_secret_ends_nothing(world: World, name: str) -> None:
    desk = await hooked(world, name)
    opened = await world.open_session(ticket=desk.ticket)
    body, headers = desk.message()
    others = world.other_application().application.id
    for refused in (
        await desk.send(desk.message(secret="another secret of theirs")),
        await desk.send((body.replace(b"closed", b"solved") + b" ", headers)),
        await desk.send((body, {})),
        await desk.send((body, headers), to=others),
        await desk.send((body, headers), to="app_nobody"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert await alive(world, opened)


@pytest.mark.parametrize("name", ["%03", "%ff", "x" * 256])
async def test_what_can_be_no_id_is_not_found_whoever_asks(world: World, name: str) -> None:
    desk = await hooked(world)
    for message in (desk.message(), (b"{}", {})):
        refused = await desk.send(message, to=name)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("kind", "status", "withdrawn"),
    [
        ("status_changed", "archived", 1),
        ("status_changed", "open", 0),
        ("merged", "closed", 1),
        ("marked_as_spam", "open", 1),
        ("soft_deleted", "open", 1),
        ("comment_added", "open", 0),
        ("comment_added", "solved", 1),
    ],
)
async def test_zendesk_says_in_several_ways_that_a_ticket_is_over(
    world: World, kind: str, status: str, withdrawn: int
) -> None:
    desk = await hooked(world, "zendesk")
    await world.open_session(ticket="#1234")
    now = world.installation.clock.now
    answer = await desk.send(zendesk_event("1234", kind, status, SECRET, now))
    assert answer.json() == {"withdrawn": withdrawn}


async def test_zendesk_is_believed_what_a_status_became(world: World) -> None:
    desk = await hooked(world, "zendesk")
    await world.open_session(ticket="#1234")
    now, became = world.installation.clock.now, {"current": "OPEN", "previous": "SOLVED"}
    # The ticket as a whole may be told as it was a moment before, or as it is a moment later.
    opened = zendesk_event("1234", "status_changed", "solved", SECRET, now, event=became)
    assert (await desk.send(opened)).json() == {"withdrawn": 0}


async def test_jira_is_heard_at_its_last_attempt(world: World) -> None:
    desk = await hooked(world, "jira")
    await world.open_session(ticket=desk.ticket)
    assert (await desk.send(desk.message(minutes=5 * 15))).json() == {"withdrawn": 1}


async def test_a_message_can_be_tried_without_anything_ending(world: World) -> None:
    mara = await world.operator(Role.ADMIN, email="mia@support.example")
    path = f"/api/v1/applications/{world.application.id}/ticket-hook/test"
    said = {"message": '{"ticket": "SUP-12", "status": "Done"}'}
    assert (await mara.browser.post(path, json=said)).status_code == 404
    await hooked(world)
    opened = await world.open_session(ticket="SUP-12")
    answer = await mara.browser.post(path, json=said)
    assert answer.json() == {"ticket": "SUP-12", "closed": True, "grants": 1}
    assert await alive(world, opened)
    refused = await mara.browser.post(path, json={"message": '{"status": "Done"}'})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    assert (await world.stranger.post(path, json=said)).status_code == 401


async def test_a_secret_is_made_where_the_desk_has_none_and_is_never_shown_again(
    world: World,
) -> None:
    desk = await hooked(world, secret=None)
    admin = await world.operator(Role.ADMIN, email="lia@support.example")
    path = f"/api/v1/applications/{world.application.id}/ticket-hook"
    shown = (await admin.browser.get(path)).json()
    assert shown.keys() == {"shape", "path", "set_at"}
    assert shown["path"] == f"/api/v1/tickets/{world.application.id}"
    await world.open_session(ticket=desk.ticket)
    assert await desk.closes() == 1
    assert (await admin.browser.delete(path)).status_code == 204
    assert (await admin.browser.delete(path)).status_code == 204
    nothing = (await admin.browser.get(path)).json()
    assert nothing == {"shape": None, "path": shown["path"], "set_at": None}
    assert (await desk.send(desk.message())).status_code == 401
    logged = [one for one in world.logged() if one.startswith("ticket_hook")]
    assert logged == ["ticket_hook.set", "ticket_hook.removed"]


@pytest.mark.parametrize("role", [Role.SUPPORT_MANAGER, Role.APPROVER, Role.AUDITOR])
async def test_nobody_but_an_admin_sets_it(world: World, role: Role) -> None:
    other = await world.operator(role)
    path = f"/api/v1/applications/{world.application.id}/ticket-hook"
    for client in (other.browser, world.backend):
        for refused in (
            await client.put(path, json={"shape": "standard", "secret": SECRET}),
            await client.delete(path),
        ):
            assert refused.status_code in (401, 403)


async def test_a_secret_that_could_be_guessed_is_refused(world: World) -> None:
    admin = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}/ticket-hook"
    short = await admin.browser.put(path, json={"shape": "zendesk", "secret": "x" * 15})
    assert short.status_code == 422
    nobody = f"{path}".replace(world.application.id, "app_nobody")
    assert (await admin.browser.put(nobody, json={"shape": "jira"})).status_code == 404
    assert (await admin.browser.get(nobody)).status_code == 404


async def test_a_message_that_names_no_ticket_says_so(world: World) -> None:
    desk = await hooked(world)
    message = standard("", "closed", SECRET, world.installation.clock.now)
    assert (await desk.send(message)).status_code == 422


async def test_it_ends_also_where_nothing_can_be_written(world: World, tmp_path: Path) -> None:
    desk = await hooked(world)
    opened = await world.open_session(ticket=desk.ticket)
    with inserts_refused(f"sqlite:///{tmp_path / 'understudy.db'}", Dialect.SQLITE):
        await desk.send(desk.message())
        assert not await alive(world, opened)
