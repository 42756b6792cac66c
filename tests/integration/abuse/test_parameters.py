"""Tampering with what is sent: other values at the use than at the decision, too many, twice, or
addresses that lead elsewhere (T3, T4, T6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

import msgspec
import pytest

from tests.integration.abuse.oauth_client import VERIFIER, Client
from tests.integration.abuse.stack import Stack
from tests.integration.abuse.stack import stack as running_stack
from understudy.core.people.permissions import Role
from understudy.http.endpoint import FORM
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.leaving import AfterEnd
from understudy.service.openapi import described
from understudy.wires.authzen.schemas import Evaluation
from understudy.wires.authzen.schemas_boxcar import Evaluations

ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "http://app.localhost@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%0d%0aSet-Cookie:a=b",
    "/\r\nSet-Cookie: a=b",
    "/\tevil.example",
    "/%09/evil.example",
    "/%2f%2fevil.example",
    "/%5c%5cevil.example",
    "/.//evil.example",
    "/ //evil.example",
    "/\u2215evil.example",
    "/\uff45vil",
    "evil.example",
    "?next=//evil.example",
    "",
)

_FOR_OTHERS = "AuthZEN lets enforcement points add what is for others, and has us pass over it"
PASSES_OVER = {Evaluation: _FOR_OTHERS, Evaluations: _FOR_OTHERS}
"""Bodies that are not refused for what we do not know in them, and why."""


def test_t3_a_grant_is_used_as_it_was_decided(stack: Stack) -> None:
    sam = stack.support("sam-t3@support.example")
    wishes: dict[str, Any] = {
        "minutes": 60,
        "scope": "full",
        "subject_id": "bob",
        "organization_id": "globex",
        "return_to": "/export",
        "actor": {"id": "kim"},
        "reason": "another reason altogether",
    }
    grant = stack.granted(sam, "ada", minutes=7, scope="read_only")
    for name, value in wishes.items():
        url = f"{stack.issuer}/api/v1/grants/{grant}/launch"
        assert sam.call("POST", url, json={name: value}).status_code == 422, name
        token = stack.start(minutes=7, scope="read_only")
        assert stack.exchange(token, **{name: value}).status_code == 422, name
    sam.press_launch(grant)
    client = Client(stack=stack)
    pressed = {name: str(value) for name, value in wishes.items() if name != "scope"}
    code = client.code(sam, grant, scope="full offline_access", **pressed)
    answer = client.redeem(code, scope="full", minutes="60", subject_id="bob").json()
    seen = stack.refresh(answer["refresh_token"]).json()
    assert answer["scope"] == seen["session"]["scope"] == "read_only"
    assert seen["subject"]["id"] == "ada"
    stored = stack.session(seen["session"]["id"])
    assert (stored.ends_at - stored.started_at).total_seconds() == 7 * 60
    assert seen["return_to"] is None


def test_t3_a_narrower_grant_is_not_widened_by_launching_it_again(stack: Stack) -> None:
    sam = stack.support("sam-t3b@support.example")
    grant = stack.granted(sam, "ada", minutes=7, scope="read_only")
    assert sam.launch(grant).status_code == 200
    first = stack.refresh(sam.overlay or "").json()["session"]
    # A browser that holds the session goes on in it; another one, or one that lost it, begins anew.
    for is_lost in (False, True):
        if is_lost:
            sam.plant(stack.app_url, OVERLAY, "")
        assert sam.launch(grant).status_code == 200
        again = stack.refresh(sam.overlay or "").json()["session"]
        assert (again["id"] != first["id"]) is is_lost
        assert (again["ends_at"], again["scope"]) == (first["ends_at"], "read_only")
    assert sam.app("POST", "/orders").status_code == 403


def structs_in(shape: object) -> Iterator[type[msgspec.Struct]]:
    """Every struct that a body may hold, at any depth."""
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        yield shape
        for hint in get_type_hints(shape, include_extras=False).values():
            yield from structs_in(hint)
    for part in get_args(shape):
        yield from structs_in(part)


def test_t4_every_body_and_query_refuses_what_it_does_not_know() -> None:
    strict, lenient = 0, set()
    for endpoint in described():
        shapes = [] if endpoint.raw_query else [endpoint.query]
        if endpoint.body is not None and FORM not in endpoint.body.media:
            shapes.append(endpoint.body.type)
        for struct in (one for shape in shapes for one in structs_in(shape)):
            if struct.__struct_config__.forbid_unknown_fields:
                strict += 1
            else:
                lenient.add(struct)
    assert lenient == {part for body in PASSES_OVER for part in structs_in(body)}
    assert strict > 40


@pytest.mark.parametrize("surplus", ["rank", "kind", "protected", "application_id", "status"])
def test_t4_what_an_app_says_of_its_actor_is_an_id_a_name_and_an_address(
    stack: Stack, surplus: str
) -> None:
    with stack.backend() as backend:
        body = {"subject_id": "boss", "reason": "Looking for the missing report"}
        actor = {"id": "kim", surplus: 1_000}
        assert backend.post("/impersonations", json={**body, "actor": actor}).status_code == 422


def test_t4_an_operator_cannot_make_themself_more(stack: Stack) -> None:
    operator, sam = stack.operator(Role.SUPPORT_MANAGER, email="sam-t4@support.example")
    for body in ({"roles": ["admin"]}, {"roles": ["admin"], "status": "active"}):
        url = f"{stack.issuer}/api/v1/operators/{operator.id}"
        assert sam.call("PATCH", url, json=body).status_code == 403
    change = {"current_password": "x", "new_password": "a long new password", "roles": ["admin"]}
    answer = sam.call("POST", f"{stack.issuer}/api/v1/me/password", json=change)
    assert answer.status_code == 422
    assert sam.call("GET", f"{stack.issuer}/api/v1/me").json()["roles"] == ["support_manager"]


def test_t4_no_oauth_parameter_comes_twice(stack: Stack) -> None:
    sam = stack.support("sam-t4b@support.example")
    client = Client(stack=stack)
    grant = stack.granted(sam)
    sam.press_launch(grant)
    address = client.authorize_url(grant)
    for name in (*parse_qs(urlsplit(address).query), "scope"):
        for value in ("other", ""):
            answer = sam.step(f"{address}&scope=a&{name}={value}")
            location = answer.headers.get("location", "")
            assert answer.status_code == 400 or "error=invalid_request" in location, name
            assert "code" not in parse_qs(urlsplit(location).query), name
    code = client.code(sam, grant)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": stack.callback,
        "code_verifier": VERIFIER,
    }
    with stack.stranger(auth=stack.main.auth) as backend:
        for name in (*form, "client_id"):
            twice = urlencode(
                [*form.items(), ("client_id", stack.main.application.id), (name, "x")]
            )
            headers = {"content-type": FORM}
            answer = backend.post(client.token_url, content=twice, headers=headers)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request"), name
    assert client.redeem(code).status_code == 200


def test_t4_no_launch_parameter_comes_twice(stack: Stack) -> None:
    sam = stack.support("sam-t4c@support.example")
    callback = sam.callback_of(stack.granted(sam))
    for name in ("code", "state", "iss"):
        assert sam.step(f"{callback}&{name}=x", site="cross-site").status_code == 400
    assert sam.overlay is None


def test_t6_a_session_begins_on_the_app_and_nowhere_else(stack: Stack) -> None:
    sam = stack.support("sam-t6@support.example")
    for target in ELSEWHERE:
        asked = stack.ask(sam, "ada", return_to=target)
        if asked.status_code != 201:
            assert asked.json()["rule"] == "return_to_not_a_path", target
            continue
        callback = sam.callback_of(asked.json()["grant"]["id"])
        location = sam.step(callback, site="cross-site").headers["location"]
        assert not location.startswith(("//", "/\\")), target
        assert urlsplit(urljoin(callback, location)).netloc == urlsplit(stack.app_url).netloc, (
            target
        )
    assert stack.ask(sam, return_to="/whoami").status_code == 201


def test_t6_codes_go_to_registered_addresses_only(stack: Stack) -> None:
    sam = stack.support("sam-t6b@support.example")
    client = Client(stack=stack)
    grant = stack.granted(sam)
    sam.press_launch(grant)
    own = stack.callback
    for address in (
        own + "/",
        own + "?a=b",
        own + "#a",
        own + "/../../evil",
        own.replace("app.", "evil."),
        own.replace("http:", "https:"),
        own.replace("app.localhost", "APP.localhost"),
        own.replace("://", "://evil.example\\@"),
        own.replace("/_understudy", "//_understudy"),
        own.replace("/_understudy", "/%5Funderstudy"),
        own + "%0d%0aa",
        own.rsplit(":", 1)[0] + ":1/_understudy/callback",
        "javascript:alert(1)//" + own,
        *ELSEWHERE,
    ):
        answer = sam.step(client.authorize_url(grant, redirect_uri=address))
        assert answer.status_code == 400, address
        assert "location" not in answer.headers, address
        assert "refresh" not in answer.headers, address
    assert client.code(sam, grant)


def test_t6_an_address_of_ours_is_no_way_to_another_site(stack: Stack) -> None:
    for target in ELSEWHERE:
        query = f"iss={quote(target)}&login_hint=grt_somebodys"
        answer = stack.visitor().step(f"{stack.app_url}/_understudy/launch?{query}")
        assert answer.status_code == 400, target
        assert "location" not in answer.headers, target
    rebound = stack.visitor().request(
        "GET", stack.issuer + "/users/@evil.example//x", headers={"host": "evil.example"}
    )
    assert urlsplit(rebound.headers.get("location", stack.issuer)).netloc == (
        stack.issuer.removeprefix("http://")
    )


def test_t6_the_end_leads_back_to_the_page_and_not_to_where_it_names(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running_stack(
        tmp_path_factory.mktemp("page"), middleware={"after_end": AfterEnd.PAGE}
    ) as stack:
        for referrer in (
            "http://evil.example/",
            "http://evil.example/whoami",
            f"{stack.app_url}@evil.example/",
            f"{stack.app_url}.evil.example/",
            f"{stack.app_url}//evil.example",
            f"{stack.app_url}/\\evil.example",
            f"{stack.app_url}/%2f%2fevil.example",
            "javascript:alert(1)",
        ):
            kim = stack.overlaid(stack.visitor(), stack.open())
            left = kim.submit(f"{stack.app_url}/_understudy/end", referer=referrer)
            assert (left.status_code, left.headers["location"]) == (303, "/"), referrer
        kim = stack.overlaid(stack.visitor(), stack.open())
        left = kim.submit(f"{stack.app_url}/_understudy/end", referer=f"{stack.app_url}/whoami?a=1")
        assert left.headers["location"] == "/whoami?a=1"
