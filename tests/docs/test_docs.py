"""Every command and every program in the documents works as it stands there."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import tomllib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from itsdangerous import TimestampSigner

from tests.docs.pages import ROOT, RUN, SHOWN, blocks, pages
from tests.docs.reader import PASSWORD, REASON, first_page_as_ada, follow, prepare
from tests.docs.shell import Shell
from tests.docs.visitor import Site, Visitor
from understudy.cli.installation import opened
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.applications import administer
from understudy.flows.origin import Origin
from understudy.service.table import WIRES
from understudy.webhooks.signing import signature_headers

DOCS = ROOT / "docs"
ORIGIN = "http://app.localhost:8701"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_is_run_or_only_to_be_looked_at(page: Path) -> None:
    for block in blocks(page):
        assert block.language in RUN | SHOWN, f"{block.where}: {block.language}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{page.relative_to(ROOT)}: {target}"
        if anchor:
            assert anchor in _anchors(linked), f"{page.relative_to(ROOT)}: {target}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def test_paths_that_a_page_names_exist() -> None:
    for page in pages():
        for named in re.findall(
            r"`((?:benchmarks|docs|packages|scripts|src|tests)/[\w./-]+)`", page.read_text()
        ):
            assert (ROOT / named).exists(), f"{page.relative_to(ROOT)}: {named}"


def test_the_picture_of_the_house_shows_every_room() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [layers] = [
        one["layers"]
        for one in settings["tool"]["importlinter"]["contracts"]
        if one["name"] == "Layers"
    ]
    [picture] = re.findall(r"```mermaid\n(.+?)```", (DOCS / "architecture.md").read_text(), re.S)
    shown = set(re.findall(r"\w+", picture))
    assert {room for layer in layers for room in re.findall(r"\w+", layer)} - {"__main__"} <= shown


def test_the_changelog_begins_with_the_version_that_every_package_has() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    packages = [ROOT / "package.json", ROOT / "dashboard/package.json"]
    packages += (ROOT / "packages").glob("*/package.json")
    found = {json.loads(one.read_text())["version"] for one in packages}
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert (headings[0], found) == (version, {version})


def test_pages_say_nothing_of_the_machine_on_which_they_were_written() -> None:
    for page in pages():
        assert not re.search(r"/(root|home|work|Users)/", page.read_text()), page


def test_the_quickstart_leads_to_a_banner(shell: Shell) -> None:
    with shell:
        following = iter(list(blocks(DOCS / "quickstart.md")))
        for block in following:
            shell.run(block)
            if block.text.startswith("uvicorn"):
                break
        app = f"http://127.0.0.1:{shell.ports['8000']}"
        sam = Visitor(shell.ports["8700"], Site(app))
        sam.sign_in("you@example.com", PASSWORD)
        assert "Hello stranger" in sam.visit("/")
        assert "Hello Ada" in first_page_as_ada(sam, shell)
        sam.end()
        assert "Hello stranger" in sam.visit("/")
        for block in following:
            shell.run(block)


def test_the_three_lines_of_the_readme_are_enough(shell: Shell) -> None:
    shell.given.update(app=FastAPI(), get_user={"1": object()}.get)
    shell.printed("app_readme usk_readme")
    follow(shell, ROOT / "README.md")
    wrapped = shell.given["app"]
    assert isinstance(wrapped, UnderstudyMiddleware)
    assert isinstance(wrapped.app, FastAPI)


def test_the_fastapi_guide_works_against_a_running_service(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _guided(shell, monkeypatch, "howto/fastapi.md") as app:
        _is_the_guides_app(Visitor(shell.ports["8700"], Site(ORIGIN, app=app)), shell)


@contextmanager
def _guided(shell: Shell, monkeypatch: pytest.MonkeyPatch, page: str) -> Iterator[Any]:
    """The app that a page leads to, beside a running service."""
    with shell:
        _prepare(shell)
        shell.serve("understudy serve")
        monkeypatch.setenv("APP_ID", shell.found("app_…"))
        monkeypatch.setenv("APP_SECRET", shell.found("usk_…"))
        follow(shell, DOCS / page)
        try:
            yield shell.first["site"]
        finally:
            shell.first["understudy"].close()


def _is_the_guides_app(sam: Visitor, shell: Shell) -> None:
    sam.sign_in("sam@example.com", PASSWORD)
    assert "Hello stranger" in sam.visit("/")
    assert sam.post("/password").json() == {"changed": True}
    assert "Hello Ada" in first_page_as_ada(sam, shell)
    assert sam.post("/notes").json() == {"of": "Ada", "written_by": "sam@example.com"}
    assert sam.post("/comments").json() == {"of": "Ada", "by": "sam@example.com"}
    assert json.loads(sam.visit("/until")) is not None
    assert json.loads(sam.visit("/report")) == {"by_hand": "1", "by_pool": "1"}
    assert json.loads(sam.visit("/queued")) == ["1", True]
    refused = sam.post("/password")  # by the deny profile, before the view
    assert (refused.status_code, refused.json()["code"]) == (403, "action_blocked")
    sam.end()
    assert "Hello stranger" in sam.visit("/")
    begun = sam.post("/support/view-as/2", params={"reason": REASON})
    assert begun.status_code == 303
    assert "Hello Grace" in sam.visit("/")
    assert sam.post("/notes").json() == {"of": "Grace", "written_by": "kim@app.example"}


def test_the_page_about_starting_in_the_app_works(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _guided(shell, monkeypatch, "howto/start-in-your-app.md") as app:
        kim = Visitor(shell.ports["8700"], Site(ORIGIN, app=app))
        asked = {"subject_id": "1", "reason": REASON}
        assert kim.post("/_understudy/start", json=asked).status_code == 404
        kim.keep("my_login", "a-random-token")
        assert "Impersonate Ada" in kim.visit("/admin/users")
        colleague = kim.post("/_understudy/start", json={**asked, "subject_id": "7"})
        assert colleague.json()["code"] == "subject_unavailable"
        begun = kim.post("/_understudy/start", json=asked)
        assert (begun.status_code, begun.json()["home"]) == (200, "/")
        assert "Ada" in kim.visit("/")
        status = json.loads(kim.visit("/_understudy/status"))
        assert (status["actor"]["name"], status["subject"]["id"]) == ("Kim", "1")
        kim.end()
        assert "stranger" in kim.visit("/")
        cookie = b"session=" + TimestampSigner("the app's own").sign(
            b64encode(json.dumps({"user_id": "7"}).encode())
        )
        scope = {"type": "http", "headers": [(b"cookie", cookie)]}
        found = asyncio.run(shell.given["staff_by_session"](scope))
        assert found.name == "Kim"


def test_the_page_about_session_origins_works(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _guided(shell, monkeypatch, "howto/session-origins.md") as app:
        own, label = "app.example", f"understudy-{'a' * 26}.app-view.example"
        for host, status in ((own, 200), (label, 410), ("www.app-view.example", 404)):
            assert asyncio.run(_status_at(host, app)) == status, host


async def _status_at(host: str, app: Any) -> int:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=f"https://{host}") as browser:
        return (await browser.get("/")).status_code


def test_the_page_about_the_log_works(shell: Shell) -> None:
    with shell:
        _prepare(shell)
        follow(shell, DOCS / "howto/audit.md")


def test_the_page_about_deep_links_works_and_names_what_the_dashboard_reads(shell: Shell) -> None:
    page = DOCS / "howto/tickets-deep-link.md"
    follow(shell, page)
    search = (ROOT / "dashboard/src/router/search.ts").read_text()
    body = re.search(r"function userSearch.*?\n}", search, re.DOTALL)
    assert body is not None
    for name in ("application_id", "impersonate", "reason", "ticket"):
        assert f"raw.{name}" in body[0]
        assert name in page.read_text()


def test_the_page_about_deployment_works(shell: Shell, postgres_url: str, tmp_path: Path) -> None:
    shell.stands_for["postgresql://understudy:secret@db.example/understudy"] = postgres_url
    shell.stands_for["/var/lib/understudy"] = str(tmp_path / "data")
    with shell:
        follow(shell, DOCS / "howto/deploy.md")


def test_the_page_about_imports_works(shell: Shell) -> None:
    user = {"user_id": "auth0|1", "email": "eva@x.example", "app_metadata": {"roles": ["owner"]}}
    (shell.folder / "users.json.gz").write_bytes(gzip.compress(json.dumps(user).encode()))
    people = "uid;first name;last name;vip\n7;Ada;Lovelace;yes\n"
    (shell.folder / "people.csv").write_text(people)
    with shell:
        _prepare(shell)
        follow(shell, DOCS / "howto/import.md")


def test_the_page_about_oauth_works_against_a_running_service(shell: Shell) -> None:
    with shell:
        _prepare(shell)
        shell.serve("understudy serve")
        follow(shell, DOCS / "howto/oauth.md")


def test_the_page_about_approvals_works_against_a_running_service(shell: Shell) -> None:
    with shell:
        _prepare(shell)
        with opened(shell.folder / "understudy-data", None) as engine:
            engine.run(_have_a_colleague_agree)
        shell.serve("understudy serve")
        follow(shell, DOCS / "howto/approvals.md")


def _have_a_colleague_agree(unit: Unit) -> None:
    (application,) = unit.applications.list()
    settings = replace(application.settings, approval=ApprovalTerms(quorum=1))
    changed = replace(application, settings=settings)
    administer.update(unit, changed, wires=WIRES.settings, by=SYSTEM, origin=Origin())


async def test_the_receiver_of_the_page_about_webhooks_takes_what_we_sign_and_nothing_else(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = bytes(range(32))
    monkeypatch.setenv("WEBHOOK_SECRET", "whsec_" + b64encode(secret).decode())
    follow(shell, DOCS / "howto/webhooks.md")
    body = b'{"type":"session.started","timestamp":"2026-11-22T09:30:00.123Z","data":{}}'
    headers = signature_headers("msg_1", datetime.now(UTC), body, secrets=[secret])
    transport = httpx.ASGITransport(shell.given["receiver"])
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as sender:
        taken = [(await sender.post("/understudy", content=body)).status_code for _ in range(2)]
        forged = (await sender.post("/understudy", content=body + b" ")).status_code
    assert (taken, forged) == ([204, 204], 400)
    assert shell.given["had"] == {"msg_1"}


def _prepare(shell: Shell) -> None:
    """The same, and a token with which Sam may become Ada."""
    token = f"understudy impersonate ada --app app_… --as sam@example.com --reason '{REASON}'"
    prepare(shell, token, origin=ORIGIN)


def test_the_guide_to_jobs_runs_as_it_stands() -> None:
    code = "".join(
        block.text
        for block in blocks(DOCS / "howto/jobs-and-attribution.md")
        if block.language == "python"
    )
    exec(compile(code, "jobs-and-attribution.md", "exec"), {"__name__": "guide"})
