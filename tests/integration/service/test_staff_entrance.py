"""Staff of an app that embeds the service: who comes in, who stays in, and what they may begin."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.fixtures import service
from tests.fixtures.event_stream import PATIENCE_SECONDS, listening
from tests.fixtures.service import OWN_SITE, REASON, World
from tests.fixtures.staffing import PASSWORD, SIGN_IN_AT, AppBrowser, AppStaffing, member
from understudy.config import Settings
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator, OperatorStatus
from understudy.core.people.staff import RECENT_SIGN_IN
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.flows.people.lock import FREE_FAILURES
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.service.app import create_app
from understudy.wires.native.events import STAFF_LISTENS

SUPPORT = "support_manager"
PAGE = '<base href="/"><meta name="understudy-staff" content="">page'


@pytest.fixture
def staffing() -> AppStaffing:
    return AppStaffing()


@pytest.fixture
async def world(tmp_path: Path, staffing: AppStaffing) -> AsyncIterator[World]:
    """A service in an app that says who is staff."""
    built = tmp_path / "built"
    built.mkdir()
    (built / "index.html").write_text(PAGE)
    async with service.world(tmp_path, folder=built, staffing=staffing) as found:
        yield found


@pytest.fixture
def browser(world: World) -> AppBrowser:
    """Somebody of the support in a browser, who has just signed in to the app."""
    return AppBrowser(app=world.app, staff=member(SUPPORT, signed_in_at=world.app.node.clock()))


async def _entered(browser: AppBrowser) -> httpx.Response:
    page = await browser.get("/users")
    assert page.status_code == 200
    return page


def _operator(world: World, staff_id: str = "17") -> Operator:
    with world.installation.engine.reading() as reader:
        found = reader.operators.by_staff_id(staff_id)
    assert found is not None
    return found


def _told(world: World) -> list[str]:
    return [kind for kind in world.logged() if kind.startswith("operator.")]


async def _ask(browser: AppBrowser, world: World) -> httpx.Response:
    body = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    return await browser.post("/api/v1/impersonations", body)


def _refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)


# --- coming in


async def test_a_page_signs_in_whom_the_app_has_signed_in(
    world: World, browser: AppBrowser
) -> None:
    page = await _entered(browser)
    assert page.headers["set-cookie"].startswith(f"{OPERATOR_COOKIE}=")
    assert "HttpOnly; Secure; SameSite=Lax; Path=/" in page.headers["set-cookie"]
    me = (await browser.get("/api/v1/me")).json()
    assert (me["id"], me["email"], me["roles"]) == (
        _operator(world).id,
        "staff-17@app.example",
        [SUPPORT],
    )
    assert _told(world) == ["operator.joined", "operator.signed_in"]


async def test_a_second_page_finds_the_sign_in_of_the_first(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    assert "set-cookie" not in (await _entered(browser)).headers
    assert _told(world) == ["operator.joined", "operator.signed_in"]


async def test_a_page_without_staff_lets_nobody_in_and_says_where_to_sign_in(
    world: World, browser: AppBrowser
) -> None:
    browser.staff = None
    page = await _entered(browser)
    assert "set-cookie" not in page.headers
    found = re.search(r'name="understudy-staff" content="([^"]*)"', page.text)
    assert found is not None
    assert json.loads(html.unescape(found[1])) == {"sign_in_at": SIGN_IN_AT, "home": "/"}
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")
    assert _told(world) == []


async def test_an_api_call_signs_nobody_in(world: World, browser: AppBrowser) -> None:
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")
    assert _told(world) == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST"])
async def test_only_opening_a_page_signs_in(world: World, browser: AppBrowser, method: str) -> None:
    answer = await browser.client.request(method, "/users")
    assert "set-cookie" not in answer.headers
    assert _told(world) == []


async def test_headers_make_nobody_staff(world: World, browser: AppBrowser) -> None:
    browser.staff = None
    browser.client.headers.update({"understudy.staff": "17", "x-understudy-staff": "17"})
    await _entered(browser)
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")
    assert _told(world) == []


@pytest.mark.parametrize(
    ("asked", "onwards"),
    [
        ("/sign-in?next=/users/ada%3Fimpersonate", "/app/users/ada?impersonate"),
        ("/sign-in", "/app/"),
        ("/sign-in?next=https://evil.example", "/app/"),
        ("/sign-in?next=//evil.example", "/app/"),
        ("/sign-in?next=/%5Cevil.example", "/app/"),
        ("/setup", "/app/"),
        ("/invitation", "/app/"),
    ],
)
async def test_whoever_is_in_needs_no_entrance(
    browser: AppBrowser, asked: str, onwards: str
) -> None:
    browser.root_path = "/app"
    answer = await browser.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (303, onwards)
    assert "set-cookie" in answer.headers


async def test_somebody_disabled_here_reads_why_and_stays_out(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    off = team.OperatorChange(status=OperatorStatus.DISABLED)
    world.installation.engine.run(
        lambda unit: team.update(unit, _operator(world).id, off, by=SYSTEM, origin=Origin())
    )
    page = await browser.get("/users")
    assert page.status_code == 403
    assert "disabled" in page.text
    assert "set-cookie" not in page.headers
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")


async def test_the_address_of_an_account_here_is_not_taken_over(
    world: World, browser: AppBrowser
) -> None:
    await world.operator(Role.ADMIN, email="staff-17@app.example")
    page = await browser.get("/users")
    assert page.status_code == 403
    assert "Somebody else has your e-mail address" in page.text
    assert "set-cookie" not in page.headers


async def test_an_account_of_before_does_not_go_on_in_the_app(
    world: World, browser: AppBrowser
) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    _refused(await mara.browser.get("/api/v1/me"), 401, "not_signed_in")
    browser.client.headers["cookie"] = mara.browser.headers["cookie"]
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")


# --- staying in


async def test_a_cookie_without_its_owner_is_nobodys_and_ends(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    thief = AppBrowser(app=world.app)
    thief.client.cookies = browser.client.cookies
    _refused(await thief.get("/api/v1/me"), 401, "not_signed_in")
    assert _told(world)[-1] == "operator.signed_out"
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")


async def test_leaving_the_app_ends_the_sign_in_and_a_replay_is_refused(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    kim, browser.staff = browser.staff, None
    _refused(await browser.get("/api/v1/sessions"), 401, "not_signed_in")
    browser.staff = kim
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")
    assert _told(world) == ["operator.joined", "operator.signed_in", "operator.signed_out"]
    await _entered(browser)
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_another_of_the_staff_is_not_served_the_sign_in_of_the_first(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    browser.staff = member("admin", id="18")
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")
    await _entered(browser)
    assert (await browser.get("/api/v1/me")).json()["id"] == _operator(world, "18").id


async def test_a_page_of_another_of_the_staff_ends_the_sign_in_of_the_first(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    first = dict(browser.client.cookies)
    kim, browser.staff = browser.staff, member("admin", id="18")
    await _entered(browser)
    assert (await browser.get("/api/v1/me")).json()["id"] == _operator(world, "18").id
    replay = AppBrowser(app=world.app, staff=kim)
    replay.client.cookies.update(first)
    _refused(await replay.get("/api/v1/me"), 401, "not_signed_in")


async def test_whoever_is_demoted_is_out_at_once_and_back_with_less(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    browser.becomes(roles=("auditor",))
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")
    assert _operator(world).roles == {Role.AUDITOR}
    assert _told(world)[-2:] == ["operator.signed_out", "operator.updated"]
    await _entered(browser)
    assert (await browser.get("/api/v1/me")).json()["roles"] == ["auditor"]
    _refused(await _ask(browser, world), 403, "permission_missing")


async def test_where_the_app_cannot_say_nothing_is_served_and_nothing_ends(
    world: World, browser: AppBrowser, staffing: AppStaffing
) -> None:
    await _entered(browser)
    staffing.away = True
    _refused(await browser.get("/api/v1/me"), 503, "unavailable")
    _refused(await browser.get("/users"), 503, "unavailable")
    staffing.away = False
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_without_its_owner_a_cookie_carries_no_grant_into_the_app(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    grant = (await _ask(browser, world)).json()["grant"]["id"]
    assert (await browser.post(f"/api/v1/grants/{grant}/launch")).status_code == 200
    asked = {
        "client_id": world.application.id,
        "redirect_uri": service.REDIRECT_URL,
        "response_type": "code",
        "login_hint": grant,
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        "state": "s",
    }
    thief = AppBrowser(app=world.app, staff=member(SUPPORT, id="18"))
    thief.client.cookies = browser.client.cookies
    sent = await thief.get("/oauth2/authorize", params=asked)
    assert "error=access_denied" in sent.headers["location"]
    assert "code=" not in sent.headers["location"]


async def test_beside_the_app_a_sign_in_of_its_staff_is_nobodys(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    found = world.installation
    beside = create_app(found.engine, found.database, Settings(rate_multiplier=0.0))
    async with service.client(beside, headers={"cookie": browser.cookie, **OWN_SITE}) as other:
        _refused(await other.get("/api/v1/me"), 401, "not_signed_in")
    assert (await browser.get("/api/v1/me")).status_code == 200


async def test_a_stream_asks_anew_who_listens(world: World, browser: AppBrowser) -> None:
    await _entered(browser)
    async with listening(browser.mounted, cookie=browser.cookie) as stream:
        await stream.next("heartbeat")
        browser.staff = None
        world.installation.clock.now += STAFF_LISTENS
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stream.closed.wait()
    _refused(await browser.get("/api/v1/events/stream"), 401, "not_signed_in")


# --- what is not there


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/sign-in", {"email": "staff-17@app.example", "password": PASSWORD}),
        ("/api/v1/setup", {}),
        ("/api/v1/invitations/inspect", {"token": "t"}),
        ("/api/v1/invitations/accept", {}),
        ("/api/v1/me/password", {}),
        ("/api/v1/operators", {"email": "a@b.example", "name": "A", "roles": ["admin"]}),
        ("/api/v1/operators/opr_1/invite", None),
    ],
)
async def test_passwords_of_the_installation_are_not_there(
    browser: AppBrowser, path: str, body: object
) -> None:
    browser.becomes(roles=("admin",))
    await _entered(browser)
    _refused(await browser.post(path, body), 404, "not_found")


async def test_an_admin_disables_staff_but_leaves_their_roles_to_the_app(
    world: World, browser: AppBrowser
) -> None:
    await _entered(browser)
    kim = _operator(world).id
    admin = AppBrowser(app=world.app, staff=member("admin", id="18"))
    await _entered(admin)

    async def change(**body: object) -> httpx.Response:
        return await admin.client.patch(f"/api/v1/operators/{kim}", json=body)

    _refused(await change(roles=["admin"]), 409, "managed_by_app")
    _refused(await change(name="Kimberly"), 409, "managed_by_app")
    assert (await change(status="disabled")).json()["signed_in_by"] == "app"
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")


# --- a recent sign-in


async def test_me_says_how_one_is_signed_in(world: World, browser: AppBrowser) -> None:
    await _entered(browser)
    me = (await browser.get("/api/v1/me")).json()
    assert (me["signed_in_by"], me["confirms_password"], me["sign_in_at"]) == (
        "app",
        True,
        SIGN_IN_AT,
    )
    assert me["recent_sign_in_until"] is not None
    browser.becomes(signed_in_at=None)
    assert (await browser.get("/api/v1/me")).json()["recent_sign_in_until"] is None


async def test_whoever_has_just_signed_in_begins_at_once(world: World, browser: AppBrowser) -> None:
    await _entered(browser)
    assert (await _ask(browser, world)).status_code == 201


@pytest.mark.parametrize("ago", [None, RECENT_SIGN_IN, timedelta(days=-1)])
async def test_an_old_sign_in_begins_and_launches_nothing(
    world: World, browser: AppBrowser, ago: timedelta | None
) -> None:
    await _entered(browser)
    grant = (await _ask(browser, world)).json()["grant"]["id"]
    now = world.app.node.clock()
    browser.becomes(signed_in_at=None if ago is None else now - ago)
    asked = await _ask(browser, world)
    _refused(asked, 403, "recent_sign_in_required")
    assert (asked.json()["sign_in"], asked.json()["password"]) == (SIGN_IN_AT, True)
    launched = await browser.post(f"/api/v1/grants/{grant}/launch")
    _refused(launched, 403, "recent_sign_in_required")
    # Looking, and ending, go on.
    assert (await browser.get(f"/api/v1/grants/{grant}")).status_code == 200
    assert (await browser.post(f"/api/v1/grants/{grant}/cancel")).status_code == 200


async def test_a_confirmed_password_is_as_good_as_a_sign_in(
    world: World, browser: AppBrowser
) -> None:
    browser.becomes(signed_in_at=None)
    await _entered(browser)
    _refused(await _ask(browser, world), 403, "recent_sign_in_required")
    me = await browser.post("/api/v1/me/confirm", {"password": PASSWORD})
    assert me.status_code == 200
    assert me.json()["recent_sign_in_until"] is not None
    assert (await _ask(browser, world)).status_code == 201
    assert "operator.confirmed" in _told(world)


async def test_a_password_confirms_the_sign_in_in_which_it_was_said(
    world: World, browser: AppBrowser
) -> None:
    browser.becomes(signed_in_at=None)
    await _entered(browser)
    await browser.post("/api/v1/me/confirm", {"password": PASSWORD})
    other = AppBrowser(app=world.app, staff=browser.staff)
    await _entered(other)
    _refused(await _ask(other, world), 403, "recent_sign_in_required")


async def test_wrong_passwords_are_counted_against_the_person(
    world: World, browser: AppBrowser, staffing: AppStaffing
) -> None:
    browser.becomes(signed_in_at=None)
    for _ in range(FREE_FAILURES):
        # A fresh sign-in each time, which costs whoever guesses nothing.
        browser.client.cookies.clear()
        await _entered(browser)
        wrong = await browser.post("/api/v1/me/confirm", {"password": "a guess"})
        _refused(wrong, 422, "invalid_input")
    locked = await browser.post("/api/v1/me/confirm", {"password": PASSWORD})
    _refused(locked, 429, "too_many_requests")
    assert staffing.asked == ["a guess"] * FREE_FAILURES
    assert _told(world).count("operator.sign_in_failed") == FREE_FAILURES
    _refused(await _ask(browser, world), 403, "recent_sign_in_required")


async def test_where_the_app_checks_no_passwords_only_signing_in_helps(
    world: World, browser: AppBrowser, staffing: AppStaffing
) -> None:
    staffing.checks_passwords = False
    browser.becomes(signed_in_at=None)
    await _entered(browser)
    confirming = await browser.post("/api/v1/me/confirm", {"password": PASSWORD})
    _refused(confirming, 404, "not_found")
    asked = await _ask(browser, world)
    _refused(asked, 403, "recent_sign_in_required")
    assert asked.json()["password"] is False


async def test_the_app_itself_begins_without_any_of_it(world: World) -> None:
    assert (await world.start())["impersonation_token"]


async def test_signing_out_here_ends_the_sign_in(world: World, browser: AppBrowser) -> None:
    await _entered(browser)
    assert (await browser.post("/api/v1/sign-out")).status_code == 204
    _refused(await browser.get("/api/v1/me"), 401, "not_signed_in")
    assert _told(world)[-1] == "operator.signed_out"
