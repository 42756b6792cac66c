"""Secrets, followed through everything that the product prints, logs, stores and answers (I7); and
the lines of the service's own log (T8)."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.integration.abuse.stack import REASON, Stack
from tests.integration.abuse.stack import stack as running_stack
from tests.integration.abuse.visitor import Visitor
from understudy.core.people.permissions import Role
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.service.logs import REDACTED, set_up_logging
from understudy.storage.data_directory import KEY_FILE

ISSUED = re.compile(r"us[a-z]_[A-Za-z0-9_-]{43}")
"""What every bearer token of ours looks like, whatever it is for."""
PASSWORD = "a-password-that-nobody-guesses"
LAUNCH = "__Host-understudy-launch"
ACCESS_FIELDS = {
    *("time", "level", "logger", "message", "taskName"),
    *("request_id", "method", "route", "status", "duration_ms", "address", "caller"),
}


class Unredacted(logging.Handler):
    """Keeps what service and SDK log, at every level, before anything is taken out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def filter(self, record: logging.LogRecord) -> bool:
        # The test's own browsers log what they ask for; they are not the product.
        ours = record.name.startswith(("understudy", "uvicorn.error", "asyncio"))
        return ours or (record.threadName or "").startswith("understudy")

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record) + repr(vars(record)))


@dataclass(kw_only=True)
class Day:
    """A stack on which every kind of secret was used, rightly and wrongly."""

    stack: Stack
    unredacted: Unredacted
    log: io.StringIO
    secrets: dict[str, str] = field(default_factory=dict)
    answers: list[httpx.Response] = field(default_factory=list)

    def access_lines(self) -> list[dict[str, Any]]:
        """The lines of the service's access log."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["logger"] == "understudy.access"]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A long day at debug level."""
    with logged() as (log, unredacted), running_stack(tmp_path_factory.mktemp("day")) as stack:
        found = Day(stack=stack, unredacted=unredacted, log=log)
        live_through(found)
        yield found


