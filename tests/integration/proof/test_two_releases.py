"""A node of release 0.1 and one of this release at work on one database, and each restarted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fixtures.first_release import unpack
from tests.fixtures.postgresql import PostgresServer
from tests.integration.proof.place import Place, settle, sign_in_with_every_role
from tests.integration.proof.process import SECONDS, Service, command, environment_of, verified
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.storage.database.databases import open_database
from understudy.storage.database.migrations import from_sql, load
from understudy.storage.database.sources import Sources
from understudy.storage.tables.stored_json import to_json

START = {"subject_id": "ada", "reason": "Cannot find the reports tab", "actor": {"id": "kim"}}
SETTINGS: dict[str, Any] = {
    "impersonation_allowed": True,
    "redirect_urls": ["https://app.example/cb", "https://app.example/other"],
    "default_minutes": 20,
    "max_minutes": 40,
    "reason_min_length": 12,
    "allowed_scopes": ["full", "read_only"],
    "blocked_actions": [{"method": "POST", "pattern": "/password", "label": "the password"}],
    "role_ranks": {"owner": 100, "finance": 10},
    "rbac_roles": [{"role_id": "r", "description": "", "permissions": []}],
}
WAYS = ["older to newer", "newer to older"]
NEXT = len(load()) + 1


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """One node of each release. ``first_release`` is the environment that makes it one."""

    place: Place
    older: Service
    newer: Service
    first_release: Mapping[str, str]
    cookie: str

    def both(self, way: str) -> tuple[Service, Service]:
        """The two in the order of ``way``."""
        pair = (self.older, self.newer)
        return pair if way == WAYS[0] else (pair[1], pair[0])

    def operator(self, service: Service) -> httpx.Client:
        """Somebody who may do everything, signed in to both."""
        headers = {"cookie": self.cookie, "sec-fetch-site": "same-origin"}
        return httpx.Client(base_url=f"{service.url}/api/v1", headers=headers, timeout=SECONDS)


@pytest.fixture(scope="module")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return unpack(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def nodes(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    first_release: Mapping[str, str],
) -> Iterator[Nodes]:
    """Both at work on one database, for all tests that leave them so."""
    folder = tmp_path_factory.mktemp("nodes")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'understudy.db'}"
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.database())
        place = settle(url, folder)
        yield Nodes(
            place=place,
            older=stack.enter_context(older_node(place, first_release)),
            newer=stack.enter_context(newer_node(place)),
            first_release=first_release,
            cookie=f"{OPERATOR_COOKIE}={sign_in_with_every_role(place)[1]}",
        )


def older_node(place: Place, first_release: Mapping[str, str]) -> Service:
    data_dir = place.folder / "older"
    key = {"UNDERSTUDY_INSTALLATION_KEY": place.key}
    return Service(place, data_dir=data_dir, **first_release, **key)


def newer_node(place: Place) -> Service:
    return Service(place, data_dir=place.folder / "newer", UNDERSTUDY_INSTALLATION_KEY=place.key)


def started(service: Service) -> str:
    with service.backend() as backend:
        answer = backend.post("/impersonations", json=START)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["impersonation_token"])


def opened(service: Service, token: str) -> dict[str, Any]:
    with service.backend() as backend:
        answer = backend.post("/impersonations/exchange", json={"impersonation_token": token})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def refreshed(service: Service, session: Mapping[str, Any]) -> tuple[int, str | None]:
    """Status and code."""
    with service.backend() as backend:
        body = {"session_token": session["session_token"]}
        answer = backend.post("/sessions/refresh", json=body)
    return answer.status_code, answer.json().get("code")


def add_a_migration(place: Place, *, compatible_from: int) -> None:
    """What a release to come does to the database."""
    step = from_sql(NEXT, "to_come", "ALTER TABLE sessions ADD COLUMN to_come {text};\n")
    step = replace(step, compatible_from=compatible_from)
    sources = replace(Sources.of(), migrations=(*load(), step))
    database = open_database(place.database_url, sources=sources)
    database.migrate()
    database.close()


# --- side by side ---


def test_the_older_node_really_is_of_the_first_release(nodes: Nodes) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import understudy.storage.migrations as it; print(it.__file__)"],
        env=environment_of(nodes.place, nodes.place.data_dir, nodes.first_release),
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(nodes.first_release["PYTHONPATH"])


@pytest.mark.parametrize("way", WAYS)
def test_a_token_made_by_one_opens_a_session_at_the_other(nodes: Nodes, way: str) -> None:
    one, other = nodes.both(way)
    session = opened(other, started(one))
    assert session["subject"]["id"] == "ada"
    assert refreshed(one, session)[0] == 200
    assert refreshed(other, session)[0] == 200


@pytest.mark.parametrize("way", WAYS)
def test_a_session_begun_at_one_is_ended_at_the_other(nodes: Nodes, way: str) -> None:
    one, other = nodes.both(way)
    session = opened(one, started(one))
    with other.backend() as backend:
        ended = backend.post(f"/sessions/{session['session']['id']}/end")
    assert ended.json()["end_cause"] == "ended_by_actor"
    assert refreshed(one, session) == (401, "session_over")


@pytest.mark.parametrize("way", WAYS)
def test_a_session_begun_at_one_is_revoked_at_the_other(nodes: Nodes, way: str) -> None:
    one, other = nodes.both(way)
    session = opened(one, started(one))
    with nodes.operator(other) as operator:
        revoked = operator.post(f"/sessions/{session['session']['id']}/revoke", json={})
    assert revoked.status_code == 200, revoked.text
    assert refreshed(one, session) == (401, "session_over")


@pytest.mark.parametrize("way", WAYS)
def test_a_token_used_at_one_is_a_replay_at_the_other(nodes: Nodes, way: str) -> None:
    one, other = nodes.both(way)
    token = started(one)
    session = opened(one, token)
    with other.backend() as backend:
        again = backend.post("/impersonations/exchange", json={"impersonation_token": token})
    assert again.status_code == 401
    assert refreshed(one, session) == (401, "session_over")


@pytest.mark.parametrize("way", WAYS)
def test_settings_written_by_one_are_read_and_kept_by_the_other(nodes: Nodes, way: str) -> None:
    one, other = nodes.both(way)
    path = f"/applications/{nodes.place.application_id}"
    with nodes.operator(one) as here, nodes.operator(other) as there:
        written = here.patch(path, json={"settings": SETTINGS})
        assert written.status_code == 200, written.text
        before = written.json()["settings"]
        read = there.get(path).json()["settings"]
        shared = before.keys() & read.keys()
        assert shared >= SETTINGS.keys()
        assert {name: read[name] for name in shared} == {name: before[name] for name in shared}
        assert there.patch(path, json={"settings": {"idle_minutes": 7}}).status_code == 200
        after = here.get(path).json()["settings"]
        assert after == {**before, "idle_minutes": 7}
        assert here.patch(path, json={"settings": {"idle_minutes": 10}}).status_code == 200


def test_what_a_release_to_come_adds_to_the_settings_survives_this_one(nodes: Nodes) -> None:
    where = nodes.place.application_id
    with nodes.place.sql() as sql, nodes.operator(nodes.newer) as operator:

        def stored() -> dict[str, Any]:
            (row,) = sql.rows("SELECT settings FROM applications WHERE id = ?", where)
            return dict(json.loads(row[0]))

        before = stored()
        to_come = {**before, "to_come": {"a": [1]}}
        for settings, ticket_required in ((to_come, True), (before, False)):
            written = (to_json(settings), where)
            sql.change("UPDATE applications SET settings = ? WHERE id = ?", *written)
            change = {"settings": {"ticket_required": ticket_required}}
            changed = operator.patch(f"/applications/{where}", json=change)
            assert changed.status_code == 200, changed.text
            assert stored() == {**settings, "ticket_required": ticket_required}


def test_both_append_to_one_log_and_each_verifies_what_the_other_wrote(nodes: Nodes) -> None:
    for _ in range(3):
        for service in (nodes.older, nodes.newer):
            session = opened(service, started(service))
    # An entry with a doer, which the older node knows nothing of.
    with nodes.operator(nodes.newer) as operator:
        revoked = operator.post(f"/sessions/{session['session']['id']}/revoke", json={})
        assert revoked.status_code == 200, revoked.text
        newest = operator.get("/audit/entries?limit=1&type=session.revoked").json()["items"]
    assert newest[0]["doer"]["kind"] == "operator"
    listed = []
    for service in (nodes.older, nodes.newer):
        with nodes.operator(service) as operator:
            # Those of this test. The first release lists no type that it does not know.
            answer = operator.get("/audit/entries?limit=12")
        assert answer.status_code == 200, answer.text
        listed.append([(one["index"], one["type"]) for one in answer.json()["items"]])
    assert listed[0] == listed[1]
    reports = [verified(nodes.place, environment=one) for one in (nodes.first_release, {})]
    assert [report["findings"] for report in reports] == [[], []]
    assert reports[0]["entries"] == reports[1]["entries"]


# --- restarted ---


def test_a_node_of_the_first_release_restarts_beside_this_one(
    place: Place, first_release: Mapping[str, str]
) -> None:
    with newer_node(place) as newer, older_node(place, first_release) as older:
        add_a_migration(place, compatible_from=2)
        session = opened(older, started(older))
        for node in (older, newer):
            node.stop()
            node.start()
            assert refreshed(node, session)[0] == 200
        assert refreshed(newer, opened(older, started(older)))[0] == 200
    assert verified(place)["ok"]


def test_a_node_of_the_first_release_does_not_start_where_it_would_do_damage(
    place: Place, first_release: Mapping[str, str]
) -> None:
    add_a_migration(place, compatible_from=3)
    ran = command(place, "serve", "--port", "0", environment=first_release)
    assert ran.returncode == 1
    assert ran.stderr.startswith("error: ")
    assert "[schema_mismatch]" in ran.stderr


def test_a_database_of_the_first_release_is_taken_over_while_it_is_at_work(
    database_url: str, tmp_path: Path, first_release: Mapping[str, str]
) -> None:
    place = settled_by_the_first_release(database_url, tmp_path, first_release)
    with older_node(place, first_release) as older:
        session = opened(older, started(older))
        with newer_node(place) as newer:
            assert refreshed(newer, session)[0] == 200
            assert refreshed(older, opened(newer, started(newer)))[0] == 200
            older.stop()
            older.start()
            assert refreshed(older, session)[0] == 200
    assert verified(place)["ok"]


def settled_by_the_first_release(
    database_url: str, folder: Path, first_release: Mapping[str, str]
) -> Place:
    """An installation that the other release has made."""
    place = Place(database_url=database_url, folder=folder, key="", application_id="", secret="")
    made = command(
        place, "app", "create", "Invoices", "--redirect-url", "https://app.example/cb",
        "--allow-impersonation", "--json", environment=first_release,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    facts = httpx.Response(200, text=made.stdout).json()
    place = replace(
        place,
        key=(place.data_dir / "installation.key").read_text().strip(),
        application_id=facts["application_id"],
        secret=facts["secret"],
    )
    users = folder / "users.csv"
    users.write_text("id,email\nada,ada@acme.example\n")
    application = ("--app", place.application_id)
    told = command(place, "users", "import", str(users), *application, environment=first_release)
    assert told.returncode == 0, told.stderr
    return place
