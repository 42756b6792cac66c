"""Twelve callers present the same token in one moment: one session begins, and is then revoked."""

from __future__ import annotations

import base64
import http.client
import json
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.integration.proof.place import Place
from tests.integration.proof.process import HOST, SECONDS, Service, verified
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry, EntryFilter

TOKENS = 50
CALLERS = 12
START = {"subject_id": "ada", "reason": "Cannot find the reports tab", "actor": {"id": "kim"}}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one caller got."""

    status: int
    body: dict[str, Any]


@pytest.fixture
def nodes(place: Place) -> Iterator[Sequence[Service]]:
    """One node on SQLite; on PostgreSQL two, which share the database and the key alone."""
    with ExitStack() as stack:
        if place.database_url.startswith("sqlite:"):
            yield [stack.enter_context(Service(place))]
            return
        data_dirs = [place.data_dir, place.folder / "second"]
        yield [
            stack.enter_context(
                Service(place, data_dir=data_dir, UNDERSTUDY_INSTALLATION_KEY=place.key)
            )
            for data_dir in data_dirs
        ]


def test_each_token_opens_one_session_however_many_present_it_at_once(
    place: Place, nodes: Sequence[Service]
) -> None:
    with nodes[0].backend() as backend:
        undisturbed = exchanged(backend)
        tokens = [started(backend) for _ in range(TOKENS)]
        winners = [winner_of(all_at_once(nodes, place, token)) for token in tokens]

        for winner in winners:
            refreshed = backend.post(
                "/sessions/refresh", json={"session_token": winner["session_token"]}
            )
            assert (refreshed.status_code, refreshed.json()["code"]) == (401, "session_over")
            assert refreshed.json()["rule"] == EndCause.TOKEN_REPLAYED
        still_open = backend.get(f"/sessions/{undisturbed['session']['id']}")
        assert still_open.json()["end_cause"] is None

    require_one_session_each(place, winners, undisturbed)
    report = verified(place)
    assert report["ok"], report["findings"]


def started(backend: httpx.Client) -> str:
    """A fresh impersonation token."""
    answer = backend.post("/impersonations", json=START)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["impersonation_token"]
    return token


def exchanged(backend: httpx.Client) -> dict[str, Any]:
    """A session whose token nobody presents again."""
    token = {"impersonation_token": started(backend)}
    answer = backend.post("/impersonations/exchange", json=token)
    assert answer.status_code == 200, answer.text
    opened: dict[str, Any] = answer.json()
    return opened


def all_at_once(nodes: Sequence[Service], place: Place, token: str) -> list[Answer]:
    """``CALLERS`` exchanges, whose requests all become complete in the same moment."""
    request = exchange_request(place, token)
    ports = [nodes[caller % len(nodes)].port for caller in range(CALLERS)]
    with ExitStack() as stack:
        callers = [stack.enter_context(connected(port)) for port in ports]
        for caller in callers:
            caller.sendall(request[:-1])
        for caller in callers:
            caller.sendall(request[-1:])
        return [answer_on(caller) for caller in callers]


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, port), SECONDS) as caller:
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield caller


def exchange_request(place: Place, token: str) -> bytes:
    body = json.dumps({"impersonation_token": token})
    credentials = base64.b64encode(f"{place.application_id}:{place.secret}".encode()).decode()
    lines = [
        "POST /api/v1/impersonations/exchange HTTP/1.1",
        f"Host: {HOST}",
        f"Authorization: Basic {credentials}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", body]).encode()


def answer_on(caller: socket.socket) -> Answer:
    with http.client.HTTPResponse(caller, method="POST") as response:
        response.begin()
        return Answer(status=response.status, body=json.loads(response.read()))


def winner_of(answers: Sequence[Answer]) -> dict[str, Any]:
    """The one session that came of it; all others were refused alike."""
    assert Counter(answer.status for answer in answers) == {200: 1, 401: CALLERS - 1}
    codes = {answer.body["code"] for answer in answers if answer.status != 200}
    assert codes == {"token_invalid"}
    return next(answer.body for answer in answers if answer.status == 200)


def require_one_session_each(
    place: Place, winners: Sequence[dict[str, Any]], undisturbed: dict[str, Any]
) -> None:
    """The log and the rows tell of one session for each token, revoked by the first replay."""
    won = [winner["session"]["id"] for winner in winners]
    calm = undisturbed["session"]["id"]
    with place.engine() as engine:
        entries = list(engine.stream_entries(EntryFilter()))
        with engine.reading() as reader:
            sessions = {id_: reader.sessions.get(id_) for id_ in (*won, calm)}
            grants = [reader.grants.get(winner["session"]["grant_id"]) for winner in winners]
    assert count(entries, EventType.SESSION_STARTED) == dict.fromkeys([*won, calm], 1)
    assert count(entries, EventType.SESSION_REVOKED) == dict.fromkeys(won, 1)
    assert count(entries, EventType.TOKEN_REPLAYED) == dict.fromkeys(won, CALLERS - 1)
    causes = {id_: session.end_cause for id_, session in sessions.items() if session}
    assert causes == {**dict.fromkeys(won, EndCause.TOKEN_REPLAYED), calm: None}
    assert {grant.status for grant in grants if grant} == {GrantStatus.CLOSED}
    assert len(set(won)) == len({grant.id for grant in grants if grant}) == TOKENS


def count(entries: Sequence[Entry], event_type: EventType) -> dict[str, int]:
    """How many entries of one type each session has."""
    found = [entry.core or {} for entry in entries if entry.type == event_type]
    return dict(Counter(str(core["session_id"]) for core in found))