@contextmanager
def logged() -> Iterator[tuple[io.StringIO, Unredacted]]:
    """Logging as the service sets it up, into a text; and all of it before redaction."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    log, unredacted = io.StringIO(), Unredacted()
    set_up_logging("debug", log)
    # Before the service's own, whose filter takes things out for all who come after it.
    root.handlers.insert(0, unredacted)
    try:
        yield log, unredacted
    finally:
        root.handlers = before
        root.setLevel(level)


def live_through(day: Day) -> None:
    stack, found = day.stack, day.secrets
    found["application secret"] = stack.main.secret
    found["installation key"] = (stack.folder / KEY_FILE).read_text().strip()
    sam, mara = signed_in(day, Role.SUPPORT_MANAGER), signed_in(day, Role.ADMIN)
    launch(day, sam)
    administer(day, mara)
    exchange(day)
    # Again in a wrong place: nobody knows what an error will say about what it got.
    misplace(day)
    day.answers += [*sam.answers, *mara.answers]


def signed_in(day: Day, role: Role) -> Visitor:
    """Somebody who types a wrong password, and then the right one."""
    stack, email = day.stack, f"{role.value}@support.example"
    visitor = stack.operator(role, email=email, password=PASSWORD)[1]
    url = f"{stack.issuer}/api/v1/sign-in"
    wrong = f"wrong-{PASSWORD}"
    for password, status in ((wrong, 401), (PASSWORD, 200)):
        body = {"email": email, "password": password}
        assert visitor.call("POST", url, json=body).status_code == status
    day.secrets |= {"password": PASSWORD, "wrong password": wrong}
    day.secrets[f"cookie of {role}"] = visitor.cookie(stack.issuer, OPERATOR_COOKIE) or ""
    return visitor


def launch(day: Day, sam: Visitor) -> None:
    """The hand-off through a browser, with changes in the app and an end."""
    found, stack = day.secrets, day.stack
    callback = sam.callback_of(stack.granted(sam))
    found["code"] = parse_qs(urlsplit(callback).query)["code"][0]
    found["launch cookie"] = sam.cookie(stack.app_url, LAUNCH) or ""
    assert sam.open(callback, site="cross-site").status_code == 200
    found["session token"] = sam.overlay or ""
    sam.step(callback, site="cross-site")
    sam.app("POST", "/orders")
    sam.page()
    sam.submit(f"{stack.app_url}/settings/password")
    assert sam.end().status_code == 200
    sam.plant(stack.app_url, "__Host-understudy", found["session token"])
    assert sam.page().status_code == 401


def administer(day: Day, mara: Visitor) -> None:
    """What an admin is shown once."""
    url = f"{day.stack.issuer}/api/v1"
    body = {"email": "new@support.example", "name": "New", "roles": ["auditor"]}
    invited = mara.call("POST", f"{url}/operators", json=body)
    (day.secrets["invitation"],) = set(ISSUED.findall(invited.text))
    path = f"/applications/{day.stack.main.application.id}/rotate-secret"
    rotated = mara.call("POST", url + path, json={"overlap_minutes": 60})
    day.secrets["new application secret"] = rotated.json()["secret"]


def exchange(day: Day) -> None:
    """The hand-off through the backend, kept under a key, with a JWT, and used twice."""
    with day.stack.backend() as backend:
        body = {"subject_id": "bob", "reason": REASON, "actor": {"id": "kim"}}
        headers = {"idempotency-key": "once"}
        started = backend.post("/impersonations", json=body, headers=headers).json()
        token = {"impersonation_token": started["impersonation_token"], "jwt": True}
        opened = backend.post("/impersonations/exchange", json=token).json()
        assert backend.post("/impersonations/exchange", json=token).status_code == 401
    day.secrets["impersonation token"] = started["impersonation_token"]
    day.secrets["session token of the backend"] = opened["session_token"]
    day.secrets["session JWT"] = opened["session_jwt"]


def misplace(day: Day) -> None:
    """Every secret where it does not belong, in requests that are refused."""
    port = day.stack.settings.port
    with day.stack.backend() as backend:
        for secret in list(day.secrets.values()):
            for path in (f"/sessions/{secret}", f"/nowhere/{secret}", f"/subjects/{secret}"):
                day.answers.append(backend.get(path))
            parameters = {"session_token": secret}
            credentials = {"authorization": f"Bearer {secret}"}
            odd = {"x-request-id": secret[:80] + "!", "user-agent": secret}
            body = {"session_token": secret, "more": secret}
            form = {"grant_type": secret, "code": secret}
            day.answers += [
                backend.get("/sessions", params=parameters),
                backend.get("/me", headers=credentials),
                backend.get("/application", headers=odd),
                backend.post("/sessions/refresh", json=body),
                backend.post("/impersonations/exchange", content=secret.encode()),
                backend.post(f"http://127.0.0.1:{port}/oauth2/token", data=form),
            ]


def test_i7_no_secret_is_logged_not_even_to_be_taken_out_again(day: Day) -> None:
    assert len(day.secrets) == len({*day.secrets.values()}) == 14
    assert len(day.unredacted.lines) > 100
    logged_text = "\n".join(day.unredacted.lines)
    for name, secret in day.secrets.items():
        assert len(secret) > 8, name
        assert secret not in logged_text, name
    assert ISSUED.findall(logged_text) == []


def test_i7_a_line_that_nobody_thought_of_is_redacted() -> None:
    tokens = [f"us{kind}_{'A1-_' * 10}xyz" for kind in "isovk"]
    with logged() as (log, _):
        for token in tokens:
            logging.getLogger("somebody").error("what is %s, %s?", token, {"a": token})
            try:
                raise ValueError(token)
            except ValueError:
                logging.getLogger("somebody").exception("oh", extra={"more": token})
    assert ISSUED.findall(log.getvalue()) == []
    assert log.getvalue().count(REDACTED) >= 4 * len(tokens)


def test_i7_no_secret_is_stored_in_the_clear(day: Day) -> None:
    files = [path for path in day.stack.folder.rglob("*") if path.is_file()]
    stored = b"".join(path.read_bytes() for path in files if path.name != KEY_FILE)
    assert REASON.encode() in stored
    for name, secret in day.secrets.items():
        # Browsers say who they are, and the log of the audit believes them; see ``odd`` above.
        assert secret.encode() not in stored, name
    assert (day.stack.folder / KEY_FILE).stat().st_mode & 0o077 == 0


def test_i7_no_answer_says_more_than_it_has_to(day: Day) -> None:
    for answer in day.answers:
        address = f"{answer.request.url.path} {answer.headers.get('location', '')}"
        for name, secret in day.secrets.items():
            if name == "code" and "/callback" in str(answer.headers.get("location", "")):
                continue
            if answer.is_success and name in ("invitation", "new application secret"):
                continue  # shown to an admin, once
            if secret not in str(answer.request.url):
                assert secret not in address, name
            assert secret not in answer.text, (name, address)


def test_i7_nothing_but_a_code_is_ever_part_of_an_address(day: Day) -> None:
    visited = [one for one in day.answers if "sec-fetch-dest" in one.request.headers]
    assert len(visited) >= 15
    for answer in visited:
        found = set(ISSUED.findall(str(answer.request.url)))
        assert found <= {day.secrets["code"]}, answer.request.url


def test_t8_every_line_of_the_services_log_is_one_object(day: Day) -> None:
    hostile: list[tuple[str, str, dict[str, str]]] = [
        ("/api/v1/sessions/a%0a%7b%22status%22%3a200%7d", "", {}),
        ("/api/v1/sessions/a%7b%22status%22%3a200%7d", "/api/v1/sessions/{session_id}", {}),
        ("/%1b%5b2J%0d%0aGET%20/%20200", "", {}),
        ("/healthz?%0a", "/healthz", {"x-request-id": 'a"}{', "user-agent": "\x9b2J"}),
        ("/healthz", "/healthz", {"x-forwarded-for": "1.2.3.4, \x9b31m"}),
        ("/healthz", "/healthz", {"host": 'evil"}{'}),
        ("/api/v1/subjects/x", "/api/v1/subjects/{subject_id}", {"authorization": 'Basic "}{'}),
    ]
    before = len(day.access_lines())
    with day.stack.stranger() as client:
        for path, _, headers in hostile:
            sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            client.get(f"http://127.0.0.1:{day.stack.settings.port}{path}", headers=sent)
    lines = day.access_lines()[before:]
    assert [line["route"] for line in lines] == [route for _, route, _ in hostile]
    for line in lines:
        assert set(line) <= ACCESS_FIELDS
        assert line["address"] == "127.0.0.1"
        assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", line["request_id"])
