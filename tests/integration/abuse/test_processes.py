"""The product as processes of its own: what they print, what they leave on disk, and what they
refuse to start with (I7, K2, K3, and the lines of the service's own log, T8)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.fixtures.ports import free_port
from tests.integration.abuse.stack import REASON, SECONDS, eventually
from tests.integration.abuse.visitor import Visitor
from understudy.service.cookies import OPERATOR_COOKIE

ISSUED = re.compile(rb"us[a-z]_[A-Za-z0-9_-]{43}")
"""What every bearer token of ours looks like, whatever it is for."""


@dataclass(kw_only=True)
class Process:
    """A verb of the command line at work in ``folder``; its words are kept in files there."""

    folder: Path
    announced: str
    pid: int
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> bytes:
        """What it wrote to standard error so far."""
        return (self.folder / "stderr").read_bytes()


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "UNDERSTUDY" not in name}
    ours = {f"UNDERSTUDY_{name.upper()}": value for name, value in settings.items()}
    return kept | ours


def command(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end."""
    return subprocess.run(
        [sys.executable, "-m", "understudy", *words],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def started(folder: Path, *words: str, lines: int = 1, **settings: str) -> Iterator[Process]:
    """A verb that goes on until the test is over."""
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "understudy", *words, "--data-dir", str(folder / "data")],
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        announced = "".join(process.stdout.readline() for _ in range(lines))
        yield Process(folder=folder, announced=announced, pid=process.pid)
    finally:
        process.terminate()
        rest, _ = process.communicate(timeout=SECONDS)
    assert (process.returncode, rest) == (0, "")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The demo with everything that it can say in its log, after a long day; still running."""
    folder = tmp_path_factory.mktemp("demo")
    words = ("demo", "--no-browser", "--json", "--port", str(free_port()))
    words = (*words, "--app-port", str(free_port()))
    for process in started(folder, *words, log_level="debug", rate_multiplier="0"):
        process.secrets = a_long_day(process)
        yield process


def a_long_day(process: Process) -> dict[str, str]:
    """Use every kind of secret, rightly and wrongly; what they were."""
    facts = json.loads(process.announced)
    kept = json.loads((process.data_dir / "demo.json").read_text())
    issuer, app_url = facts["dashboard_url"], facts["app_url"]
    found = {"application secret": kept["secret"], "password": kept["password"]}
    found["installation key"] = (process.data_dir / "installation.key").read_text().strip()
    sam = Visitor(issuer=issuer, app_url=app_url)
    mara = Visitor(issuer=issuer, app_url=app_url)
    for who, email in ((sam, "sam@harbor.example"), (mara, "mara@harbor.example")):
        wrong = {"email": email, "password": "wrong-" + kept["password"]}
        assert who.call("POST", f"{issuer}/api/v1/sign-in", json=wrong).status_code == 401
        body = {"email": email, "password": kept["password"]}
        assert who.call("POST", f"{issuer}/api/v1/sign-in", json=body).status_code == 200
        found[f"cookie of {email}"] = who.cookie(issuer, OPERATOR_COOKIE) or ""
    found |= {"wrong password": "wrong-" + kept["password"]}
    found |= launched(sam, facts["application_id"])
    found |= administered(mara, facts["application_id"])
    auth = (facts["application_id"], kept["secret"])
    port = urlsplit(issuer).port
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", auth=auth, verify=False) as backend:
        found |= exchanged(backend)
        misplaced(backend, found)
    require_kept_apart(found, [*sam.answers, *mara.answers])
    return found


def launched(sam: Visitor, application_id: str) -> dict[str, str]:
    """The hand-off through a browser, with a change in the app and an end."""
    body = {"subject_id": "ada", "reason": REASON, "application_id": application_id}
    grant = sam.call("POST", f"{sam.issuer}/api/v1/impersonations", json=body).json()["grant"]["id"]
    callback = sam.callback_of(grant)
    query = parse_qs(urlsplit(callback).query)
    found = {"code": query["code"][0], "launch cookie": sam.cookie(sam.app_url, LAUNCH) or ""}
    assert sam.open(callback, site="cross-site").status_code == 200
    found["session token"] = sam.overlay or ""
    sam.step(callback, site="cross-site")
    sam.app("POST", "/invoices/T-1042/remind")
    sam.app("POST", "/settings/password")
    sam.page("/?token=" + found["session token"])
    assert sam.end().status_code == 200
    sam.plant(sam.app_url, "__Host-understudy", found["session token"])
    assert sam.app("GET", "/").status_code == 401
    return found


LAUNCH = "__Host-understudy-launch"


def administered(mara: Visitor, application_id: str) -> dict[str, str]:
    """Secrets that an admin is shown once."""
    invited = mara.call(
        "POST",
        f"{mara.issuer}/api/v1/operators",
        json={"email": "new@harbor.example", "name": "New", "roles": ["auditor"]},
    )
    assert invited.status_code == 201, invited.text
    rotated = mara.call(
        "POST",
        f"{mara.issuer}/api/v1/applications/{application_id}/rotate-secret",
        json={"overlap_minutes": 60},
    )
    assert rotated.status_code == 200, rotated.text
    (invitation,) = set(ISSUED.findall(invited.content))
    return {"invitation": invitation.decode(), "new application secret": rotated.json()["secret"]}


def exchanged(backend: httpx.Client) -> dict[str, str]:
    """The hand-off through the backend, kept under a key, with a JWT."""
    body = {"subject_id": "dalia", "reason": REASON, "actor": {"id": "kim"}}
    headers = {"idempotency-key": "once"}
    started = backend.post("/api/v1/impersonations", json=body, headers=headers).json()
    token = {"impersonation_token": started["impersonation_token"], "jwt": True}
    opened = backend.post("/api/v1/impersonations/exchange", json=token).json()
    backend.post("/api/v1/impersonations/exchange", json=token)
    return {
        "impersonation token": started["impersonation_token"],
        "session token of the backend": opened["session_token"],
        "session JWT": opened["session_jwt"],
    }


def misplaced(backend: httpx.Client, found: dict[str, str]) -> None:
    """Secrets where they do not belong, in requests that are refused."""
    for secret in list(found.values()):
        for path in (f"/api/v1/sessions/{secret}", f"/nowhere/{secret}", f"/users/{secret}"):
            backend.get(path)
        backend.get("/api/v1/sessions", params={"session_token": secret})
        backend.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"})
        backend.get("/healthz", headers={"x-request-id": secret, "user-agent": secret})
        backend.post("/api/v1/sessions/refresh", json={"session_token": secret, "more": secret})
        backend.post("/oauth2/token", data={"grant_type": secret, "code": secret})
        backend.post("/api/v1/impersonations/exchange", content=secret.encode())


def require_kept_apart(found: dict[str, str], answers: list[httpx.Response]) -> None:
    """No bearer token in an address but a code, and none in a body but where it is handed out."""
    for answer in answers:
        address = str(answer.request.url) + answer.headers.get("location", "")
        if "?token=" in address:
            continue  # that was us
        tokens = {token.decode() for token in ISSUED.findall(address.encode())}
        assert tokens <= {found["code"]}, address
        for name in ("session token", "code", "launch cookie"):
            assert found[name] not in answer.text, (name, address)


def test_i7_no_secret_is_printed_or_logged(lived: Process) -> None:
    assert len(lived.secrets) >= 12
    eventually(lambda: b"/oauth2/token" in lived.log)
    log = lived.log
    assert log.count(b"\n") > 200
    for name, secret in lived.secrets.items():
        assert len(secret) >= 8, name
        assert secret.encode() not in log, name
    assert ISSUED.findall(log) == []


def test_i7_no_secret_is_stored_in_the_clear(lived: Process) -> None:
    meant_to_be = {"demo.json", "installation.key"}
    files = [path for path in lived.data_dir.rglob("*") if path.is_file()]
    stored = b"".join(path.read_bytes() for path in files if path.name not in meant_to_be)
    assert b"ada@tidewater.example" in stored
    for name, secret in lived.secrets.items():
        assert secret.encode() not in stored, name
    for path in files:
        assert path.stat().st_mode & 0o077 == 0 or path.name not in meant_to_be, path


def test_t8_every_line_of_the_services_log_is_one_object(lived: Process) -> None:
    facts = json.loads(lived.announced)
    port = urlsplit(facts["dashboard_url"]).port
    before = len(access_lines(lived))
    hostile = [
        ("/api/v1/sessions/a%0a%7b%22status%22%3a200%7d", {}),
        ("/%1b[2J%0d%0aGET%20/%20200", {}),
        ("/healthz?%0a", {"user-agent": "a\x1b[2J", "x-request-id": 'a"}\x7f{'}),
        ("/healthz", {"x-forwarded-for": "1.2.3.4\x1b[31m"}),
        ("/api/v1/subjects/x", {"authorization": 'Basic "}{"level":"x'}),
    ]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", verify=False) as client:
        for path, headers in hostile:
            client.get(path, headers={name: value.encode() for name, value in headers.items()})
    eventually(lambda: len(access_lines(lived)) >= before + len(hostile))
    for line in access_lines(lived)[before:]:
        assert set(line) <= ACCESS_FIELDS
        assert line["route"] in ROUTES, line
        assert line["address"] == "127.0.0.1"
        assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", line["request_id"])


ACCESS_FIELDS = {
    *("time", "level", "logger", "message", "taskName"),
    *("request_id", "method", "route", "status", "duration_ms", "address", "caller"),
}
ROUTES = {"/healthz", "", "/api/v1/sessions/{session_id}", "/api/v1/subjects/{subject_id}"}


def access_lines(process: Process) -> list[dict[str, Any]]:
    """The lines of the access log; every other line is an object as well."""
    lines = [json.loads(line) for line in process.log.decode().splitlines()]
    return [line for line in lines if line["logger"] == "understudy.access"]


def test_k2_a_key_that_others_can_read_starts_nothing(tmp_path: Path) -> None:
    for process in started(tmp_path, "serve", "--port", str(free_port()), lines=3):
        assert "/setup#token=" in process.announced
    key = tmp_path / "data" / "installation.key"
    key.chmod(0o644)
    for words in (("serve", "--port", str(free_port())), ("audit", "verify"), ("doctor",)):
        refused = command(*words, data_dir=str(tmp_path / "data"))
        assert refused.returncode != 0, words
        assert "installation.key" in refused.stderr + refused.stdout, words
        assert key.read_text().strip() not in refused.stderr + refused.stdout


def test_k3_there_is_no_account_but_by_a_link_that_works_once(tmp_path: Path) -> None:
    for process in started(tmp_path, "serve", "--port", str(free_port()), lines=3):
        (link,) = re.findall(r"http://localhost:(\d+)/setup#token=(\S+)", process.announced)
        port, token = link
        body = {"email": "first@acme.example", "name": "First", "password": "a long password"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", verify=False) as browser:
            for email, password in (("admin", "admin"), ("admin@localhost", "understudy")):
                tried = {"email": f"{email}@a.example", "password": password}
                assert browser.post("/sign-in", json=tried).status_code == 401
            guess = browser.post("/setup", json={**body, "token": "usv_" + "x" * 43})
            assert guess.status_code == 401
            first = browser.post("/setup", json={**body, "token": token})
            assert (first.status_code, first.json()["roles"]) == (200, ["admin"])
            body["email"] = "second@acme.example"
            again = browser.post("/setup", json={**body, "token": token})
            assert (again.status_code, again.json()["code"]) == (401, "token_invalid")
        assert token.encode() not in process.log
    for process in started(tmp_path, "serve", "--port", str(free_port())):
        assert "setup" not in process.announced
