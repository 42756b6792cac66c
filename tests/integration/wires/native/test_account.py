from __future__ import annotations

import httpx
import pytest

from tests.fixtures.service import OWN_SITE, World, client
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.flows.people import set_up
from understudy.http.cookies import OPERATOR_COOKIE

PASSWORD = "a long enough password"
OTHER = "another long password"


async def joined(world: World, email: str = "sam@support.example") -> str:
    """An operator with a real password, by the whole way of an invitation."""
    mara = await world.operator(Role.ADMIN, email=f"admin-of-{email}")
    person = {"email": email, "name": "Sam", "roles": ["support_manager"]}
    invited = (await mara.browser.post("/api/v1/operators", json=person)).json()
    token = invited["invitation_url"].partition("#token=")[2]
    accepted = await world.stranger.post(
        "/api/v1/invitations/accept",
        json={"token": token, "name": "Sam Rivers", "password": PASSWORD},
    )
    assert accepted.status_code == 200, accepted.text
    return email


async def sign_in(world: World, email: str, password: str) -> httpx.Response:
    return await world.stranger.post("/api/v1/sign-in", json={"email": email, "password": password})


def browser(world: World, answer: httpx.Response) -> httpx.AsyncClient:
    """The browser that took the cookie of ``answer``."""
    cookie = answer.headers["set-cookie"].partition(";")[0]
    return client(world.app, headers={"cookie": cookie, **OWN_SITE})


async def test_an_invited_person_chooses_a_password_and_signs_in(world: World) -> None:
    email = await joined(world)
    answer = await sign_in(world, email.upper(), PASSWORD)
    assert answer.status_code == 200
    me = answer.json()
    assert (me["email"], me["name"], me["roles"]) == (email, "Sam Rivers", ["support_manager"])
    assert "impersonation.start" in me["permissions"]
    again = await browser(world, answer).get("/api/v1/me")
    assert again.json() == me


async def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(world: World) -> None:
    email = await joined(world)
    cookie = (await sign_in(world, email, PASSWORD)).headers["set-cookie"]
    assert cookie.startswith(f"{OPERATOR_COOKIE}=uso_")
    for attribute in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


async def test_a_wrong_password_and_an_unknown_address_look_the_same(world: World) -> None:
    email = await joined(world)
    wrong = await sign_in(world, email, OTHER)
    unknown = await sign_in(world, "nobody@support.example", OTHER)
    assert wrong.status_code == unknown.status_code == 401
    assert _without_id(wrong) == _without_id(unknown)
    assert world.logged().count(EventType.OPERATOR_SIGN_IN_FAILED) == 2


@pytest.mark.parametrize("known", [True, False])
async def test_too_many_failures_lock_an_address_that_exists_or_not(
    world: World, known: bool
) -> None:
    email = await joined(world) if known else "nobody@support.example"
    for _ in range(5):
        assert (await sign_in(world, email, OTHER)).status_code == 401
    locked = await sign_in(world, email, PASSWORD)
    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(locked.headers["retry-after"]) <= 61
    world.installation.clock.forward(minutes=1)
    assert (await sign_in(world, email, PASSWORD)).status_code == (200 if known else 401)


async def test_signing_out_ends_this_browsers_sign_in_only(world: World) -> None:
    email = await joined(world)
    first, second = [browser(world, await sign_in(world, email, PASSWORD)) for _ in range(2)]
    answer = await first.post("/api/v1/sign-out")
    assert answer.status_code == 204
    assert f"{OPERATOR_COOKIE}=; Max-Age=0" in answer.headers["set-cookie"]
    assert (await first.get("/api/v1/me")).status_code == 401
    assert (await second.get("/api/v1/me")).status_code == 200


async def test_signing_out_everywhere_ends_sign_ins_and_sessions(world: World) -> None:
    email = await joined(world)
    first, second = [browser(world, await sign_in(world, email, PASSWORD)) for _ in range(2)]
    assert (await first.post("/api/v1/sign-out-everywhere")).status_code == 204
    assert (await second.get("/api/v1/me")).status_code == 401
    assert world.logged()[-1] == EventType.OPERATOR_SIGNED_OUT


