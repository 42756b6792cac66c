"""Webhooks of services in processes of their own: killed in the middle, and two on one database."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import jwt as pyjwt
import pytest
import standardwebhooks
import svix

from tests.contract.rules.world import HERE
from tests.fixtures.node import run_client
from tests.integration.proof.place import Place, settle
from tests.integration.proof.process import Service
from tests.integration.webhooks.receiver import (
    SECONDS,
    Reaction,
    Received,
    Receiver,
    receiving,
)
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.notices.receivers import InternalTargets
from understudy.core.notices.webhooks import Delivery, DeliveryStatus
from understudy.core.ports import DeliveryFilter, EntryFilter, Page, Unit
from understudy.flows.applications import administer
from understudy.flows.notices import subscribe
from understudy.flows.notices.deliver import AT_ONCE
from understudy.service.table import WIRES

ALLOWED = "127.0.0.1"
OUT_OF_ORDER, TAKEN = Reaction(status=503), Reaction(status=204)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Place:
    """A small installation, once on SQLite and once on PostgreSQL."""
    return settle(database_url, tmp_path)


def service(place: Place, *, data_dir: Path | None = None) -> Service:
    """One node whose webhooks may reach loopback."""
    return Service(
        place,
        data_dir=data_dir,
        UNDERSTUDY_INSTALLATION_KEY=place.key if data_dir else None,
        UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS=ALLOWED,
    )


def listen_to_grants(place: Place, url: str) -> str:
    """Make an endpoint; answers its secret."""
    with place.engine() as engine:
        return engine.run(
            lambda unit: (
                subscribe.create(
                    unit,
                    place.application_id,
                    url=url,
                    description="",
                    format="native",
                    formats=WIRES.formats,
                    types=frozenset({EventType.GRANT_CREATED}),
                    personal=False,
                    internal=InternalTargets.of([ALLOWED]),
                    by=SYSTEM,
                    origin=HERE,
                ).secret
            )
        )


def grant(backend: httpx.Client, count: int) -> None:
    """So many events that are to be told."""
    for number in range(count):
        body = {"subject_id": "ada", "reason": f"Test number {number}", "actor": {"id": "kim"}}
        backend.post("/impersonations", json=body).raise_for_status()


def let_hours_pass(place: Place) -> None:
    """What waits for its next attempt, or for the end of a dead worker's lease, waited enough."""
    with place.sql() as sql:
        sql.change(
            "UPDATE webhook_deliveries SET next_attempt_at = 0, claimed_until = NULL "
            "WHERE status = ?",
            "pending",
        )


def outbox(place: Place) -> list[Delivery]:
    with place.engine() as engine, engine.reading() as reader:
        return list(reader.deliveries.search(DeliveryFilter(), Page(limit=1000)))


def wait_until_all_are_delivered(place: Place) -> list[Delivery]:
    with place.engine() as engine:
        for _ in range(1000):
            with engine.reading() as reader:
                found = list(reader.deliveries.search(DeliveryFilter(), Page(limit=1000)))
            if all(one.status is DeliveryStatus.DELIVERED for one in found):
                return found
            threading.Event().wait(0.02)  # workers are other processes, which tell nobody here
    raise AssertionError(Counter(one.status for one in found))


def verify(secret: str, received: Received) -> None:
    """With every library that anybody is likely to use."""
    headers = dict(received.headers)
    standardwebhooks.Webhook(secret).verify(received.body, headers)
    svix.Webhook(secret).verify(received.body, headers)
    given = {"secret": secret, "body": received.body.decode(), "headers": headers}
    verdicts = run_client("webhooks_verify.mjs", given)
    assert [verdict["ok"] for verdict in verdicts.values()] == [True] * 3, verdicts


class Moody:
    """A receiver that hangs, then is out of order, then works."""

    def __init__(self) -> None:
        self.working = False
        self.hanging = threading.Event()
        self.released = threading.Event()
        self.taken: dict[str, Received] = {}

    def __call__(self, received: Received) -> Reaction:
        if not self.released.is_set():
            self.hanging.set()
            self.released.wait(SECONDS)
        if not self.working:
            return OUT_OF_ORDER
        self.taken[received.id] = received
        return TAKEN


