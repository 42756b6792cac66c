"""A grant with an origin of its own is handed off there, to any OAuth client, and nowhere else."""

from __future__ import annotations

import warnings
from urllib.parse import urlencode

import httpx
import pytest
from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]
    create_s256_code_challenge,
)

from tests.fixtures.service import BASE, REASON, REDIRECT_URL, SignedInOperator, World
from understudy.core.applications.session_origins import SessionOrigins, moved
from understudy.core.people.permissions import Role

with warnings.catch_warnings():
    # The library would rather have the successor of httpx.
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]
        AsyncOAuth2Client,
    )

PATTERN = "https://*.view.billing.example:8443"
VERIFIER = "v" * 43
AUTHORIZE = f"{BASE}/oauth2/authorize"
TOKEN = f"{BASE}/oauth2/token"


async def launched(world: World, sam: SignedInOperator) -> tuple[str, str | None]:
    """A grant that waits for its code, and its origin."""
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    started = await sam.browser.post("/api/v1/impersonations", json=asked)
    grant = started.json()["grant"]
    armed = (await sam.browser.post(f"/api/v1/grants/{grant['id']}/launch")).json()
    assert armed["origin"] == grant["origin"]
    home = grant["origin"] or "https://billing.example"
    assert armed["url"].startswith(f"{home}/_understudy/launch?")
    return grant["id"], grant["origin"]


@pytest.fixture
async def sam(world: World) -> SignedInOperator:
    """Who launches."""
    return await world.operator(Role.SUPPORT_MANAGER)


async def asked(
    world: World, sam: SignedInOperator, grant_id: str, redirect_uri: str
) -> httpx.Response:
    """What a browser gets that comes from an app at ``redirect_uri``."""
    query = {
        "response_type": "code",
        "client_id": world.application.id,
        "redirect_uri": redirect_uri,
        "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256",
        "state": "s-1",
        "login_hint": grant_id,
    }
    return await sam.browser.get(f"{AUTHORIZE}?{urlencode(query)}")


async def went_nowhere(
    world: World, sam: SignedInOperator, grant_id: str, redirect_uri: str
) -> bool:
    answer = await asked(world, sam, grant_id, redirect_uri)
    return answer.status_code == 400 and "location" not in answer.headers


async def test_a_library_comes_back_to_the_origin_of_the_grant(
    world: World, sam: SignedInOperator
) -> None:
    world.change_settings(session_origins=PATTERN)
    grant_id, origin = await launched(world, sam)
    assert origin is not None
    assert SessionOrigins.parse(PATTERN).has(origin)
    library = AsyncOAuth2Client(
        client_id=world.application.id,
        client_secret=world.secret,
        redirect_uri=moved(REDIRECT_URL, origin),
        code_challenge_method="S256",
        transport=httpx.ASGITransport(world.app),
    )
    url, state = library.create_authorization_url(
        AUTHORIZE, code_verifier=VERIFIER, login_hint=grant_id
    )
    back = await sam.browser.get(url)
    assert back.headers["location"].startswith(f"{origin}/_understudy/callback?")
    token = await library.fetch_token(
        TOKEN,
        authorization_response=back.headers["location"],
        code_verifier=VERIFIER,
        state=state,
    )
    await library.aclose()
    assert token["refresh_token"].startswith("uss_")
    refreshed = await world.backend.post(
        "/api/v1/sessions/refresh", json={"session_token": token["refresh_token"]}
    )
    assert refreshed.json()["session"]["origin"] == origin
    listed = await world.backend.get("/api/v1/sessions")
    assert [one["origin"] for one in listed.json()["items"]] == [origin]


