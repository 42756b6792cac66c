"""Token exchange (RFC 8693) and the refresh token grant at the token endpoint."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt as pyjwt
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.fixtures.service import BASE, REASON, SignedInOperator, World
from tests.integration.wires.oauth.test_authorize_calls import code_for
from tests.integration.wires.oauth.test_authorize_calls import redeeming as redeeming_code
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Status
from understudy.flows.applications import administer
from understudy.flows.origin import Origin

TOKEN = "/oauth2/token"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT = "urn:ietf:params:oauth:token-type:jwt"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
IMPERSONATION = "urn:understudy:params:oauth:token-type:impersonation-token"


def redeeming(token: str, **changes: Any) -> dict[str, Any]:
    asked = {"grant_type": EXCHANGE, "subject_token": token, "subject_token_type": IMPERSONATION}
    return {name: value for name, value in (asked | changes).items() if value is not None}


async def posted(client: httpx.AsyncClient, form: dict[str, Any]) -> httpx.Response:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return await client.post(TOKEN, content=urlencode(form, doseq=True), headers=headers)


async def token_of(world: World, **changes: Any) -> str:
    return str((await world.start(**changes))["impersonation_token"])


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.json().keys() == {"error", "error_description"}
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


async def claims_of(world: World, token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set((await world.stranger.get("/.well-known/jwks.json")).json())
    decoded = jwt.decode(token, keys, algorithms=["RS256"])
    assert decoded.header["typ"] == "at+jwt"
    return dict(decoded.claims)


async def test_an_impersonation_token_becomes_a_jwt_with_both_people(world: World) -> None:
    answer = await posted(world.backend, redeeming(await token_of(world)))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told.keys() == {
        "access_token",
        "issued_token_type",
        "token_type",
        "expires_in",
        "refresh_token",
        "scope",
    }
    assert told["issued_token_type"] == ACCESS_TOKEN
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 300, "full")
    claims = await claims_of(world, told["access_token"])
    assert claims["sub"] == "ada"
    assert claims["act"] == {"iss": f"{BASE}/applications/{world.application.id}", "sub": "kim"}
    assert claims["aud"] == claims["client_id"] == world.application.id


@pytest.mark.parametrize(
    "changes",
    [
        {"requested_token_type": JWT},
        {"requested_token_type": ""},
        {"scope": "full"},
        {"scope": ""},
        {"actor_token": "", "actor_token_type": ""},
        {"resource": ["https://billing.example", "https://billing.example/"]},
        {"unknown": "parameter"},
    ],
)
async def test_what_the_standard_leaves_open_may_be_asked_for(
    world: World, changes: dict[str, Any]
) -> None:
    token = await token_of(world)
    own = {"audience": [world.application.id, world.application.id]}
    answer = await posted(world.backend, redeeming(token, **changes, **own))
    assert answer.status_code == 200, answer.text
    assert answer.json()["issued_token_type"] == changes.get("requested_token_type") or ACCESS_TOKEN


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"subject_token": None}, "invalid_request"),
        ({"subject_token": ""}, "invalid_request"),
        ({"subject_token_type": None}, "invalid_request"),
        ({"subject_token_type": ACCESS_TOKEN}, "invalid_request"),
        ({"actor_token_type": JWT}, "invalid_request"),
        ({"actor_token": "a.b.c"}, "invalid_request"),
        ({"requested_token_type": "urn:ietf:params:oauth:token-type:saml2"}, "invalid_request"),
        ({"subject_token": ["usi_1", "usi_2"]}, "invalid_request"),
        ({"scope": ["full", "full"]}, "invalid_request"),
        ({"audience": "app_of_somebody"}, "invalid_target"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
        ({"resource": ["https://billing.example", "https://elsewhere.example"]}, "invalid_target"),
        ({"resource": "https://billing.example#part"}, "invalid_target"),
        ({"resource": "not a uri"}, "invalid_target"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": "read_only"}, "invalid_scope"),
        ({"scope": "full read_only"}, "invalid_scope"),
    ],
)
async def test_a_request_that_is_not_one_uses_nothing_up(
    world: World, changes: dict[str, Any], error: str
) -> None:
    token = await token_of(world)
    answer = await posted(world.backend, redeeming(token, **changes))
    assert refused(answer) == (400, error)
    assert (await posted(world.backend, redeeming(token))).status_code == 200


async def test_a_read_only_grant_never_becomes_a_full_one(world: World) -> None:
    token = await token_of(world, scope="read_only")
    assert refused(await posted(world.backend, redeeming(token, scope="full"))) == (
        400,
        "invalid_scope",
    )
    answer = await posted(world.backend, redeeming(token, scope="read_only"))
    assert answer.json()["scope"] == "read_only"
    assert (await claims_of(world, answer.json()["access_token"]))["scope"] == "read_only"


async def test_a_second_use_is_refused_and_ends_the_session(world: World) -> None:
    token = await token_of(world)
    first = (await posted(world.backend, redeeming(token))).json()
    assert refused(await posted(world.backend, redeeming(token))) == (400, "invalid_request")
    assert world.logged()[-2:] == [EventType.TOKEN_REPLAYED, EventType.SESSION_REVOKED]
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert refused(await posted(world.backend, again)) == (400, "invalid_grant")


async def test_of_many_at_once_one_gets_the_session_and_then_nobody_has_it(world: World) -> None:
    form = redeeming(await token_of(world))
    answers = await asyncio.gather(*(posted(world.backend, form) for _ in range(5)))
    (first,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert [refused(answer) for answer in answers if answer.status_code != 200] == [
        (400, "invalid_request")
    ] * 4
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert refused(await posted(world.backend, again)) == (400, "invalid_grant")


async def test_a_wrong_scope_hides_no_second_use(world: World) -> None:
    token = await token_of(world)
    await posted(world.backend, redeeming(token))
    again = await posted(world.backend, redeeming(token, scope="read_only"))
    assert refused(again) == (400, "invalid_request")
    assert world.logged()[-2:] == [EventType.TOKEN_REPLAYED, EventType.SESSION_REVOKED]
    late = await token_of(world)
    world.installation.clock.forward(seconds=60)
    answer = await posted(world.backend, redeeming(late, scope="read_only"))
    assert refused(answer) == (400, "invalid_request")


async def test_expired_unknown_foreign_and_refused_tokens_look_the_same(world: World) -> None:
    unknown = await posted(world.backend, redeeming("usi_unknown"))
    foreign_token = await token_of(world)
    foreign = await posted(world.other_application().backend, redeeming(foreign_token))
    late_token = await token_of(world)
    world.installation.clock.forward(seconds=60)
    late = await posted(world.backend, redeeming(late_token))
    off_token = await token_of(world)
    world.change_settings(impersonation_allowed=False)
    off = await posted(world.backend, redeeming(off_token))
    assert {answer.text for answer in (unknown, foreign, late, off)} == {unknown.text}
    assert refused(unknown) == (400, "invalid_request")
    assert world.logged()[-1] == EventType.TOKEN_REFUSED


async def test_a_foreign_application_leaves_the_token_as_it_was(world: World) -> None:
    token = await token_of(world)
    shop = world.other_application().backend
    assert refused(await posted(shop, redeeming(token))) == (400, "invalid_request")
    assert refused(await posted(shop, redeeming(token, scope="read_only"))) == (
        400,
        "invalid_request",
    )
    assert (await posted(world.backend, redeeming(token))).status_code == 200


async def test_a_code_is_no_impersonation_token(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    code = await code_for(world, sam)
    assert refused(await posted(world.backend, redeeming(code))) == (400, "invalid_request")
    assert (await posted(world.backend, redeeming_code(code))).status_code == 200


async def test_a_code_has_its_scope_from_the_launch_and_its_target_too(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    form = redeeming_code(await code_for(world, sam))
    assert refused(await posted(world.backend, form | {"audience": "app_other"})) == (
        400,
        "invalid_target",
    )
    # RFC 6749, section 4.1.3 has no scope here, and what is unknown is ignored.
    answer = await posted(world.backend, form | {"scope": "openid"})
    assert answer.json()["scope"] == "full"


async def test_what_an_exchange_answers_is_no_subject_token(world: World) -> None:
    made = (await posted(world.backend, redeeming(await token_of(world)))).json()
    for token in (made["access_token"], made["refresh_token"]):
        for type_ in (IMPERSONATION, ACCESS_TOKEN, JWT):
            form = redeeming(token, subject_token_type=type_)
            assert refused(await posted(world.backend, form)) == (400, "invalid_request")


# Refreshing


def refreshing(token: str, **changes: Any) -> dict[str, Any]:
    return {"grant_type": "refresh_token", "refresh_token": token} | changes


async def test_a_session_token_yields_jwts_until_the_end_that_it_never_moves(
    world: World,
) -> None:
    opened = await world.open_session(minutes=12)
    token, clock = opened["session_token"], world.installation.clock
    clock.forward(minutes=8)
    answer = await posted(world.backend, refreshing(token))
    assert answer.status_code == 200
    told = answer.json()
    assert told["refresh_token"] == token
    assert told["expires_in"] == 4 * 60
    assert "issued_token_type" not in told
    claims = await claims_of(world, told["access_token"])
    assert claims["sid"] == opened["session"]["id"]
    assert claims["exp"] == claims["understudy"]["session_exp"]
    # Ten idle minutes would have ended it, had refreshing been no sign of life.
    clock.forward(minutes=3)
    session = (await world.backend.get(f"/api/v1/sessions/{opened['session']['id']}")).json()
    assert session["ends_at"] == opened["session"]["ends_at"]
    assert (await posted(world.backend, refreshing(token))).json()["expires_in"] == 60
    clock.forward(minutes=1)
    assert refused(await posted(world.backend, refreshing(token))) == (400, "invalid_grant")
    assert world.logged()[-1] == EventType.SESSION_EXPIRED


async def test_refreshing_is_a_sign_of_life(world: World) -> None:
    opened = await world.open_session()
    for _ in range(2):
        world.installation.clock.forward(minutes=9)
        assert (await posted(world.backend, refreshing(opened["session_token"]))).status_code == 200
    world.installation.clock.forward(minutes=10)
    answer = await posted(world.backend, refreshing(opened["session_token"]))
    assert refused(answer) == (400, "invalid_grant")


async def test_the_rules_are_looked_at_again_on_refresh(world: World) -> None:
    opened = await world.open_session()
    await world.backend.put("/api/v1/subjects/ada", json={"protected": True})
    answer = await posted(world.backend, refreshing(opened["session_token"]))
    assert refused(answer) == (400, "invalid_grant")
    assert world.logged()[-1] == EventType.SESSION_REVOKED


async def test_a_session_token_is_its_own_applications(world: World) -> None:
    opened = await world.open_session()
    shop = world.other_application().backend
    assert refused(await posted(shop, refreshing(opened["session_token"]))) == (
        400,
        "invalid_grant",
    )
    assert (await posted(world.backend, refreshing(opened["session_token"]))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refresh_token": ""}, "invalid_request"),
        ({"refresh_token": "uss_unknown"}, "invalid_grant"),
        ({"scope": "read_only"}, "invalid_scope"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"audience": "app_other"}, "invalid_target"),
    ],
)
async def test_a_refresh_asks_for_what_there_is(
    world: World, changes: dict[str, str], error: str
) -> None:
    opened = await world.open_session()
    answer = await posted(world.backend, refreshing(opened["session_token"], **changes))
    assert refused(answer) == (400, error)


# Delegating


async def delegating(
    world: World, sam: SignedInOperator, grant_id: str | None = None, **changes: Any
) -> dict[str, Any]:
    """A complete request: the subject token asked for by the backend, the actor token by Sam."""
    id_ = grant_id or await granted(world, sam)
    subject = await world.backend.post(f"/api/v1/grants/{id_}/subject-token")
    assert subject.status_code == 200, subject.text
    own = {"application_id": world.application.id}
    actor = await sam.browser.post("/api/v1/account/actor-token", json=own)
    assert actor.status_code == 200, actor.text
    tokens = subject.json() | actor.json()
    del tokens["expires_at"]
    return {"grant_type": EXCHANGE, **tokens, **changes}


async def granted(world: World, sam: SignedInOperator, **changes: Any) -> str:
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    started = await sam.browser.post("/api/v1/impersonations", json=asked | changes)
    assert started.status_code == 201, started.text
    return str(started.json()["grant"]["id"])


async def test_a_grant_and_its_operator_become_a_jwt_without_a_browser(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    answer = await posted(world.backend, await delegating(world, sam))
    assert answer.status_code == 200, answer.text
    claims = await claims_of(world, answer.json()["access_token"])
    assert claims["sub"] == "ada"
    assert claims["act"] == {"iss": BASE, "sub": sam.operator.id}
    assert answer.json()["issued_token_type"] == ACCESS_TOKEN


async def test_the_operator_may_ask_for_both_tokens(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    answer = await sam.browser.post(f"/api/v1/grants/{grant_id}/subject-token")
    assert answer.status_code == 200
    assert answer.json()["subject_token_type"] == JWT


async def test_one_token_without_the_other_is_nothing(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    whole = await delegating(world, sam)
    for changes in (
        {"actor_token": "", "actor_token_type": ""},
        {"actor_token_type": ""},
        {"actor_token": "a.b.c"},
        {"actor_token": whole["subject_token"]},
        {"subject_token": whole["actor_token"]},
        {"subject_token": whole["actor_token"], "actor_token": whole["subject_token"]},
    ):
        answer = await posted(world.backend, whole | changes)
        assert refused(answer) == (400, "invalid_request"), changes
    assert (await posted(world.backend, whole)).status_code == 200


async def test_a_delegation_works_once(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    whole = await delegating(world, sam)
    assert (await posted(world.backend, whole)).status_code == 200
    assert refused(await posted(world.backend, whole)) == (400, "invalid_request")
    assert world.logged()[-2:] == [EventType.TOKEN_REPLAYED, EventType.SESSION_REVOKED]


async def test_another_operators_presence_does_not_do(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    kim = await world.operator(Role.SUPPORT_MANAGER, email="kim@support.example")
    whole = await delegating(world, sam)
    own = {"application_id": world.application.id}
    theirs = (await kim.browser.post("/api/v1/account/actor-token", json=own)).json()
    swapped = whole | {"actor_token": theirs["actor_token"]}
    assert refused(await posted(world.backend, swapped)) == (400, "invalid_request")
    assert (await posted(world.backend, whole)).status_code == 200


async def test_an_actor_token_for_another_application_does_not_do(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    whole = await delegating(world, sam)
    other = {"application_id": world.other_application().application.id}
    theirs = (await sam.browser.post("/api/v1/account/actor-token", json=other)).json()
    swapped = whole | {"actor_token": theirs["actor_token"]}
    assert refused(await posted(world.backend, swapped)) == (400, "invalid_request")


async def test_a_foreign_application_delegates_nothing(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    whole = await delegating(world, sam)
    shop = world.other_application().backend
    assert refused(await posted(shop, whole)) == (400, "invalid_request")
    assert (await posted(world.backend, whole)).status_code == 200


async def test_both_tokens_have_their_time(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    early = await delegating(world, sam, grant_id)
    world.installation.clock.forward(seconds=60)
    assert refused(await posted(world.backend, early)) == (400, "invalid_request")
    world.installation.clock.forward(minutes=4)
    fresh = await delegating(world, sam, grant_id)
    late = fresh | {"actor_token": early["actor_token"]}
    assert refused(await posted(world.backend, late)) == (400, "invalid_request")
    assert (await posted(world.backend, fresh)).status_code == 200


async def test_signing_out_takes_the_actor_token_along(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    whole = await delegating(world, sam)
    assert (await sam.browser.post("/api/v1/sign-out")).status_code == 204
    assert refused(await posted(world.backend, whole)) == (400, "invalid_request")


async def test_a_wrong_scope_uses_no_subject_token_up(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    whole = await delegating(world, sam, await granted(world, sam, scope=Scope.READ_ONLY))
    answer = await posted(world.backend, whole | {"scope": "full"})
    assert refused(answer) == (400, "invalid_scope")
    answer = await posted(world.backend, whole | {"scope": "read_only"})
    assert answer.json()["scope"] == "read_only"


async def test_a_subject_token_is_no_native_token(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    whole = await delegating(world, sam)
    inner = jwt_payload(whole["subject_token"])["understudy"]["token"]
    path = "/api/v1/impersonations/exchange"
    for token in (whole["subject_token"], inner):
        answer = await world.backend.post(path, json={"impersonation_token": token})
        assert answer.status_code in (401, 422)
        assert refused(await posted(world.backend, redeeming(token))) == (400, "invalid_request")
    assert (await posted(world.backend, whole)).status_code == 200


def jwt_payload(token: str) -> dict[str, Any]:
    return dict(pyjwt.decode(token, options={"verify_signature": False}))


async def test_subject_tokens_are_for_the_grants_own_people(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    kim = await world.operator(Role.SUPPORT_MANAGER, email="kim@support.example")
    shop = world.other_application().backend
    path = f"/api/v1/grants/{await granted(world, sam)}/subject-token"
    for client in (kim.browser, shop):
        assert (await client.post(path)).status_code == 404
    assert (await world.stranger.post(path)).status_code == 401
    named = (await world.start())["grant"]["id"]
    assert (await world.backend.post(f"/api/v1/grants/{named}/subject-token")).status_code == 409


async def test_a_rule_may_refuse_a_subject_token(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await granted(world, sam)
    world.change_settings(impersonation_allowed=False)
    answer = await world.backend.post(f"/api/v1/grants/{grant_id}/subject-token")
    assert (answer.status_code, answer.json()["rule"]) == (403, "impersonation_off")


async def test_actor_tokens_are_for_operators_and_known_applications(world: World) -> None:
    sam = await world.operator(Role.AUDITOR)
    path = "/api/v1/account/actor-token"
    own = {"application_id": world.application.id}
    assert (await world.backend.post(path, json=own)).status_code == 403
    shop = world.other_application().application
    off = replace(shop, status=Status.DISABLED)
    world.installation.engine.run(
        lambda unit: administer.update(unit, off, by=SYSTEM, origin=Origin())
    )
    for nobody in ("app_unknown", shop.id):
        answer = await sam.browser.post(path, json={"application_id": nobody})
        assert answer.status_code == 404
    cross_site = {"sec-fetch-site": "cross-site"}
    answer = await sam.browser.post(path, json=own, headers=cross_site)
    assert answer.status_code == 403
