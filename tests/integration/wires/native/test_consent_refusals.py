"""Consent that is not the user's own, over HTTP: nobody writes it, replays it or guesses it."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import BasicAuth

from tests.fixtures.service import REASON, SignedInOperator, World
from tests.integration.wires.native.test_consents import REQUESTS, asked, asks, started
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role

USER = "/api/v1/subjects/ada"
GIVING: dict[str, Any] = {
    f"{USER}/consents": {},
    f"{USER}/consent-requests/{{id}}/allow": None,
    f"{USER}/consent-requests/{{id}}/code": None,
    f"{USER}/consent-requests/{{id}}/decline": None,
    f"{USER}/consents/withdraw": None,
}
WRONG = "HELP 0000 000"


async def code_for(world: World, request: dict[str, Any]) -> str:
    path = f"{USER}/consent-requests/{request['id']}/code"
    answer = await world.backend.post(path)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


async def said(staff: SignedInOperator, request: dict[str, Any], code: str) -> tuple[int, Any]:
    path = f"{REQUESTS}/{request['id']}/redeem"
    answer = await staff.browser.post(path, json={"code": code})
    return answer.status_code, answer.json().get("rule", answer.json().get("kind"))


async def asked_again(world: World, staff: SignedInOperator) -> dict[str, Any]:
    body = {"application_id": world.application.id, "subject_id": "ada", "reason": REASON}
    answer = await staff.browser.post(REQUESTS, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


# --- written by staff ---


@pytest.mark.parametrize("path", GIVING)
async def test_a_superuser_answers_nothing_for_a_user_over_the_api(world: World, path: str) -> None:
    staff, request = await asked(world)
    root = await world.operator(*Role, email="root@support.example")
    for who in (root, staff):
        where = path.format(id=request["id"]) + f"?application_id={world.application.id}"
        answer = await who.browser.post(where, json=GIVING[path])
        assert answer.status_code in (403, 422), answer.text
        answer = await who.browser.post(path.format(id=request["id"]), json=GIVING[path])
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
        assert world.logged()[-1] == EventType.CONSENT_REFUSED
    state = await staff.browser.get(f"{REQUESTS}/{request['id']}")
    assert state.json()["state"] == "pending"
    assert await started(world, staff) == "consent_missing"


@pytest.mark.parametrize("path", GIVING)
async def test_a_cookie_beside_the_secret_is_nobody(world: World, path: str) -> None:
    staff, request = await asked(world)
    both = BasicAuth(world.application.id, world.secret)
    where = path.format(id=request["id"])
    answer = await staff.browser.post(where, json=GIVING[path], auth=both)
    assert answer.status_code in (400, 403), answer.text
    assert await started(world, staff) == "consent_missing"


# --- replayed, guessed, of another request ---


async def test_a_code_is_good_once(world: World) -> None:
    staff, request = await asked(world)
    code = await code_for(world, request)
    assert await said(staff, request, code) == (200, "once")
    assert await said(staff, request, code) == (403, "code_refused")
    assert await started(world, staff) is None
    assert await said(staff, request, code) == (403, "code_refused")
    assert await started(world, staff) == "consent_missing"


async def test_a_code_is_good_for_its_own_request(world: World) -> None:
    staff, request = await asked(world)
    code = await code_for(world, request)
    again = await asked_again(world, staff)
    assert await said(staff, again, code) == (403, "code_refused")
    assert await said(staff, request, code) == (403, "code_refused")
    assert await started(world, staff) == "consent_missing"


async def test_a_code_is_none_after_five_tries(world: World) -> None:
    await asks(world, "ask")
    request = await by_kim(world)
    for _ in range(5):
        assert await guessed(world, request, WRONG) == "code_refused"
    assert await right_one(world, request) == "code_refused"


async def test_after_ten_wrong_codes_none_is_right_and_at_the_twentieth_one_is_frozen(
    world: World,
) -> None:
    await asks(world, "ask")
    for wrong in range(19):
        if wrong % 5 == 0:
            request = await by_kim(world)
        if wrong == 10:
            # The eleventh of a day is refused, be it right.
            assert await right_one(world, request) == "code_refused"
            world.installation.clock.forward(hours=25)
            request = await by_kim(world)
        assert EventType.CASE_OPENED not in world.logged()
        assert await guessed(world, request, WRONG) == "code_refused"
    assert EventType.CASE_OPENED in world.logged()
    body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
    answer = await world.backend.post("/api/v1/impersonations", json=body)
    assert (answer.status_code, answer.json()["rule"]) == (403, "actor_frozen")


async def by_kim(world: World) -> str:
    """The id of what somebody asks whom the application names."""
    body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
    answer = await world.backend.post(REQUESTS, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def guessed(world: World, request: str, code: str) -> str | None:
    answer = await world.backend.post(f"{REQUESTS}/{request}/redeem", json={"code": code})
    return None if answer.status_code == 200 else str(answer.json()["rule"])


async def right_one(world: World, request: str) -> str | None:
    """What comes of the code that the user was shown."""
    return await guessed(world, request, await code_for(world, {"id": request}))


# --- of another application ---


async def test_another_application_answers_nothing_for_this_ones_users(world: World) -> None:
    staff, request = await asked(world)
    other = world.other_application()
    for path, body in GIVING.items():
        answer = await other.backend.post(path.format(id=request["id"]), json=body)
        assert answer.status_code == 404, answer.text
    redeem = f"{REQUESTS}/{request['id']}/redeem"
    code = {"code": await code_for(world, request)}
    assert (await other.backend.post(redeem, json=code)).status_code == 404
    assert await started(world, staff) == "consent_missing"
