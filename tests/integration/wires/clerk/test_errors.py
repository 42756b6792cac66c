"""Bad input of every kind is answered in Clerk's shape, with no framework showing through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.wires.clerk import place as places
from tests.integration.wires.clerk.place import ACTOR, Place
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.impersonation.grants import REASON_MAX_LENGTH
from understudy.core.notices.events import EventType

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One service for all of this: what is refused leaves nothing behind."""
    with places.place(tmp_path_factory.mktemp("errors")) as found:
        yield found


def _shown(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and parameter of an error, whose shape is checked on the way."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert set(body) == {"errors", "clerk_trace_id"}
    (error,) = body["errors"]
    assert set(error) == {"code", "message", "long_message", "meta"}
    assert all(isinstance(error[name], str) for name in ("code", "message", "long_message"))
    return answer.status_code, error["code"], error["meta"].get("param_name")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "authorization_header_format_invalid"),
        ({"authorization": "usk_x"}, "authorization_header_format_invalid"),
        ({"authorization": "Bearer"}, "authorization_header_format_invalid"),
        ({"authorization": "Basic YTpi"}, "authorization_header_format_invalid"),
        ({"authorization": "Bearer usk_wrong"}, "clerk_key_invalid"),
        ({"authorization": "bearer usk_wrong"}, "clerk_key_invalid"),
    ],
)
@pytest.mark.parametrize("path", ["/users", "/jwks", "/sessions/x", "/clients/handshake_payload"])
def test_without_the_secret_key_nothing_is_told(
    place: Place, headers: dict[str, str], code: str, path: str
) -> None:
    answer = place.stranger.get(f"/clerk/v1{path}", headers=headers)
    assert _shown(answer) == (401, code, None)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nothing", (404, "resource_not_found", None)),
        ("POST", "/users/a/b/c", (404, "resource_not_found", None)),
        ("GET", "/users/nobody", (404, "resource_not_found", None)),
        ("GET", "/sessions/ses_x", (404, "resource_not_found", None)),
        ("POST", "/sessions/ses_x/revoke", (404, "resource_not_found", None)),
        ("POST", "/sessions/ses_x/tokens", (404, "resource_not_found", None)),
        ("POST", "/actor_tokens/act_x/revoke", (404, "resource_not_found", None)),
        ("POST", "/actor_tokens/grt_x/revoke", (404, "resource_not_found", None)),
        ("GET", "/actor_tokens", (405, "method_not_allowed", None)),
        ("PUT", "/users", (405, "method_not_allowed", None)),
        ("POST", "/sign_in_tokens", (403, "feature_not_enabled", None)),
        ("POST", "/sign_in_tokens/sit_x/revoke", (403, "feature_not_enabled", None)),
        ("POST", "/sessions", (400, "session_creation_not_allowed", None)),
        ("POST", "/sessions/ses_x/refresh", (401, "resource_forbidden", None)),
    ],
)
def test_paths_and_methods(
    place: Place, method: str, path: str, expected: tuple[int, str, str | None]
) -> None:
    answer = place.http.request(method, path)
    assert _shown(answer) == expected
    if expected[0] == 405:
        assert "POST" in answer.headers["allow"]


@pytest.mark.parametrize(
    "path",
    ["/v1/client/nothing", "/v1/clients/x", "/clerk/nothing", "/clerk/apps/app_x/jwt-key.pem"],
)
def test_paths_beside_the_api_have_the_same_shape(place: Place, path: str) -> None:
    assert _shown(place.stranger.get(path)) == (404, "resource_not_found", None)


