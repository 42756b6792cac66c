"""Whatever comes in, what goes out has the shape that the SDKs can read."""

from __future__ import annotations

from unittest.mock import patch

import httpx
import pytest
from stytch.core.response_base import StytchError

from tests.integration.wires.stytch.place import Place, Project
from tests.integration.wires.stytch.test_b2b_sdk import refusal

AUTHENTICATE = "/v1/b2b/sessions/authenticate"
JSON = {"content-type": "application/json"}


def _said(answer: httpx.Response) -> tuple[int, str]:
    """Status and type of an error that is wholly in this wire's shape."""
    body = answer.json()
    assert set(body) == {"status_code", "request_id", "error_type", "error_message", "error_url"}
    assert answer.headers["content-type"] == "application/json"
    assert body["status_code"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["error_message"]
    return answer.status_code, body["error_type"]


@pytest.mark.parametrize(
    ("method", "path", "status", "error_type"),
    [
        ("GET", "/v1/nothing", 404, "route_not_found"),
        ("POST", "/v1/b2b/sessions/migrate", 404, "route_not_found"),
        ("POST", "/v1/b2b/sessions/attest", 404, "route_not_found"),
        ("GET", "/sdk/v1/nothing", 404, "route_not_found"),
        ("GET", "/v1", 404, "route_not_found"),
        ("GET", AUTHENTICATE, 405, "method_not_allowed"),
        ("DELETE", "/v1/users", 405, "method_not_allowed"),
        ("PATCH", "/v1/b2b/organizations/acme", 405, "method_not_allowed"),
        ("GET", "/v1/b2b/organizations/nowhere", 404, "organization_not_found"),
        ("GET", "/v1/b2b/organizations/acme/member", 400, "invalid_member_get_fields"),
        ("GET", "/v1/b2b/organizations/acme/member?member_id=ada&email_address=a@x.example", 400,
         "invalid_member_get_fields"),
        ("GET", "/v1/b2b/organizations/acme/member?member_id=no", 404, "member_not_found"),
        ("GET", "/v1/b2b/sessions", 400, "bad_request"),
        ("GET", "/v1/b2b/sessions?organization_id=acme&organization_id=acme&member_id=ada", 400,
         "bad_request"),
        ("GET", "/v1/users/ada", 400, "invalid_consumer_endpoint"),
        ("GET", "/v1/sessions?user_id=ada", 400, "invalid_consumer_endpoint"),
        ("GET", "/v1/rbac/policy", 400, "invalid_consumer_endpoint"),
        ("GET", "/v1/b2b/sessions/jwks/app_unknown", 404, "project_not_found"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_in_this_wires_shape(
    steady_place: Place, method: str, path: str, status: int, error_type: str
) -> None:
    assert _said(steady_place.call(method, path)) == (status, error_type)


def test_keys_of_the_other_vertical_are_not_here(steady_place: Place) -> None:
    path = f"/v1/sessions/jwks/{steady_place.b2b.id}"
    assert _said(httpx.get(steady_place.base + path)) == (400, "invalid_consumer_endpoint")


@pytest.mark.parametrize(
    ("content", "status", "error_type"),
    [
        (b"", 400, "bad_request"),
        (b"{", 400, "bad_request"),
        (b"null", 400, "bad_request"),
        (b"[]", 400, "bad_request"),
        (b'"text"', 400, "bad_request"),
        (b"\xff\xfe", 400, "bad_request"),
        (b'{"session_token": 7}', 400, "bad_request"),
        (b'{"session_token": "a", "session_token": "b"}', 400, "bad_request"),
        (b'{"session_token": "a\\u0000b"}', 400, "bad_request"),
        (b"[" * 20_000, 400, "bad_request"),
        (b'{"session_token": "' + b"a" * 70_000 + b'"}', 413, "request_too_large"),
        (b"{}", 400, "no_session_arguments"),
        (b'{"session_token": null}', 400, "no_session_arguments"),
        (b'{"session_token": "a", "session_jwt": "a.b.c"}', 400, "too_many_session_arguments"),
        (b'{"session_jwt": "garbage"}', 400, "unable_to_parse_session_jwt"),
        (b'{"session_jwt": ""}', 400, "unable_to_parse_session_jwt"),
        (b'{"session_jwt": "e30.e30.e30"}', 404, "session_not_found"),
        (b'{"session_token": ""}', 404, "session_not_found"),
        (b'{"session_token": "\xc3\xa9"}', 404, "session_not_found"),
        (b'{"session_token": "a", "surprise": {"x": [1]}}', 404, "session_not_found"),
        (b'{"session_token": "a", "session_duration_minutes": 4}', 400,
         "invalid_session_duration_minutes"),
        (b'{"session_token": "a", "session_duration_minutes": 527041}', 400,
         "invalid_session_duration_minutes"),
        (b'{"session_token": "a", "session_duration_minutes": "5"}', 400, "bad_request"),
    ],
)  # fmt: skip
def test_a_bad_body_is_refused_in_this_wires_shape(
    steady_place: Place, content: bytes, status: int, error_type: str
) -> None:
    answer = steady_place.call("POST", AUTHENTICATE, content=content, headers=JSON)
    assert _said(answer) == (status, error_type)


def test_only_json_is_taken(steady_place: Place) -> None:
    for headers in (
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=x"},
    ):
        answer = steady_place.call("POST", AUTHENTICATE, content=b"{}", headers=headers)
        assert _said(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "error_type"),
    [
        ({}, "no_session_revoke_arguments"),
        ({"session_token": "a", "member_id": "b"}, "too_many_session_revoke_arguments"),
    ],
)
def test_a_revocation_names_one_thing(
    steady_place: Place, body: dict[str, str], error_type: str
) -> None:
    assert _said(steady_place.post("/v1/b2b/sessions/revoke", body)) == (400, error_type)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Basic",
        "Basic !!!!",
        "Basic YTpi",
        "Bearer usk_x",
        "Basic {right id, wrong secret}",
        "Basic {another's secret}",
    ],
)
def test_bad_credentials_are_one_error(steady_place: Place, authorization: str | None) -> None:
    auth = {
        "Basic {right id, wrong secret}": (steady_place.b2b.id, "usk_wrong"),
        "Basic {another's secret}": (steady_place.b2b.id, steady_place.other.secret),
    }.get(authorization or "")
    headers = {"authorization": authorization} if authorization and auth is None else {}
    for method, path in (
        ("POST", AUTHENTICATE),
        ("POST", "/v1/b2b/impersonation/authenticate"),
        ("GET", "/v1/b2b/organizations/acme"),
        ("GET", "/v1/debug/whoami"),
    ):
        answer = httpx.request(method, steady_place.base + path, headers=headers, auth=auth)
        assert _said(answer) == (401, "unauthorized_credentials")


def test_the_sdk_reads_bad_credentials_as_its_own_error(steady_place: Place) -> None:
    wrong = Project(application=steady_place.b2b.application, secret="usk_no")
    sdk = steady_place.b2b_sdk(wrong)
    with pytest.raises(StytchError) as raised:
        sdk.impersonation.authenticate("usi_x")
    assert refusal(raised) == (401, "unauthorized_credentials")


def test_a_fault_of_ours_tells_nothing_of_itself(steady_place: Place) -> None:
    with patch(
        "understudy.wires.stytch.project_calls.rbac.policy", side_effect=RuntimeError("secret")
    ):
        answer = steady_place.call("GET", "/v1/b2b/rbac/policy")
    assert _said(answer) == (500, "internal_server_error")
    assert "secret" not in answer.text


def test_too_much_to_keep_is_refused(steady_place: Place) -> None:
    body = {"trusted_metadata": {"text": "x" * 17_000}}
    answer = steady_place.call("PUT", "/v1/b2b/organizations/acme", json=body)
    assert _said(answer) == (400, "bad_request")


@pytest.mark.parametrize("depth", [50, 400, 900, 990, 1100, 5000])
def test_nothing_is_nested_too_deeply_to_be_answered(steady_place: Place, depth: int) -> None:
    content = b'{"trusted_metadata": {"a": ' + b"[" * depth + b"]" * depth + b"}}"
    path = "/v1/b2b/organizations/globex"
    answer = steady_place.call("PUT", path, content=content, headers=JSON)
    assert answer.status_code in (200, 400)
    assert answer.json()["status_code"] == answer.status_code
    found = steady_place.call("GET", path)
    assert (found.status_code, found.json()["status_code"]) == (200, 200)


def test_every_answer_says_its_status_and_its_request(place: Place) -> None:
    session = place.session()
    found = [
        place.call("GET", "/v1/debug/whoami"),
        place.call("GET", f"/v1/b2b/sessions/jwks/{place.b2b.id}"),
        place.call("GET", "/v1/b2b/rbac/policy"),
        place.call("GET", "/v1/b2b/organizations/acme?organization_id=acme&surprise=1"),
        place.post(AUTHENTICATE, {"session_token": session["session_token"]}),
        place.call("DELETE", "/v1/b2b/organizations/globex"),
    ]
    for answer in found:
        body = answer.json()
        assert (body["status_code"], body["request_id"]) == (
            200,
            answer.headers["x-request-id"],
        )
    assert found[0].json()["project_id"] == place.b2b.id


# The SDK itself uses what its own dependencies have deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
