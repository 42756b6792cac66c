"""The whole story in one process: the app's own staff, users, dashboard and session."""

from __future__ import annotations

import asyncio
import queue
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI, Request

from tests.fixtures.embedded import MOUNT, ORIGIN, REASON, Shop, Visitor, open_shop
from understudy import Minted, Understudy, current_impersonation
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import EntryFilter, SessionFilter
from understudy.embedded.link import installation_of
from understudy.embedded.mount.asgi import STOP_SECONDS
from understudy.embedded.plan import APPLICATION_ID
from understudy.flows.applications.administer import rotate_secret
from understudy.flows.origin import Origin


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def opened(tmp_path: Path, shop: Shop) -> AsyncIterator[tuple[FastAPI, Understudy]]:
    async with open_shop(tmp_path / "understudy-data", shop) as both:
        yield both


@pytest.fixture
async def sam(opened: tuple[FastAPI, Understudy]) -> AsyncIterator[Visitor]:
    async with Visitor(opened[0]) as visitor:
        await visitor.get(f"{MOUNT}/")
        yield visitor


def entries(understudy: Understudy) -> Sequence[str]:
    """What the log tells, oldest first."""
    engine = installation_of(understudy).engine()
    return [str(entry.type) for entry in engine.stream_entries(EntryFilter())]


async def search(visitor: Visitor, query: str) -> list[str]:
    address = f"/subjects?application_id={APPLICATION_ID}&query={query}"
    found = (await visitor.call("GET", address)).raise_for_status().json()
    return [user["id"] for user in found["items"]]


async def test_from_the_apps_own_sign_in_to_a_session_and_back(
    opened: tuple[FastAPI, Understudy], sam: Visitor
) -> None:
    assert (await sam.call("GET", "/me")).json()["email"] == "sam@shop.example"
    begun = await sam.become("ada")
    assert (begun.status_code, begun.headers["location"]) == (303, "/")
    assert (await sam.get("/")).json() == {"as": "ada"}
    ended = await sam.post("/_understudy/end", headers={"origin": ORIGIN})
    assert f"url={ORIGIN}{MOUNT}/ended?session=" in ended.headers["refresh"]
    assert (await sam.get("/")).json() == {"as": None}
    # In a browser that is known to have had a session the dashboard goes on as before.
    assert (await sam.start("bob")).status_code == 201
    told = entries(opened[1])
    expected = ["application.created", "subject.saved", "session.started", "session.ended"]
    assert [kind for kind in told if kind in expected] == [*expected, "subject.saved"]


async def test_a_session_reaches_neither_pages_nor_calls_of_the_dashboard(sam: Visitor) -> None:
    await sam.become("ada")
    for path in ("/", "/users", "/api/v1/me", "/oauth2/authorize", "/readyz"):
        assert (await sam.get(MOUNT + path)).status_code == 403, path
    assert (await sam.start("bob")).status_code in (403, 409)
    status = (await sam.get("/_understudy/status")).json()
    assert status["subject"]["id"] == "ada"


async def test_the_mount_itself_refuses_a_session_that_no_guard_has_seen(
    opened: tuple[FastAPI, Understudy], shop: Shop, sam: Visitor
) -> None:
    await sam.become("ada")
    bare = shop.app(opened[1])
    bare.user_middleware.clear()
    async with Visitor(bare) as visitor:
        visitor.cookies = sam.cookies
        answer = await visitor.call("GET", "/me")
        assert (answer.status_code, answer.json()["code"]) == (403, "nested")
        visitor.cookies.delete("__Host-understudy")
        assert (await visitor.call("GET", "/me")).status_code == 200


async def test_nobody_but_staff_gets_anything(opened: tuple[FastAPI, Understudy]) -> None:
    async with Visitor(opened[0], staff=None) as visitor:
        await visitor.get(f"{MOUNT}/")
        assert (await visitor.call("GET", "/me")).status_code == 401
        assert (await visitor.start("ada")).status_code == 401


async def test_an_app_that_cannot_say_who_is_there_lets_nobody_on(
    opened: tuple[FastAPI, Understudy], shop: Shop, sam: Visitor
) -> None:
    shop.forgets_staff = True
    assert (await sam.call("GET", "/me")).status_code == 503


async def test_whom_the_app_finds_is_in_the_directory_with_what_it_says(
    opened: tuple[FastAPI, Understudy], shop: Shop, sam: Visitor
) -> None:
    assert await search(sam, "acme") == ["ada"]
    assert await search(sam, "") == ["ada", "bob"]
    before = len(entries(opened[1]))
    assert await search(sam, "") == ["ada", "bob"]
    assert len(entries(opened[1])) == before
    shop.change("bob", organization_name="Acme Ltd", name="Robert")
    bob = (await sam.call("GET", f"/subjects/bob?application_id={APPLICATION_ID}")).json()
    assert (bob["name"], bob["organization"]["name"]) == ("Robert", "Acme Ltd")