@pytest.mark.parametrize(
    ("content", "media", "expected"),
    [
        (b"{", "application/json", (400, "request_body_invalid", None)),
        (b"", "application/json", (400, "request_body_invalid", None)),
        (b"\xff", "application/json", (400, "request_body_invalid", None)),
        (b'{"user_id":"a","user_id":"b"}', "application/json", (400, "request_body_invalid", None)),
        (b"[]", "application/json", (422, "form_param_value_invalid", None)),
        (b"null", "application/json", (422, "form_param_value_invalid", None)),
        (b"{}", "text/plain", (415, "unsupported_content_type", None)),
        (
            b"user_id=ada",
            "application/x-www-form-urlencoded",
            (415, "unsupported_content_type", None),
        ),
        (b" " * 70_000, "application/json", (413, "request_body_invalid", None)),
        (b'{"user_id":"a\\u0000"}', "application/json", (422, "form_param_value_invalid", None)),
    ],
)
def test_bodies(
    place: Place, content: bytes, media: str, expected: tuple[int, str, str | None]
) -> None:
    answer = place.http.post("/actor_tokens", content=content, headers={"content-type": media})
    assert _shown(answer) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"user_id": None}, (422, "form_param_missing", "user_id")),
        ({"user_id": ""}, (422, "form_param_missing", "user_id")),
        ({"user_id": 7}, (422, "form_param_value_invalid", "user_id")),
        ({"user_id": "x" * 256}, (422, "form_param_value_invalid", "user_id")),
        ({"actor": None}, (422, "form_param_missing", "actor.sub")),
        ({"actor": {}}, (422, "form_param_missing", "actor.sub")),
        ({"actor": {"sub": ""}}, (422, "form_param_missing", "actor.sub")),
        ({"actor": "kim"}, (422, "form_param_value_invalid", "actor")),
        ({"actor": {"sub": 7}}, (422, "form_param_value_invalid", "actor.sub")),
        ({"actor": {"sub": "a\u202eb"}}, (422, "form_param_value_invalid", "actor.sub")),
        ({"actor": {"sub": "kim", "x": "y" * 3000}}, (422, "form_param_value_invalid", "actor")),
        ({"actor": {"sub": "ada"}}, (422, "form_param_value_invalid", "actor.sub")),
        (
            {"actor": {"sub": "kim", "email": "Ada@Acme.example"}},
            (422, "form_param_value_invalid", "actor.sub"),
        ),
        (
            {"actor": {"sub": "cli:ada@acme.example"}},
            (422, "form_param_value_invalid", "actor.sub"),
        ),
        (
            {"actor": {"sub": "kim", "reason": "x" * (REASON_MAX_LENGTH + 1)}},
            (422, "form_param_value_invalid", "actor.reason"),
        ),
        ({"expires_in_seconds": 0}, (422, "form_param_value_invalid", "expires_in_seconds")),
        ({"expires_in_seconds": 60.0}, (422, "form_param_value_invalid", "expires_in_seconds")),
        ({"expires_in_seconds": True}, (422, "form_param_value_invalid", "expires_in_seconds")),
        (
            {"session_max_duration_in_seconds": 59},
            (422, "form_param_value_invalid", "session_max_duration_in_seconds"),
        ),
        (
            {"session_max_duration_in_seconds": "60"},
            (422, "form_param_value_invalid", "session_max_duration_in_seconds"),
        ),
        ({"colour": "red"}, (422, "form_param_unknown", "colour")),
        ({"user_id": "nobody"}, (422, "form_resource_not_found", "user_id")),
        ({"user_id": "root"}, (422, "form_resource_not_found", "user_id")),
        ({"user_id": "grace"}, (422, "form_resource_not_found", "user_id")),
    ],
)
def test_parameters_of_an_actor_token(
    place: Place, change: dict[str, Any], expected: tuple[int, str, str | None]
) -> None:
    body = {"user_id": "ada", "actor": ACTOR} | change
    assert _shown(place.http.post("/actor_tokens", json=body)) == expected


def test_unknown_protected_and_disabled_users_look_alike(place: Place) -> None:
    answers = [
        place.http.post("/actor_tokens", json={"user_id": user_id, "actor": ACTOR}).json()["errors"]
        for user_id in ("nobody", "root", "grace")
    ]
    assert answers[0] == answers[1] == answers[2]


def test_a_switched_off_application_makes_no_tokens(tmp_path: Path) -> None:
    with places.place(tmp_path) as place:
        place.change_settings(impersonation_allowed=False)
        answer = place.http.post("/actor_tokens", json={"user_id": "ada", "actor": ACTOR})
    assert _shown(answer) == (422, "feature_not_enabled", None)
    assert answer.json()["errors"][0]["meta"] == {"rule": "impersonation_off"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=ten", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("limit=1&limit=2", "limit"),
        ("order_by=email", "order_by"),
        ("banned=maybe", "banned"),
        ("colour=red", "colour"),
        ("phone_number=1", "phone_number"),
        ("created_at_before=1", "created_at_before"),
        ("organization_id=a&organization_id=b", "organization_id"),
    ],
)
def test_lists_of_users_refuse_what_they_do_not_know(
    place: Place, query: str, expected: str
) -> None:
    for path in ("/users", "/users/count"):
        status, code, parameter = _shown(place.http.get(f"{path}?{query}"))
        assert (status, parameter) == (422, expected)
        assert code.startswith("form_param_")


@pytest.mark.parametrize("query", ["status=lost", "limit=0", "paginated=x", "colour=red"])
def test_lists_of_sessions_refuse_what_they_do_not_know(place: Place, query: str) -> None:
    status, code, _ = _shown(place.http.get(f"/sessions?{query}"))
    assert (status, code[:11]) == (422, "form_param_")


def test_every_success_is_json_to_the_letter(place: Place) -> None:
    session_id = place.exchanged()["session"]["id"]
    for method, path in (
        ("GET", "/users"),
        ("GET", "/users/count"),
        ("GET", "/users/ada"),
        ("GET", "/sessions"),
        ("GET", f"/sessions/{session_id}"),
        ("POST", f"/sessions/{session_id}/tokens"),
        ("GET", "/jwks"),
    ):
        answer = place.http.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


def test_a_client_that_cannot_wait_for_approval_is_refused(place: Place) -> None:
    place.change_settings(approval=ApprovalTerms(quorum=1))
    answer = place.http.post("/actor_tokens", json={"user_id": "ada", "actor": ACTOR})
    assert answer.status_code == 422
    assert "Somebody else has to agree first" in answer.text
    denied = place.entries(EventType.GRANT_DENIED)[-1]
    assert (denied.core or {})["rule"] == "approval_required"
