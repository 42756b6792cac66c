from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from tests.fixtures import service
from tests.fixtures.service import BASE, World
from understudy.core.people.permissions import Role
from understudy.service.dashboard import Dashboard

NONCE = re.compile(r"'nonce-([A-Za-z0-9_-]{22})'")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A dashboard as the build leaves it."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(
        '<!doctype html><base href="/" />'
        '<script nonce="__CSP_NONCE__" src="./assets/a.js"></script>'
    )
    (folder / "assets" / "a.js").write_text("plain")
    (folder / "assets" / "a.js.br").write_bytes(b"brotli")
    (folder / "assets" / "a.js.gz").write_bytes(b"gzip")
    (folder / "assets" / "notes.exe").write_text("no")
    (folder / "secret.js").write_text("no")
    return folder


def elsewhere(world: World, address: str) -> httpx.AsyncClient:
    """A stranger who calls from ``address``."""
    transport = httpx.ASGITransport(world.app, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url=BASE)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sign-in",
        "/setup",
        "/invitation",
        "/taken-over",
        "/users",
        "/users/a%2Fb",
        "/sessions",
        "/ended",
        "/audit",
        "/audit/7",
        "/settings",
        "/settings/app_1",
        "/settings/app_1/holds",
        "/settings/app_1/webhooks",
        "/settings/app_1/webhooks/whe_1",
        "/settings/app_1/webhooks/whe_1/msg_1",
        "/team",
        "/account",
        "/launch/grt_1",
    ],
)
async def test_every_page_of_the_dashboard_is_the_same_document(
    tmp_path: Path, built: Path, path: str
) -> None:
    async with service.world(tmp_path, folder=built) as world:
        answer = await world.stranger.get(path)
        assert answer.status_code == 200, path
        (nonce,) = set(NONCE.findall(answer.headers["content-security-policy"]))
        assert f'<script nonce="{nonce}" src="./assets/a.js">' in answer.text
        assert '<base href="/">' in answer.text
        assert answer.headers["cache-control"] == "no-store"


async def test_who_has_signed_in_is_asked_for_while_the_scripts_are_on_their_way(
    tmp_path: Path, built: Path
) -> None:
    async with service.world(tmp_path, folder=built) as world:
        sam = await world.operator(Role.ADMIN)
        asked = "</api/v1/me>; rel=preload; as=fetch; crossorigin"
        for path in ("/", "/users", "/settings/app_1/holds"):
            assert (await sam.browser.get(path)).headers["link"] == asked, path
            assert "link" not in (await world.stranger.get(path)).headers, path
        for path in ("/sign-in", "/setup", "/invitation", "/docs"):
            assert "link" not in (await sam.browser.get(path)).headers, path


def test_below_another_path_the_api_is_asked_there(built: Path) -> None:
    page = Dashboard(built, nonce=lambda: "n").page(base="/staff é>/", asks=True)
    assert page.headers["link"].startswith("</staff%20%C3%A9%3E/api/v1/me>; rel=preload;")


@pytest.mark.parametrize("path", ["/nowhere", "/users/a/b/c", "/settings/a/b"])
async def test_a_person_at_an_unknown_address_gets_a_page_that_says_so(
    tmp_path: Path, built: Path, path: str
) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with service.world(tmp_path, folder=built) as world:
        answer = await world.stranger.get(path, headers=browser)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert '<base href="/">' in answer.text
        assert answer.headers["cache-control"] == "no-store"
        for method, accepted in (
            ("GET", "*/*"),
            ("GET", "application/json"),
            ("POST", "text/html"),
        ):
            answer = await world.stranger.request(method, path, headers={"accept": accepted})
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_what_is_not_there_in_the_api_is_a_problem_for_everybody(
    tmp_path: Path, built: Path
) -> None:
    browser = {"accept": "text/html"}
    async with service.world(tmp_path, folder=built) as world:
        for path in ("/api/v1/nothing", "/log/tile/0/x999", "/assets/gone.js"):
            answer = await world.stranger.get(path, headers=browser)
            assert answer.status_code in (400, 404)
            assert not answer.headers["content-type"].startswith("text/html")


async def test_a_nonce_is_used_once(tmp_path: Path, built: Path) -> None:
    async with service.world(tmp_path, folder=built) as world:
        answers = [await world.stranger.get("/") for _ in range(3)]
        policies = {answer.headers["content-security-policy"] for answer in answers}
        assert len(policies) == 3


async def test_a_page_allows_no_scripts_but_its_own(tmp_path: Path, built: Path) -> None:
    async with service.world(tmp_path, folder=built) as world:
        policy = (await world.stranger.get("/")).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "object-src 'none'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy


async def test_assets_are_sent_as_they_were_compressed_and_kept_for_ever(
    tmp_path: Path, built: Path
) -> None:
    async with service.world(tmp_path, folder=built) as world:
        for accepted, sent in (("br", b"brotli"), ("gzip", b"gzip"), ("identity", b"plain")):
            headers = {"accept-encoding": accepted}
            request = world.stranger.build_request("GET", "/assets/a.js", headers=headers)
            answer = await world.stranger.send(request, stream=True)
            assert b"".join([chunk async for chunk in answer.aiter_raw()]) == sent
            assert answer.headers["content-type"].startswith("text/javascript")
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    "path", ["../secret.js", "%2e%2e/secret.js", "notes.exe", "missing.js", "", "a.js.br"]
)
async def test_nothing_else_is_sent_as_an_asset(tmp_path: Path, built: Path, path: str) -> None:
    async with service.world(tmp_path, folder=built) as world:
        assert (await world.stranger.get(f"/assets/{path}")).status_code == 404


