"""An account that somebody got into by a fresh link, over HTTP and by e-mail."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest

from tests.fixtures.mail import Post, mail_server, parts
from tests.fixtures.service import OWN_SITE, REASON, SignedInOperator, World
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import DeliveryFilter
from understudy.flows.origin import Origin
from understudy.flows.people.sign_in import begin
from understudy.http.cookies import OPERATOR_COOKIE

OPERATORS = "/api/v1/operators"
MAILED = "/api/v1/take-overs"
PASSWORD = "seven unlikely words of somebody else"


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as made:
        yield made


async def take_over(world: World, by: SignedInOperator, of: SignedInOperator) -> None:
    """As ``by``, with a fresh link for the account of ``of``."""
    answer = await by.browser.post(f"{OPERATORS}/{of.operator.id}/invite")
    token = answer.json()["invitation_url"].partition("#token=")[2]
    body = {"token": token, "name": "Sam", "password": PASSWORD}
    assert (await world.stranger.post("/api/v1/invitations/accept", json=body)).status_code == 200


async def told_of(world: World, by: SignedInOperator, operator_id: str) -> str | None:
    listed = (await by.browser.get(OPERATORS)).json()["items"]
    (one,) = [one for one in listed if one["id"] == operator_id]
    at: str | None = one["taken_over_at"]
    return at


async def mail_goes_to(by: SignedInOperator, post: Post) -> None:
    server = {"host": "127.0.0.1", "port": post.port, "tls": "none", "sender": "u@support.example"}
    assert (await by.browser.put("/api/v1/mail-server", json=server)).status_code == 200


async def mailed(post: Post) -> tuple[list[str], str]:
    recipients, letter = await asyncio.to_thread(post.taken)
    return list(recipients), parts(letter)[0]


async def test_the_log_shows_the_mark_until_a_second_admin_confirms(world: World) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    noor = await world.operator(Role.ADMIN, email="noor@support.example")
    sam = await world.operator(Role.SUPPORT_MANAGER)
    assert await told_of(world, mara, sam.operator.id) is None
    await take_over(world, mara, sam)
    assert await told_of(world, noor, sam.operator.id) is not None
    begun = world.installation.engine.run(lambda unit: begin(unit, sam.operator, origin=Origin()))
    cookie = {"cookie": f"{OPERATOR_COOKIE}={begun.token}", **OWN_SITE}
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    made = await world.stranger.post("/api/v1/impersonations", json=asked, headers=cookie)
    assert made.json()["grant"]["marks"] == ["taken_over"]
    entries = (await noor.browser.get("/api/v1/audit/entries?type=grant.created")).json()["items"]
    assert [one["actor"]["taken_over"] for one in entries] == [True]
    path = f"{OPERATORS}/{sam.operator.id}/confirm-owner"
    refused = await mara.browser.post(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    confirmed = await noor.browser.post(path)
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json()["taken_over_at"] is None
    assert (await noor.browser.post(path)).status_code == 409
    assert (await sam.browser.post(path)).status_code == 401


async def test_the_owner_is_told_by_email_and_says_that_it_was_somebody_else(
    world: World, post: Post
) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    noor = await world.operator(Role.ADMIN, email="noor@support.example")
    sam = await world.operator(Role.SUPPORT_MANAGER)
    await mail_goes_to(noor, post)
    await take_over(world, mara, sam)
    recipients, text = await mailed(post)
    assert recipients == [sam.operator.email]
    assert sam.operator.email not in text
    token = text.rstrip().partition("#token=")[2]
    shown = await world.stranger.post(f"{MAILED}/inspect", json={"token": token})
    assert shown.json()["email"] == sam.operator.email
    for wrong in (token[:-1], "usc_guess"):
        answer = await world.stranger.post(f"{MAILED}/inspect", json={"token": wrong})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    said = await world.stranger.post(f"{MAILED}/answer", json={"token": token, "mine": False})
    assert said.status_code == 204
    sign_in = {"email": sam.operator.email, "password": PASSWORD}
    assert (await world.stranger.post("/api/v1/sign-in", json=sign_in)).status_code == 401
    assert EventType.OPERATOR_DISOWNED in world.logged()
    again = await world.stranger.post(f"{MAILED}/answer", json={"token": token, "mine": True})
    assert again.status_code == 401


async def test_what_is_kept_of_the_email_answers_nothing(world: World, post: Post) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    noor = await world.operator(Role.ADMIN, email="noor@support.example")
    await mail_goes_to(noor, post)
    await take_over(world, mara, await world.operator(Role.SUPPORT_MANAGER))
    _, text = await mailed(post)
    token = text.rstrip().partition("#token=")[2]
    engine = world.installation.engine
    for _ in range(2000):
        with engine.reading() as reader:
            if not reader.deliveries.pending():
                break
        await asyncio.to_thread(Event().wait, 0.005)
    with engine.reading() as reader:
        (delivery,) = reader.deliveries.search(DeliveryFilter())
        (attempt,) = reader.deliveries.attempts_of(delivery.id)
    assert attempt.request is not None
    assert token.startswith("usc_")
    assert "usc_" not in attempt.request
    logouts = f"/api/v1/applications/{world.application.id}/logouts"
    assert (await noor.browser.get(logouts)).json()["items"] == []


async def test_no_link_is_mailed_where_its_maker_has_set_the_mail_server(
    world: World, post: Post
) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    sam = await world.operator(Role.SUPPORT_MANAGER)
    await mail_goes_to(mara, post)
    await take_over(world, mara, sam)
    recipients, text = await mailed(post)
    assert recipients == [sam.operator.email]
    assert "token" not in text
    assert "another admin" in text