async def test_a_user_whom_the_app_has_no_more_is_nobody_to_become(
    opened: tuple[FastAPI, Understudy], shop: Shop, sam: Visitor
) -> None:
    assert await search(sam, "ada") == ["ada"]
    del shop.users["ada"]
    assert await search(sam, "ada") == []
    refused = await sam.start("ada")
    assert (refused.status_code, refused.json()["code"]) == (403, "refused")
    assert "subject.deleted" in entries(opened[1])


async def test_users_are_changed_in_the_app_and_nowhere_else(shop: Shop, sam: Visitor) -> None:
    shop.staff["sam"] = replace(shop.staff["sam"], roles=["admin"])
    await sam.get(f"{MOUNT}/")
    assert await search(sam, "ada") == ["ada"]
    here = f"?application_id={APPLICATION_ID}"
    for method, path, sent in (
        ("PUT", "/subjects/ada", {"protected": True}),
        ("DELETE", "/subjects/ada", None),
        ("PUT", "/organizations/acme", {"name": "Acme"}),
        ("DELETE", "/organizations/acme", None),
    ):
        refused = await sam.call(method, path + here, sent)
        assert (refused.status_code, refused.json()["code"]) == (409, "managed_by_app"), path
    address = f"{MOUNT}/api/v1/subjects/import{here}"
    file = await sam.post(address, content="id\neve\n", headers={"content-type": "text/csv"})
    assert (file.status_code, file.json()["code"]) == (409, "managed_by_app")


async def test_a_problem_is_explained_where_the_reference_is(sam: Visitor) -> None:
    refused = await sam.call("GET", "/subjects/nobody")
    address, _, name = refused.json()["type"].partition("#")
    assert (address, name) == (f"{MOUNT}/docs", f"problem-{refused.json()['code']}")
    reference = await sam.get(address)
    assert reference.status_code == 200
    assert f'id="{name}"' in reference.text


async def test_a_protected_user_is_never_impersonated_however_lately_that_was_decided(
    shop: Shop, sam: Visitor
) -> None:
    assert (await sam.start("ada")).status_code == 201
    shop.change("ada", protected=True)
    assert (await sam.start("ada")).status_code == 403


async def test_nobody_starts_while_the_apps_table_is_away(shop: Shop, sam: Visitor) -> None:
    shop.away = True
    assert (await sam.start("ada")).status_code == 503
    address = f"/subjects?application_id={APPLICATION_ID}&query=a"
    assert (await sam.call("GET", address)).status_code == 503


async def test_another_application_of_the_installation_is_not_asked_of_the_app(
    opened: tuple[FastAPI, Understudy], shop: Shop
) -> None:
    shop.staff["ann"] = type(shop.staff["sam"])(
        id="ann", email="ann@shop.example", name="Ann", roles=["admin"]
    )
    shop.away = True
    async with Visitor(opened[0], staff="ann") as ann:
        await ann.get(f"{MOUNT}/")
        settings = {"redirect_urls": ["https://other.example/_understudy/callback"]}
        made = {"name": "Other", "vertical": "b2b", "settings": settings}
        other = (await ann.call("POST", "/applications", made)).raise_for_status().json()
        address = f"/subjects?application_id={other['application']['id']}&query="
        assert (await ann.call("GET", address)).json()["items"] == []


async def test_a_visit_in_another_event_loop_is_served_as_well(
    opened: tuple[FastAPI, Understudy], sam: Visitor
) -> None:
    def elsewhere() -> int:
        async def visit() -> int:
            async with Visitor(opened[0]) as visitor:
                return (await visitor.get(f"{MOUNT}/")).status_code

        return asyncio.run(visit())

    for _ in range(2):
        assert await asyncio.to_thread(elsewhere) == 200
    assert (await sam.call("GET", "/me")).status_code == 200


async def test_pages_are_below_the_mount_and_lead_to_the_apps_own_host(sam: Visitor) -> None:
    page = await sam.get(f"{MOUNT}/users")
    assert f'<base href="{MOUNT}/">' in page.text
    # What browsers are told of the whole host is the app's to say.
    assert "strict-transport-security" not in page.headers
    elsewhere = await sam.get(
        f"{MOUNT}/users?query=a", headers={"host": "localhost:8000", "accept": "text/html"}
    )
    assert elsewhere.headers["location"] == f"{ORIGIN}{MOUNT}/users?query=a"
    told = await sam.get(f"{MOUNT}/.well-known/oauth-authorization-server")
    assert told.json()["issuer"] == ORIGIN + MOUNT
    assert told.json()["authorization_endpoint"] == f"{ORIGIN}{MOUNT}/oauth2/authorize"


async def test_an_old_sign_in_is_to_be_confirmed_by_the_apps_own_password(
    tmp_path: Path, shop: Shop
) -> None:
    def check(request: Request, password: str) -> bool:
        return request.headers["x-staff"] == "sam" and password == "correct horse"

    shop.staff["sam"] = replace(shop.staff["sam"], signed_in_at=None)
    options = {"check_password": check, "sign_in_at": "/login"}
    async with open_shop(tmp_path / "data", shop, options) as (app, _), Visitor(app) as sam:
        await sam.get(f"{MOUNT}/")
        refused = await sam.start("ada")
        assert (refused.status_code, refused.json()["code"]) == (403, "recent_sign_in_required")
        assert refused.json()["sign_in"] == "/login"
        assert (await sam.call("POST", "/me/confirm", {"password": "wrong"})).is_client_error
        confirmed = await sam.call("POST", "/me/confirm", {"password": "correct horse"})
        assert confirmed.is_success
        assert (await sam.start("ada")).status_code == 201