async def test_a_form_moves_on_to_the_origin_of_the_grant(
    world: World, sam: SignedInOperator
) -> None:
    world.change_settings(session_origins=PATTERN)
    grant_id, origin = await launched(world, sam)
    page = await sam.browser.post(
        f"/api/v1/grants/{grant_id}/launch",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert page.headers["refresh"].startswith(f"0; url={origin}/_understudy/launch?")


async def test_nothing_else_is_an_address_of_such_a_grant(
    world: World, sam: SignedInOperator
) -> None:
    world.change_settings(session_origins=PATTERN)
    grant_id, origin = await launched(world, sam)
    _, other = await launched(world, sam)
    assert origin is not None
    assert other not in (None, origin)
    own = moved(REDIRECT_URL, origin)
    for address in (
        REDIRECT_URL,
        moved(REDIRECT_URL, other or ""),
        f"{origin}/elsewhere",
        f"{own}/",
        f"{own}?x=1",
        own.replace("https:", "http:"),
        own.replace(":8443", ""),
        own.replace("understudy-", "Understudy-"),
        own.replace(".view.", ".evil."),
        own.replace("https://", "https://user@"),
        moved(REDIRECT_URL, PATTERN),
    ):
        assert await went_nowhere(world, sam, grant_id, address), address
    assert (await asked(world, sam, grant_id, own)).status_code == 303


async def test_a_grant_without_an_origin_takes_only_what_is_registered(
    world: World, sam: SignedInOperator
) -> None:
    grant_id, none = await launched(world, sam)
    assert none is None
    world.change_settings(session_origins=PATTERN)
    other_id, other = await launched(world, sam)
    assert other is not None
    assert await went_nowhere(world, sam, grant_id, moved(REDIRECT_URL, other))
    unknown = await asked(world, sam, "grt_nobody", moved(REDIRECT_URL, other))
    assert unknown.status_code == 400
    assert (await asked(world, sam, grant_id, REDIRECT_URL)).status_code == 303
    assert (await asked(world, sam, other_id, moved(REDIRECT_URL, other))).status_code == 303


@pytest.mark.parametrize("later", [None, "https://*.elsewhere.example"])
async def test_a_grant_keeps_its_origin_when_the_setting_changes_before_its_launch(
    world: World, sam: SignedInOperator, later: str | None
) -> None:
    world.change_settings(session_origins=PATTERN)
    body = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    started = (await sam.browser.post("/api/v1/impersonations", json=body)).json()
    grant_id, origin = started["grant"]["id"], started["grant"]["origin"]
    world.change_settings(session_origins=later)
    armed = (await sam.browser.post(f"/api/v1/grants/{grant_id}/launch")).json()
    assert armed["origin"] == origin
    assert armed["url"].startswith(f"{origin}/_understudy/launch?")
    assert await went_nowhere(world, sam, grant_id, REDIRECT_URL)
    assert (await asked(world, sam, grant_id, moved(REDIRECT_URL, origin))).status_code == 303


async def test_its_code_is_exchanged_with_its_own_address_only(
    world: World, sam: SignedInOperator
) -> None:
    world.change_settings(session_origins=PATTERN)
    grant_id, origin = await launched(world, sam)
    assert origin is not None
    back = await asked(world, sam, grant_id, moved(REDIRECT_URL, origin))
    code = httpx.URL(back.headers["location"]).params["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URL,
        "code_verifier": VERIFIER,
    }
    refused = await world.backend.post(TOKEN, data=form)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


async def test_another_applications_client_cannot_use_the_origin_of_a_grant(
    world: World, sam: SignedInOperator
) -> None:
    world.change_settings(session_origins=PATTERN)
    grant_id, origin = await launched(world, sam)
    assert origin is not None
    mara = await world.operator(Role.ADMIN, email="mara@support.example")
    made = await mara.browser.post(
        "/api/v1/applications",
        json={"name": "Other", "settings": {"redirect_urls": ["https://other.example/cb"]}},
    )
    query = {
        "response_type": "code",
        "client_id": made.json()["application"]["id"],
        "redirect_uri": f"{origin}/cb",
        "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256",
        "login_hint": grant_id,
    }
    answer = await sam.browser.get(f"{AUTHORIZE}?{urlencode(query)}")
    assert answer.status_code == 400