async def test_a_new_password_needs_the_old_one_and_ends_other_sign_ins(world: World) -> None:
    email = await joined(world)
    first, second = [browser(world, await sign_in(world, email, PASSWORD)) for _ in range(2)]
    change = {"current_password": OTHER, "new_password": OTHER}
    refused = await first.post("/api/v1/me/password", json=change)
    assert (refused.status_code, refused.json()["field"]) == (422, "current_password")
    changed = await first.post("/api/v1/me/password", json=change | {"current_password": PASSWORD})
    assert changed.status_code == 200
    assert (await browser(world, changed).get("/api/v1/me")).status_code == 200
    for old in (first, second):
        assert (await old.get("/api/v1/me")).status_code == 401
    assert (await sign_in(world, email, PASSWORD)).status_code == 401
    assert (await sign_in(world, email, OTHER)).status_code == 200


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "ababababababab"])
async def test_a_weak_password_is_refused(world: World, password: str) -> None:
    email = await joined(world)
    signed_in = browser(world, await sign_in(world, email, PASSWORD))
    answer = await signed_in.post(
        "/api/v1/me/password", json={"current_password": PASSWORD, "new_password": password}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_a_sign_in_ends_after_thirty_idle_minutes_and_after_twelve_hours(
    world: World,
) -> None:
    email = await joined(world)
    idle = browser(world, await sign_in(world, email, PASSWORD))
    world.installation.clock.forward(minutes=30)
    assert (await idle.get("/api/v1/me")).status_code == 401
    busy = browser(world, await sign_in(world, email, PASSWORD))
    for _ in range(24):
        assert (await busy.get("/api/v1/me")).status_code == 200
        # The sign of life is written behind the answer's back: let the writer come to it.
        world.installation.engine.run(lambda unit: unit.now)
        world.installation.clock.forward(minutes=29, seconds=59)
    world.installation.clock.forward(seconds=24)
    assert (await busy.get("/api/v1/me")).status_code == 401


async def test_the_first_admin_comes_by_the_set_up_link_once(world: World) -> None:
    token = world.installation.engine.run(set_up.offer)
    assert token is not None
    seen = await world.stranger.post("/api/v1/invitations/inspect", json={"token": token})
    assert seen.json()["kind"] == "setup"
    body = {"token": token, "email": "Mara@x.example", "name": "Mara", "password": PASSWORD}
    made = await world.stranger.post("/api/v1/setup", json=body)
    assert made.status_code == 200
    assert (made.json()["email"], made.json()["roles"]) == ("mara@x.example", ["admin"])
    assert (await browser(world, made).get("/api/v1/me")).status_code == 200
    again = await world.stranger.post("/api/v1/setup", json=body)
    assert (again.status_code, again.json()["code"]) == (401, "token_invalid")


async def test_a_set_up_link_is_dead_once_a_newer_one_or_a_day_has_come(world: World) -> None:
    first, second = (world.installation.engine.run(set_up.offer) for _ in range(2))
    for token, hours in ((first, 0), (second, 24)):
        world.installation.clock.forward(hours=hours)
        answer = await world.stranger.post("/api/v1/invitations/inspect", json={"token": token})
        assert answer.status_code == 401


async def test_an_invitation_tells_whom_it_is_for_until_it_is_used_or_expires(
    world: World,
) -> None:
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    person = {"email": "kim@support.example", "name": "Kim", "roles": ["auditor"]}
    invited = (await mara.browser.post("/api/v1/operators", json=person)).json()
    token = {"token": invited["invitation_url"].partition("#token=")[2]}
    seen = await world.stranger.post("/api/v1/invitations/inspect", json=token)
    assert (seen.json()["email"], seen.json()["kind"]) == ("kim@support.example", "operator")
    world.installation.clock.forward(hours=72)
    late = await world.stranger.post("/api/v1/invitations/inspect", json=token)
    assert late.status_code == 401
    accept = token | {"name": "Kim", "password": PASSWORD}
    refused = await world.stranger.post("/api/v1/invitations/accept", json=accept)
    assert refused.status_code == 401


async def test_roles_are_told_with_what_they_include(world: World) -> None:
    mara = await world.operator(Role.ADMIN)
    roles = (await mara.browser.get("/api/v1/roles")).json()["items"]
    assert {role["role"] for role in roles} == {role.value for role in Role}


def _without_id(answer: httpx.Response) -> dict[str, object]:
    return {name: value for name, value in answer.json().items() if name != "request_id"}
