"""E-mail from an event to the mail server, through the running service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from threading import Event
from typing import Any

import httpx
import pytest

from tests.fixtures.mail import Post, mail_server, parts
from tests.fixtures.ports import free_port
from tests.fixtures.service import REASON, World
from tests.integration.webhooks.test_delivery import admin, create, deliveries, settled
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.flows.origin import Origin
from understudy.flows.retention.erase import erase_subject

SERVER = "/api/v1/mail-server"


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as made:
        yield made


def server(port: int, **changes: Any) -> dict[str, Any]:
    ready = {"host": "127.0.0.1", "port": port, "tls": "none", "sender": "app@support.example"}
    return ready | changes


async def by_mail(browser: httpx.AsyncClient, world: World, port: int) -> dict[str, Any]:
    """A webhook by e-mail, with names and reasons."""
    answer = await browser.put(SERVER, json=server(port))
    assert answer.status_code == 200, answer.text
    return await create(browser, world, "mailto:", format="email", personal=True)


async def taken(post: Post) -> tuple[Sequence[str], EmailMessage]:
    return await asyncio.to_thread(post.taken)


async def test_a_request_that_waits_is_told_by_email_to_those_who_may_decide(
    world: World, post: Post
) -> None:
    world.change_settings(approval=ApprovalTerms(quorum=1))
    kit = await world.operator(Role.APPROVER, email="kit@support.example")
    await world.operator(Role.AUDITOR, email="ann@support.example")
    browser = (await admin(world)).browser
    made = await by_mail(browser, world, post.port)
    asked = await world.start()
    assert asked["grant"]["status"] == "pending"
    recipients, letter = await taken(post)
    assert recipients == ["kit@support.example"]
    plain, html = parts(letter)
    assert REASON in plain
    assert plain.rstrip().endswith("/approvals")
    assert html.count("href=") == 1
    # To follow the link decides nothing.
    page = plain.rstrip().rsplit(" ", 1)[1]
    await kit.browser.get(page)
    path = f"/api/v1/grants/{asked['grant']['id']}"
    grant = (await kit.browser.get(path)).json()
    assert grant["status"] == "pending"
    (delivery,) = await deliveries(browser, made)
    shown = await settled(browser, made, delivery["id"], attempts=1)
    assert shown["attempts"][0]["status"] == 250
    assert shown["attempts"][0]["url"] == "mailto:"
    assert "kit@support.example" not in str(shown)


async def test_what_was_sent_is_forgotten_with_the_user(world: World, post: Post) -> None:
    world.change_settings(approval=ApprovalTerms(quorum=1))
    await world.operator(Role.APPROVER, email="kit@support.example")
    browser = (await admin(world)).browser
    made = await by_mail(browser, world, post.port)
    await world.start()
    await taken(post)
    (delivery,) = await deliveries(browser, made)
    shown = await settled(browser, made, delivery["id"], attempts=1)
    assert REASON in shown["attempts"][0]["request"]
    world.installation.engine.run(
        lambda unit: erase_subject(
            unit, world.application.id, SubjectId("ada"), by=SYSTEM, origin=Origin()
        )
    )
    shown = await settled(browser, made, delivery["id"], attempts=1)
    assert shown["attempts"][0]["request"] is None


async def test_a_mail_server_that_is_away_stops_nothing_and_is_asked_again(world: World) -> None:
    world.change_settings(approval=ApprovalTerms(quorum=1))
    await world.operator(Role.APPROVER, email="kit@support.example")
    browser = (await admin(world)).browser
    made = await by_mail(browser, world, free_port())
    assert (await world.start())["grant"]["status"] == "pending"
    (delivery,) = await deliveries(browser, made)
    shown = await settled(browser, made, delivery["id"], attempts=1)
    assert "could not be reached" in shown["attempts"][0]["error"]
    assert shown["delivery"]["status"] == "pending"
    assert shown["delivery"]["next_attempt_at"] is not None


async def test_without_a_mail_server_nothing_is_sent(world: World, post: Post) -> None:
    world.change_settings(approval=ApprovalTerms(quorum=1))
    await world.operator(Role.APPROVER, email="kit@support.example")
    browser = (await admin(world)).browser
    made = await by_mail(browser, world, post.port)
    assert (await browser.delete(SERVER)).status_code == 204
    nowhere = {"host": None, "port": None, "tls": None, "sender": None, "user": None}
    assert (await browser.get(SERVER)).json() == nowhere
    await world.start()
    for _ in range(2000):
        (delivery,) = await deliveries(browser, made)
        if delivery["status"] != "pending":
            break
        await asyncio.to_thread(Event().wait, 0.01)
    assert delivery["status"] == "cancelled"
    assert post.envelopes.empty()
    body = {"application_id": world.application.id, "url": "mailto:", "format": "email"}
    answer = await browser.post("/api/v1/webhooks", json=body)
    assert (answer.status_code, answer.json()["rule"]) == (409, "mail_server_unset")


async def test_an_email_goes_to_no_address_that_somebody_wrote(world: World, post: Post) -> None:
    browser = (await admin(world)).browser
    await by_mail(browser, world, post.port)
    for url, format_ in (("mailto:eve@evil.example", "email"), ("mailto:", "native")):
        body = {"application_id": world.application.id, "url": url, "format": format_}
        answer = await browser.post("/api/v1/webhooks", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), answer.text


async def test_an_admin_sends_a_test_to_themselves(world: World, post: Post) -> None:
    browser = (await admin(world)).browser
    answer = await browser.post(f"{SERVER}/test")
    assert answer.status_code == 409
    await browser.put(SERVER, json=server(post.port))
    answer = await browser.post(f"{SERVER}/test")
    assert answer.json() == {"accepted": True, "status": 250, "error": None}
    recipients, letter = await taken(post)
    assert recipients == ["mia@support.example"]
    assert letter["Subject"] == "A test: Understudy"
    await browser.put(SERVER, json=server(free_port()))
    failed = (await browser.post(f"{SERVER}/test")).json()
    assert (failed["accepted"], failed["status"]) == (False, None)
    assert "could not be reached" in failed["error"]


async def test_only_admins_set_the_mail_server_and_nobody_reads_its_password(
    world: World, post: Post
) -> None:
    auditor = await world.operator(Role.AUDITOR, email="ann@support.example")
    manager = await world.operator(Role.SUPPORT_MANAGER, email="lou@support.example")
    browser = (await admin(world)).browser
    given = server(587, host="smtp.example.com", tls="starttls", user="app", password="s3cret")
    answer = await browser.put(SERVER, json=given)
    assert answer.status_code == 200
    assert "s3cret" not in answer.text
    seen = await auditor.browser.get(SERVER)
    assert seen.json()["user"] == "app"
    assert "s3cret" not in seen.text
    assert (await manager.browser.get(SERVER)).status_code == 403
    for who in (auditor, manager):
        assert (await who.browser.put(SERVER, json=given)).status_code == 403
        assert (await who.browser.delete(SERVER)).status_code == 403
        assert (await who.browser.post(f"{SERVER}/test")).status_code == 403
    assert (await world.backend.get(SERVER)).status_code == 403
    loose = server(587, host="evil.example.com", tls="starttls", user="app")
    answer = await browser.put(SERVER, json=loose)
    assert (answer.status_code, answer.json()["field"]) == (422, "password")