async def test_a_dashboard_that_was_not_built_says_what_to_do(tmp_path: Path) -> None:
    async with service.world(tmp_path, folder=tmp_path / "nothing") as world:
        answer = await world.stranger.get("/users")
        assert answer.status_code == 503
        assert "make build" in answer.text
        assert (await world.stranger.get("/docs")).status_code == 200


async def test_the_reference_explains_every_problem(world: World) -> None:
    page = (await world.stranger.get("/docs")).text
    missing = await world.stranger.get("/nothing/here")
    anchor = missing.json()["type"].partition("#")[2]
    assert f'id="{anchor}"' in page
    assert "subject_protected" in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://localhost", "")


async def test_the_openapi_document_is_published(world: World) -> None:
    answer = await world.stranger.get("/openapi.json")
    assert answer.json()["openapi"] == "3.1.0"


async def test_a_page_is_only_read(world: World) -> None:
    answer = await world.stranger.post("/users")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (await world.stranger.options("/users")).headers["allow"] == "GET, HEAD, OPTIONS"
    assert (await world.stranger.head("/docs")).content == b""


@pytest.mark.parametrize("host", ["127.0.0.1:8700", "[::1]:8700", "evil.example", "localhost"])
async def test_pages_under_another_host_name_move_to_the_public_url(
    world: World, host: str
) -> None:
    path = "/users/a%2Fb?impersonate&reason=x%20y"
    answer = await world.stranger.get(path, headers={"host": host})
    assert answer.status_code == 307
    assert answer.headers["location"] == f"http://localhost:8700{path}"


async def test_health_and_api_never_move(world: World) -> None:
    headers = {"host": "127.0.0.1:8700"}
    for path in ("/healthz", "/openapi.json", "/log/checkpoint"):
        assert (await world.stranger.get(path, headers=headers)).status_code == 200


async def test_behind_a_proxy_that_hides_the_host_nothing_moves(world: World) -> None:
    headers = {"host": "10.0.0.7:8700", "x-forwarded-for": "203.0.113.9"}
    assert (await world.stranger.get("/docs", headers=headers)).status_code == 200


async def test_every_answer_is_hardened(world: World) -> None:
    for path in ("/healthz", "/docs", "/nothing", "/api/v1/me", "/openapi.json"):
        headers = (await world.stranger.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "camera=()" in headers["permissions-policy"]
        assert "strict-transport-security" not in headers
        assert len(headers.get_list("content-security-policy")) == 1


async def test_over_https_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    async with service.world(tmp_path, public_url="https://understudy.example") as world:
        answer = await world.stranger.get("/healthz")
        assert answer.headers["strict-transport-security"] == "max-age=63072000"


async def test_metrics_are_for_loopback_or_for_a_token(tmp_path: Path) -> None:
    async with service.world(tmp_path) as world:
        await world.backend.get("/api/v1/application")
        text = (await world.stranger.get("/metrics")).text
        assert (
            'understudy_requests_total{method="GET",route="/api/v1/application",status="200"} 1.0'
            in text
        )
        assert "understudy_log_entries " in text
        assert "understudy_writer_groups_total " in text
    async with service.world(tmp_path / "two", metrics_token="m-1") as world:
        assert (await world.stranger.get("/metrics")).status_code == 404
        bearer = {"authorization": "Bearer m-1"}
        assert (await world.stranger.get("/metrics", headers=bearer)).status_code == 200


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::7"])
async def test_metrics_are_not_there_for_who_asks_from_elsewhere(
    world: World, address: str
) -> None:
    async with elsewhere(world, address) as client:
        answer = await client.get("/metrics")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert "understudy_" not in answer.text
        # It is the address that decides, and only of this.
        assert (await client.get("/healthz")).status_code == 200
        claimed = await client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"})
        assert claimed.status_code == 404


async def test_metrics_are_not_there_for_whom_a_proxy_on_loopback_speaks(tmp_path: Path) -> None:
    proxies = (ip_network("127.0.0.1"),)
    async with service.world(tmp_path, trusted_proxies=proxies) as world:
        forwarded = {"x-forwarded-for": "192.0.2.7"}
        answer = await world.stranger.get("/metrics", headers=forwarded)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert (await world.stranger.get("/metrics")).status_code == 200


@pytest.mark.parametrize(
    "name", ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"]
)
async def test_metrics_are_not_there_through_a_proxy_that_nobody_trusts(
    world: World, name: str
) -> None:
    answer = await world.stranger.get("/metrics", headers={name: "for=192.0.2.7"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_who_has_the_token_may_see_metrics_from_elsewhere(tmp_path: Path) -> None:
    async with (
        service.world(tmp_path, metrics_token="m-1") as world,
        elsewhere(world, "192.0.2.7") as client,
    ):
        bearer = {"authorization": "Bearer m-1"}
        assert (await client.get("/metrics", headers=bearer)).status_code == 200
        wrong = await client.get("/metrics", headers={"authorization": "Bearer m-2"})
        assert (wrong.status_code, wrong.json()["code"]) == (404, "not_found")


async def test_it_is_not_ready_while_nobody_follows_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await world.stranger.get("/healthz")).json() == {"status": "ok"}
    await world.followed()
    assert (await world.stranger.get("/readyz")).json() == {"status": "ok", "clock": "ok"}
    monkeypatch.setattr(world.app.node.stream, "is_fresh", lambda: False)
    answer = await world.stranger.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
