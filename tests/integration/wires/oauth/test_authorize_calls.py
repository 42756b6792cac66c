"""The hand-off as an OAuth library that nobody here wrote sees it."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]
    create_s256_code_challenge,
)
from authlib.oauth2.rfc8414 import (  # type: ignore[import-untyped]
    AuthorizationServerMetadata,
)
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.fixtures.service import BASE, OWN_SITE, REASON, REDIRECT_URL, SignedInOperator, World
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import KeyUse
from understudy.keys import session_keys

with warnings.catch_warnings():
    # The library would rather have the successor of httpx.
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]
        AsyncOAuth2Client,
    )

VERIFIER = "v" * 43
CHALLENGE = create_s256_code_challenge(VERIFIER)
AUTHORIZE = "/oauth2/authorize"
TOKEN = "/oauth2/token"


async def launched(world: World, sam: SignedInOperator) -> str:
    asked = {"subject_id": "ada", "reason": REASON, "application_id": world.application.id}
    started = await sam.browser.post("/api/v1/impersonations", json=asked)
    grant_id = str(started.json()["grant"]["id"])
    armed = await sam.browser.post(f"/api/v1/grants/{grant_id}/launch")
    assert armed.status_code == 200
    return grant_id


def asking(world: World, grant_id: str, **changes: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": world.application.id,
        "redirect_uri": REDIRECT_URL,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "s-1",
        "login_hint": grant_id,
    } | changes


def sent_back(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    url, _, query = answer.headers["location"].partition("?")
    assert url == REDIRECT_URL
    return {name: values[0] for name, values in parse_qs(query).items()}


async def code_for(world: World, sam: SignedInOperator) -> str:
    parameters = asking(world, await launched(world, sam))
    return sent_back(await sam.browser.get(AUTHORIZE, params=parameters))["code"]


def redeeming(code: str, changes: dict[str, str] | None = None) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URL,
        "code_verifier": VERIFIER,
    } | (changes or {})


async def test_a_library_gets_from_launch_to_a_verified_token(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    grant_id = await launched(world, sam)
    library = AsyncOAuth2Client(
        client_id=world.application.id,
        client_secret=world.secret,
        redirect_uri=REDIRECT_URL,
        code_challenge_method="S256",
        transport=httpx.ASGITransport(world.app),
    )
    url, state = library.create_authorization_url(
        f"{BASE}{AUTHORIZE}", code_verifier=VERIFIER, login_hint=grant_id
    )
    back = await sam.browser.get(url)
    token = await library.fetch_token(
        f"{BASE}{TOKEN}",
        authorization_response=back.headers["location"],
        code_verifier=VERIFIER,
        state=state,
    )
    await library.aclose()
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 300
    assert token["refresh_token"].startswith("uss_")
    assert token["scope"] == "full"
    published = (await world.stranger.get("/.well-known/jwks.json")).json()
    decoded = jwt.decode(
        token["access_token"], KeySet.import_key_set(published), algorithms=["RS256"]
    )
    assert decoded.header["typ"] == "at+jwt"
    assert decoded.claims["sub"] == "ada"
    assert decoded.claims["act"] == {"iss": BASE, "sub": sam.operator.id}


async def test_the_metadata_satisfies_the_specification(world: World) -> None:
    document = (await world.stranger.get("/.well-known/oauth-authorization-server")).json()
    metadata = AuthorizationServerMetadata(document)
    metadata.validate_issuer = lambda: None  # the library wants https even for loopback
    endpoints = ("authorization", "token", "introspection", "revocation")
    for name in (*(f"{one}_endpoint" for one in endpoints), "jwks_uri"):
        setattr(metadata, f"validate_{name}", lambda: None)
        assert document[name].startswith(f"{BASE}/")
    metadata.validate()
    assert document["issuer"] == BASE
    assert document["backchannel_logout_supported"] is True
    assert document["backchannel_logout_session_supported"] is True
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["grant_types_supported"] == [
        "authorization_code",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ]
    for one in endpoints[1:]:
        methods = document[f"{one}_endpoint_auth_methods_supported"]
        assert methods == ["client_secret_basic", "client_secret_post"]


async def test_the_answer_says_whose_it_is(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    parameters = asking(world, await launched(world, sam))
    answer = await sam.browser.get(AUTHORIZE, params=parameters)
    assert sent_back(answer) | {"code": "…"} == {"code": "…", "state": "s-1", "iss": BASE}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "app_unknown"},
        {"redirect_uri": REDIRECT_URL + "/"},
        {"redirect_uri": REDIRECT_URL.upper()},
        {"redirect_uri": REDIRECT_URL + "?a=b"},
        {"redirect_uri": "https://evil.example/cb"},
        {"redirect_uri": ""},
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(
    world: World, changes: dict[str, str]
) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    parameters = asking(world, await launched(world, sam), **changes)
    answer = await sam.browser.get(AUTHORIZE, params=parameters)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"login_hint": ""}, "invalid_request"),
        ({"login_hint": "grt_unknown"}, "access_denied"),
    ],
)
async def test_other_mistakes_go_back_to_the_client(
    world: World, changes: dict[str, str], error: str
) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    parameters = asking(world, await launched(world, sam), **changes)
    back = sent_back(await sam.browser.get(AUTHORIZE, params=parameters))
    assert (back["error"], back["state"], back["iss"]) == (error, "s-1", BASE)
    assert "code" not in back


async def test_unknown_parameters_are_ignored_and_repeated_ones_refused(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    parameters = asking(world, await launched(world, sam))
    doubled = f"{urlencode(parameters)}&login_hint=grt_other"
    assert sent_back(await sam.browser.get(f"{AUTHORIZE}?{doubled}"))["error"] == (
        "invalid_request"
    )
    elsewhere = f"{urlencode(parameters)}&redirect_uri=https://evil.example"
    answer = await sam.browser.get(f"{AUTHORIZE}?{elsewhere}")
    assert answer.status_code == 400
    assert "code" in sent_back(await sam.browser.get(AUTHORIZE, params=parameters | {"nonce": "1"}))


async def test_a_launch_is_answered_once(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    parameters = asking(world, await launched(world, sam))
    assert "code" in sent_back(await sam.browser.get(AUTHORIZE, params=parameters))
    assert sent_back(await sam.browser.get(AUTHORIZE, params=parameters))["error"] == (
        "access_denied"
    )


async def test_a_launch_is_answered_in_time_only(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    parameters = asking(world, await launched(world, sam))
    world.installation.clock.forward(seconds=60)
    assert sent_back(await sam.browser.get(AUTHORIZE, params=parameters))["error"] == (
        "access_denied"
    )


async def test_a_launch_is_answered_in_its_own_browser_only(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    kim = await world.operator(Role.SUPPORT_MANAGER, email="kim@support.example")
    parameters = asking(world, await launched(world, sam))
    for browser in (kim.browser, world.stranger):
        back = sent_back(await browser.get(AUTHORIZE, params=parameters))
        assert back["error"] == "access_denied"
    assert "code" in sent_back(await sam.browser.get(AUTHORIZE, params=parameters))


async def test_a_code_is_redeemed_once_and_a_second_use_ends_the_session(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    code = await code_for(world, sam)
    first = await world.backend.post(TOKEN, data=redeeming(code))
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-store"
    again = await world.backend.post(TOKEN, data=redeeming(code))
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert world.logged()[-1] == EventType.SESSION_REVOKED


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example/cb"}, "invalid_grant"),
        ({"code": "usi_unknown"}, "invalid_grant"),
        ({"code": ""}, "invalid_request"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_a_code_is_bound_to_what_it_was_asked_with(
    world: World, changes: dict[str, str], error: str
) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    code = await code_for(world, sam)
    answer = await world.backend.post(TOKEN, data=redeeming(code, changes))
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_a_code_of_another_client_is_unknown_and_stays_good(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    code = await code_for(world, sam)
    shop = world.other_application().backend
    stolen = await shop.post(TOKEN, data=redeeming(code))
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert (await world.backend.post(TOKEN, data=redeeming(code))).status_code == 200


async def test_a_native_token_is_no_code_and_a_code_no_native_token(world: World) -> None:
    token = (await world.start())["impersonation_token"]
    as_code = await world.backend.post(TOKEN, data=redeeming(token))
    assert as_code.json()["error"] == "invalid_grant"
    sam = await world.operator(Role.SUPPORT_MANAGER)
    code = await code_for(world, sam)
    path = "/api/v1/impersonations/exchange"
    bare = await world.backend.post(path, json={"impersonation_token": code})
    assert bare.status_code == 401


async def test_a_backend_may_redeem_a_code_over_the_native_api_too(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    code = await code_for(world, sam)
    body = {
        "impersonation_token": code,
        "code_verifier": VERIFIER,
        "redirect_uri": REDIRECT_URL,
        "jwt": True,
    }
    answer = await world.backend.post("/api/v1/impersonations/exchange", json=body)
    assert answer.status_code == 200
    assert answer.json()["session_jwt"].count(".") == 2


async def test_a_client_signs_in_by_form_or_by_header_and_not_by_both(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    code = await code_for(world, sam)
    ours = {"client_id": world.application.id, "client_secret": world.secret}
    both = await world.backend.post(TOKEN, data=redeeming(code, ours))
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")
    by_form = await world.stranger.post(TOKEN, data=redeeming(code, ours))
    assert by_form.status_code == 200


async def test_credentials_may_be_form_encoded_in_the_header(world: World) -> None:
    # RFC 6749, section 2.3.1: some libraries encode even what needs no encoding.
    encoded = [text.replace("_", "%5F") for text in (world.application.id, world.secret)]
    answer = await world.stranger.post(
        TOKEN, data=redeeming("usi_unknown"), auth=(encoded[0], encoded[1])
    )
    assert answer.json()["error"] == "invalid_grant"


async def test_a_client_that_nobody_knows_is_told_how_to_sign_in(world: World) -> None:
    nobody = await world.stranger.post(TOKEN, data=redeeming("usi_unknown"))
    wrong = await world.stranger.post(
        TOKEN, data=redeeming("usi_unknown"), auth=(world.application.id, "usk_wrong")
    )
    for answer in (nobody, wrong):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"grant_type=%ff", "application/x-www-form-urlencoded"),
        (b"grant_type=%00", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
        (b'{"grant_type":"authorization_code"}', "application/json"),
    ],
)
async def test_mistakes_at_the_token_endpoint_are_told_as_oauth_tells_them(
    world: World, content: bytes, media: str
) -> None:
    headers = {"content-type": media}
    answer = await world.backend.post(TOKEN, content=content, headers=headers)
    assert answer.json().keys() == {"error", "error_description"}
    assert answer.json()["error"] == "invalid_request"
    assert 400 <= answer.status_code < 500


async def test_each_application_has_a_key_of_its_own(world: World) -> None:
    shop = world.other_application()
    await _token(world)
    body = {"subject_id": "eve", "reason": REASON, "actor": {"id": "kim"}}
    await shop.backend.put("/api/v1/subjects/eve", json={"name": "Eve"})
    started = (await shop.backend.post("/api/v1/impersonations", json=body)).json()
    token = {"impersonation_token": started["impersonation_token"], "jwt": True}
    await shop.backend.post("/api/v1/impersonations/exchange", json=token)
    every = await _keys(world)
    first = await _keys(world, application_id=world.application.id)
    second = await _keys(world, application_id=shop.application.id)
    assert len(first) == len(second) == 1
    assert sorted(first + second) == sorted(every)


async def test_the_keys_of_logout_tokens_are_where_the_metadata_point(world: World) -> None:
    shop = world.other_application().application.id
    await _token(world)
    access = await _keys(world)
    pair = session_keys.generate()
    for use in (KeyUse.LOGOUT, "stytch_jwt", "clerk_jwt"):
        fresh = pair if use is KeyUse.LOGOUT else session_keys.generate()
        world.installation.engine.run(
            lambda unit, use=use, fresh=fresh: session_keys.add_first(  # type: ignore[misc]
                unit, world.application.id, fresh, use=use
            )
        )
    logout = RSAKey.import_key(pair.public).thumbprint()
    assert await _keys(world) == [*access, logout]
    assert await _keys(world, application_id=world.application.id) == [*access, logout]
    assert await _keys(world, application_id=shop) == []
    assert await _keys(world, application_id="app_unknown") == []


async def test_a_first_key_is_made_once_by_whoever_comes_together(world: World) -> None:
    opened = await asyncio.gather(*(_token(world) for _ in range(4)))
    kids = {answer.split(".")[0] for answer in opened}
    assert len(kids) == 1
    assert len(await _keys(world)) == 1


async def _token(world: World) -> str:
    started = await world.start()
    body = {"impersonation_token": started["impersonation_token"], "jwt": True}
    answer = await world.backend.post("/api/v1/impersonations/exchange", json=body)
    return str(answer.json()["session_jwt"])


async def _keys(world: World, **params: Any) -> list[str]:
    answer = await world.stranger.get("/.well-known/jwks.json", params=params)
    return [key["kid"] for key in answer.json()["keys"]]


async def test_a_launch_from_another_host_name_moves_to_the_canonical_one(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    parameters = asking(world, await launched(world, sam))
    headers = {"host": "127.0.0.1:8700", **OWN_SITE}
    answer = await sam.browser.get(AUTHORIZE, params=parameters, headers=headers)
    assert answer.status_code == 307
    moved = urlsplit(answer.headers["location"])
    assert f"{moved.scheme}://{moved.netloc}{moved.path}" == BASE + AUTHORIZE
    assert parse_qs(moved.query)["login_hint"] == [parameters["login_hint"]]
