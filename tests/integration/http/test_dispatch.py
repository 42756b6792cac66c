"""What strangers send: odd bodies, queries, credentials, methods and hosts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.fixtures import service
from tests.fixtures.service import OWN_SITE, REASON, World
from understudy.core.people.permissions import Role
from understudy.http.cookies import OPERATOR_COOKIE

START = "/api/v1/impersonations"
JSON = {"content-type": "application/json"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, body["code"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "malformed_request")),
        (b"{", (400, "malformed_request")),
        (b"\xef\xbb\xbf{}", (400, "malformed_request")),
        (b'{"reason":"\xff"}', (400, "malformed_request")),
        (b'{"reason":"\\ud800"}', (400, "malformed_request")),
        (b'{"subject_id":"ada","reason":"x"} {}', (400, "malformed_request")),
        (b"NaN", (400, "malformed_request")),
        (b'{"subject_id":' + b"[" * 50_000, (422, "invalid_input")),
        (b"[]", (422, "invalid_input")),
        (b"null", (422, "invalid_input")),
        (b'{"subject_id":"ada"}', (422, "invalid_input")),
        (b'{"subject_id":7,"reason":"x"}', (422, "invalid_input")),
        (b'{"subject_id":"ada","reason":"x","extra":1}', (422, "invalid_input")),
        (b'{"subject_id":"a\\u0000b","reason":"x"}', (422, "invalid_input")),
        (b'{"subject_id":"ada","reason":"a\\u0000b"}', (422, "invalid_input")),
        (b'{"subject_id":"ada","reason":"x","reason":"y"}', (400, "malformed_request")),
        (
            b'{"subject_id":"ada","reason":"x","actor":{"id":"a","id":"b"}}',
            (400, "malformed_request"),
        ),
    ],
)
async def test_a_body_is_read_strictly(
    world: World, body: bytes, expected: tuple[int, str]
) -> None:
    answer = await world.backend.post(START, content=body, headers=JSON)
    assert problem(answer) == expected


async def test_what_is_wrong_is_said_with_the_field(world: World) -> None:
    body = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim", "email": "no address"}}
    answer = await world.backend.post(START, json=body)
    assert answer.json()["field"] == "actor.email"
    assert "matching regex" not in answer.json()["detail"]


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "application/json-patch+json", ""]
)
async def test_only_json_is_taken_for_json(world: World, media: str) -> None:
    body = b'{"subject_id":"ada","reason":"x"}'
    answer = await world.backend.post(START, content=body, headers={"content-type": media})
    assert problem(answer) == (415, "unsupported_media_type")


async def test_json_in_another_charset_is_not_taken(world: World) -> None:
    headers = {"content-type": "application/json; charset=utf-16"}
    answer = await world.backend.post(START, content=b"{}", headers=headers)
    assert problem(answer) == (415, "unsupported_media_type")
    fine = {"content-type": "application/json; charset=UTF-8"}
    answer = await world.backend.post(START, content=b"{}", headers=fine)
    assert problem(answer) == (422, "invalid_input")


async def test_a_body_that_is_too_large_is_not_read_to_its_end(world: World) -> None:
    answer = await world.backend.post(START, content=b"x" * 65_537, headers=JSON)
    assert problem(answer) == (413, "body_too_large")


async def test_a_body_without_announced_length_is_cut_off_as_well(world: World) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"x" * 10_000

    answer = await world.backend.post(START, content=endless(), headers=JSON)
    assert problem(answer) == (413, "body_too_large")
    assert read < 10


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=0", (422, "invalid_input")),
        ("limit=201", (422, "invalid_input")),
        ("limit=1.0", (422, "invalid_input")),
        ("limit=%EF%BC%91", (422, "invalid_input")),
        ("limit=5&limit=6", (400, "malformed_request")),
        ("state=live&state=over", (400, "malformed_request")),
        ("unknown=1", (422, "invalid_input")),
        ("state=asleep", (422, "invalid_input")),
        ("actor_id=a%00b", (422, "invalid_input")),
        ("actor_id=%ff", (400, "malformed_request")),
        ("actor_id", (400, "malformed_request")),
        ("&".join(["limit=1"] * 200), (400, "malformed_request")),
    ],
)
async def test_a_query_is_read_strictly(
    world: World, query: str, expected: tuple[int, str]
) -> None:
    assert problem(await world.backend.get(f"/api/v1/sessions?{query}")) == expected


async def test_a_time_without_zone_is_refused(world: World) -> None:
    answer = await world.backend.get("/api/v1/audit/entries?since=2026-11-22T09:30:00")
    assert (answer.status_code, answer.json()["field"]) == (422, "since")
    answer = await world.backend.get("/api/v1/audit/entries?since=1795339800")
    assert answer.status_code == 422


async def test_an_id_may_hold_slashes_and_other_letters(world: World) -> None:
    for subject_id in ("a/b", "ä ö", "100%", "..", "import"):
        quoted = httpx.URL("http://x/").copy_with(
            raw_path=("/api/v1/subjects/" + _quoted(subject_id)).encode()
        )
        saved = await world.backend.put(quoted.raw_path.decode(), json={"name": "Somebody"})
        assert saved.status_code == 200, saved.text
        assert saved.json()["id"] == subject_id
        again = await world.backend.get(quoted.raw_path.decode())
        assert again.json()["id"] == subject_id


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


@pytest.mark.parametrize("path", ["%00", "a%0ab", "%ff", "x" * 256, "x" * 5000])
async def test_an_id_that_cannot_be_one_is_not_found(world: World, path: str) -> None:
    assert problem(await world.backend.get(f"/api/v1/subjects/{path}")) == (404, "not_found")


async def test_an_unknown_method_is_told_the_known_ones(world: World) -> None:
    answer = await world.backend.delete("/api/v1/sessions")
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    answer = await world.backend.request("BREW", "/api/v1/subjects/ada")
    assert answer.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


async def test_options_are_told_without_credentials_and_without_cors(world: World) -> None:
    answer = await world.stranger.options(START, headers={"origin": "https://evil.example"})
    assert (answer.status_code, answer.headers["allow"]) == (204, "OPTIONS, POST")
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_head_answers_like_get_without_the_body(world: World) -> None:
    full = await world.backend.get("/api/v1/application")
    head = await world.backend.head("/api/v1/application")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize("path", ["/oauth2/authorize", "/api/v1/audit/export"])
async def test_head_is_refused_where_asking_has_an_effect(world: World, path: str) -> None:
    assert (await world.backend.head(path)).status_code == 405


async def test_an_unknown_path_is_a_problem_too(world: World) -> None:
    for path in ("/nowhere", "/api/v1/", "/api/v1/sessions/", "/api/v2/sessions"):
        assert problem(await world.backend.get(path)) == (404, "not_found")


async def test_a_defect_says_nothing_about_itself(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("the secret is 12345")

    monkeypatch.setattr(world.installation.engine, "reading", broken)
    answer = await world.backend.get("/api/v1/application")
    assert problem(answer) == (500, "internal_error")
    assert "12345" not in answer.text
    record = next(record for record in caplog.records if record.exc_info)
    assert vars(record)["request_id"] == answer.json()["request_id"]


async def test_both_credentials_at_once_are_refused(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    headers = {"cookie": sam.browser.headers["cookie"], **OWN_SITE}
    answer = await world.backend.get("/api/v1/sessions", headers=headers)
    assert problem(answer) == (400, "malformed_request")


async def test_a_cookie_that_comes_twice_is_refused(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    cookie = sam.browser.headers["cookie"]
    headers = {"cookie": f"{cookie}; {OPERATOR_COOKIE}=planted", **OWN_SITE}
    answer = await world.stranger.get("/api/v1/sessions", headers=headers)
    assert problem(answer) == (400, "malformed_request")


@pytest.mark.parametrize(
    "authorization",
    ["Bearer abc", "Basic", "Basic !!!", "Basic YWJj", "Basic YTpi, Basic YTpi", "", "Basic /w=="],
)
async def test_garbled_credentials_are_no_credentials(world: World, authorization: str) -> None:
    headers = {"authorization": authorization}
    answer = await world.stranger.get("/api/v1/application", headers=headers)
    assert problem(answer) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_a_wrong_secret_and_a_wrong_id_look_the_same(world: World) -> None:
    path = "/api/v1/application"
    wrong = await world.stranger.get(path, auth=(world.application.id, "usk_wrong"))
    unknown = await world.stranger.get(path, auth=("app_unknown", world.secret))
    assert problem(wrong) == problem(unknown) == (401, "not_signed_in")
    assert wrong.json()["detail"] == unknown.json()["detail"]


async def test_a_browser_is_not_asked_for_a_password(world: World) -> None:
    answer = await world.stranger.get("/api/v1/me", headers=OWN_SITE)
    assert answer.status_code == 401
    assert not answer.headers["www-authenticate"].startswith("Basic")


async def test_an_old_secret_works_for_as_long_as_it_was_given(world: World) -> None:
    boss = await world.operator(Role.ADMIN)
    path = f"/api/v1/applications/{world.application.id}/rotate-secret"
    rotated = await boss.browser.post(path, json={"overlap_minutes": 10})
    fresh = (world.application.id, rotated.json()["secret"])
    assert (await world.backend.get("/api/v1/application")).status_code == 200
    assert (await world.stranger.get("/api/v1/application", auth=fresh)).status_code == 200
    world.installation.clock.forward(minutes=10)
    assert (await world.backend.get("/api/v1/application")).status_code == 401


async def test_an_operators_session_ends_by_rest_and_by_age(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    for _ in range(24):
        world.installation.clock.forward(minutes=29)
        assert (await sam.browser.get("/api/v1/me")).status_code == 200
        # The sign of life is written beside the request; the writer has done it before this.
        world.installation.engine.run(lambda unit: unit.now)
    world.installation.clock.forward(minutes=29)
    assert (await sam.browser.get("/api/v1/me")).status_code == 401
    kim = await world.operator(Role.SUPPORT_MANAGER, email="kim@support.example")
    world.installation.clock.forward(minutes=30)
    assert (await kim.browser.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense", ""])
async def test_another_site_changes_nothing(world: World, site: str) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    headers = {"sec-fetch-site": site, "origin": "http://localhost:8700"}
    answer = await sam.browser.post("/api/v1/sign-out", headers=headers)
    assert problem(answer) == (403, "cross_site_refused")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:8700", True),
        ("http://LOCALHOST:8700", True),
        ("http://localhost:8701", False),
        ("http://127.0.0.1:8700", False),
        ("https://evil.example", False),
        ("http://localhost:8700.evil.example", False),
        ("http://evil.example/http://localhost:8700", False),
        ("null", False),
        ("http://[", False),
    ],
)
async def test_without_fetch_metadata_the_origin_decides(
    world: World, origin: str, allowed: bool
) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    headers = {"cookie": sam.browser.headers["cookie"], "origin": origin}
    answer = await world.stranger.post("/api/v1/sign-out", headers=headers)
    assert answer.status_code == (204 if allowed else 403)


async def test_another_site_signs_nobody_in(world: World) -> None:
    body = {"email": "sam@support.example", "password": "x"}
    headers = {"sec-fetch-site": "cross-site"}
    answer = await world.stranger.post("/api/v1/sign-in", json=body, headers=headers)
    assert problem(answer) == (403, "cross_site_refused")


async def test_a_cookie_under_a_foreign_host_name_is_refused(world: World) -> None:
    sam = await world.operator(Role.SUPPORT_MANAGER)
    rebound = await sam.browser.get("/api/v1/me", headers={"host": "evil.example"})
    assert problem(rebound) == (403, "cross_site_refused")
    loopback = await sam.browser.get("/api/v1/me", headers={"host": "127.0.0.1:8700"})
    assert loopback.status_code == 200


async def test_a_backend_may_use_any_name_of_the_service(world: World) -> None:
    headers = {"host": "understudy.internal:8700"}
    assert (await world.backend.get("/api/v1/application", headers=headers)).status_code == 200


async def test_too_many_requests_are_told_when_to_come_back(tmp_path: Path) -> None:
    async with service.world(tmp_path, rate_multiplier=0.002) as world:
        answers = [await world.backend.get("/api/v1/application") for _ in range(8)]
        assert [answer.status_code for answer in answers[:6]] == [200] * 6
        assert problem(answers[-1]) == (429, "too_many_requests")
        seconds = int(answers[-1].headers["retry-after"])
        assert answers[-1].json()["retry_after_seconds"] == seconds
        assert 1 <= seconds <= 60


async def test_who_guesses_secrets_is_stopped_and_nobody_beside_them(tmp_path: Path) -> None:
    async with service.world(tmp_path, rate_multiplier=0.1) as world:
        auth = (world.application.id, "usk_wrong")
        for _ in range(3):
            assert (await world.stranger.get("/api/v1/application", auth=auth)).status_code == 401
        guessed = await world.stranger.get("/api/v1/application", auth=auth)
        assert problem(guessed) == (429, "too_many_requests")
        assert (await world.backend.get("/api/v1/application")).status_code == 200