def test_a_receiver_that_is_back_gets_everything_although_the_service_was_killed_in_between(
    place: Place,
) -> None:
    moody = Moody()
    with receiving(moody) as receiver, service(place) as node:
        secret = listen_to_grants(place, receiver.url)
        with node.backend() as backend:
            grant(backend, 3)
        assert moody.hanging.wait(SECONDS)
        node.kill()  # with a message on its way
        moody.released.set()
        unsettled = outbox(place)
        assert [one.claimed_until is None for one in unsettled].count(False) >= 1
        assert {one.status for one in unsettled} == {DeliveryStatus.PENDING}

        node.start()
        with node.backend() as backend:
            grant(backend, 3)
        for _ in range(3):
            receiver.next()  # refused: the receiver is still out of order
        node.kill()
        moody.working = True
        let_hours_pass(place)

        node.start()
        with node.backend() as backend:
            grant(backend, 1)
        delivered = wait_until_all_are_delivered(place)
    assert set(moody.taken) == {one.id for one in delivered}
    with place.engine() as engine:
        told = engine.stream_entries(EntryFilter(types=frozenset({EventType.GRANT_CREATED})))
        entries = {entry.index for entry in told}
        assert engine.verify().ok
    assert {one.entry_index for one in delivered} == entries
    assert len(entries) == 7
    for received in moody.taken.values():
        verify(secret, received)


def test_a_service_that_is_asked_to_stop_does_so_although_a_receiver_hangs(place: Place) -> None:
    moody = Moody()
    with receiving(moody) as receiver, service(place) as node:
        listen_to_grants(place, receiver.url)
        with node.backend() as backend:
            grant(backend, 1)
        assert moody.hanging.wait(SECONDS)
        node.stop()
        said = node.log.read_text()
        moody.working = True
        moody.released.set()
        let_hours_pass(place)
        node.start()
        (delivered,) = wait_until_all_are_delivered(place)
    assert set(moody.taken) == {delivered.id}
    assert "Traceback" not in said
    assert "whsec_" not in said


def test_a_relying_party_checks_a_logout_token_with_what_the_service_publishes(
    place: Place,
) -> None:
    with receiving() as receiver, service(place) as node, node.backend() as backend:
        with place.engine() as engine:
            engine.run(lambda unit: set_logout_url(unit, place, receiver.url))
        body = {"subject_id": "ada", "reason": "Missing invoice", "actor": {"id": "kim"}}
        started = backend.post("/impersonations", json=body).json()
        token = {"impersonation_token": started["impersonation_token"]}
        opened = backend.post("/impersonations/exchange", json=token).json()
        session_id = opened["session"]["id"]
        backend.post(f"/sessions/{session_id}/end").raise_for_status()
        received = receiver.next()
        document = httpx.get(f"{node.url}/.well-known/oauth-authorization-server").json()
        assert document["backchannel_logout_supported"]
        logout_token = parse_qs(received.body.decode())["logout_token"][0]
        key = pyjwt.PyJWKClient(document["jwks_uri"]).get_signing_key_from_jwt(logout_token)
        claims = pyjwt.decode(
            logout_token,
            key,
            algorithms=["RS256"],
            audience=place.application_id,
            issuer=node.url,
            options={"require": ["iss", "aud", "iat", "exp", "jti", "sid", "sub", "events"]},
        )
    assert (claims["sid"], claims["sub"]) == (session_id, "ada")
    assert claims["exp"] - claims["iat"] <= 120
    assert "nonce" not in claims


def set_logout_url(unit: Unit, place: Place, url: str) -> None:
    known = unit.applications.get(place.application_id)
    assert known is not None
    changed = replace(known, settings=replace(known.settings, logout_url=url))
    administer.update(unit, changed, by=SYSTEM, origin=HERE)


class Slow:
    """A receiver that answers nobody before ``crowd`` requests are there at the same time."""

    def __init__(self, crowd: int) -> None:
        self.crowded = threading.Event()
        self.seen: Counter[str] = Counter()
        self.twice: list[str] = []
        self._crowd = crowd
        self._here: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, received: Received) -> Reaction:
        with self._lock:
            self.seen[received.id] += 1
            self._here[received.id] += 1
            if self._here[received.id] > 1:
                self.twice.append(received.id)
            if self._here.total() >= self._crowd:
                self.crowded.set()
        self.crowded.wait(SECONDS)
        with self._lock:
            self._here[received.id] -= 1
        return TAKEN


@pytest.fixture
def shared_place(postgres_url: str, tmp_path: Path) -> Place:
    """An installation whose database several nodes share."""
    return settle(postgres_url, tmp_path)


def test_two_nodes_never_make_one_attempt_twice_at_the_same_time(shared_place: Place) -> None:
    # More than one node alone sends to one receiver: both are at work.
    slow = Slow(crowd=AT_ONCE + 2)
    with ExitStack() as stack:
        receiver: Receiver = stack.enter_context(receiving(slow))
        listen_to_grants(shared_place, receiver.url)
        with service(shared_place) as first, first.backend() as backend:
            second = service(shared_place, data_dir=shared_place.folder / "second")
            stack.enter_context(second)
            grant(backend, 40)
            assert slow.crowded.wait(SECONDS)
            delivered = wait_until_all_are_delivered(shared_place)
    assert slow.twice == []
    assert dict(slow.seen) == dict.fromkeys((one.id for one in delivered), 1)
    assert len(delivered) == 40