async def test_an_app_that_cannot_check_a_password_confirms_nothing_and_tells_it_to_nobody(
    tmp_path: Path, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    def check(request: Request, password: str) -> bool:
        raise ConnectionError(f"no answer about {password}")

    shop.staff["sam"] = replace(shop.staff["sam"], signed_in_at=None)
    async with open_shop(tmp_path / "data", shop, {"check_password": check}) as (app, understudy):
        async with Visitor(app) as sam:
            await sam.get(f"{MOUNT}/")
            for _ in range(6):
                failed = await sam.call("POST", "/me/confirm", {"password": "correct horse"})
                assert (failed.status_code, failed.json()["code"]) == (503, "unavailable")
            assert (await sam.start("ada")).status_code == 403
        assert "operator.sign_in_failed" not in entries(understudy)
    assert "ConnectionError" in caplog.text
    assert "correct horse" not in caplog.text


async def test_closing_on_the_apps_own_loop_waits_for_nothing_there(
    opened: tuple[FastAPI, Understudy], sam: Visitor
) -> None:
    began = time.monotonic()
    opened[1].close()
    assert time.monotonic() - began < STOP_SECONDS
    # And the next visit opens it again.
    assert (await sam.call("GET", "/me")).status_code == 200


async def test_a_backend_that_exchanges_by_http_gets_whom_the_app_has(
    opened: tuple[FastAPI, Understudy], shop: Shop
) -> None:
    made = (
        installation_of(opened[1])
        .engine()
        .run(
            lambda unit: rotate_secret(
                unit, APPLICATION_ID, overlap=timedelta(0), by=SYSTEM, origin=Origin()
            )
        )
    )
    async with Visitor(opened[0], staff=None) as backend:
        backend.auth = (APPLICATION_ID, made.secret)
        actor = {"id": "kim", "email": "kim@shop.example", "name": "Kim"}
        asked = {"subject_id": "ada", "actor": actor, "reason": REASON}
        tokens = []
        for _ in range(2):
            started = await backend.call("POST", "/impersonations", asked)
            tokens.append({"impersonation_token": started.json()["impersonation_token"]})
        shop.change("ada", name="Countess Lovelace")
        opened_session = await backend.call("POST", "/impersonations/exchange", tokens[0])
        assert opened_session.json()["subject"]["name"] == "Countess Lovelace"
        held = {"session_token": opened_session.json()["session_token"]}
        shop.away = True
        assert (await backend.call("POST", "/sessions/refresh", held)).status_code == 200
        assert (
            await backend.call("POST", "/impersonations/exchange", tokens[1])
        ).status_code == 503
        shop.away = False
        shop.change("ada", protected=True)
        over = await backend.call("POST", "/sessions/refresh", held)
        assert over.json()["rule"] == "subject_protected"
        refused = await backend.call("POST", "/impersonations/exchange", tokens[1])
        assert refused.json()["code"] == "token_invalid"


async def test_what_was_made_in_a_session_is_revoked_by_the_app(tmp_path: Path, shop: Shop) -> None:
    revoked: queue.SimpleQueue[Minted] = queue.SimpleQueue()
    async with open_shop(tmp_path / "understudy-data", shop) as (app, understudy):
        understudy.on_minted(revoked.put)

        @app.post("/integrations")
        def make_a_key() -> None:
            impersonation = current_impersonation()
            assert impersonation is not None
            impersonation.minted("api_key", "key 7")

        async with Visitor(app) as visitor:
            await visitor.get(f"{MOUNT}/")
            await visitor.become("ada")
            await visitor.get("/")
            marked = {"origin": ORIGIN, "understudy-page": live_session(understudy)}
            assert (await visitor.post("/integrations", headers=marked)).status_code == 200
            await visitor.post("/_understudy/end", headers={"origin": ORIGIN})
            found = await asyncio.to_thread(revoked.get, timeout=30)
            assert (found.kind, found.reference) == ("api_key", "key 7")
    # Closed, so that all is in the log: nothing is left for whoever opens it next.
    async with open_shop(tmp_path / "understudy-data", shop) as (_, again):
        assert installation_of(again).gateway().minted() == []
        told = entries(again)
    expected = ["credential.minted", "session.ended", "credential.revoked"]
    assert sorted(kind for kind in told if kind in expected) == sorted(expected)


def live_session(understudy: Understudy) -> str:
    """The id of the one that goes on."""
    with installation_of(understudy).engine().reading() as reader:
        (session,) = reader.sessions.live(SessionFilter(application_id=APPLICATION_ID))
    return session.id
