"""A node of release 0.1 at work on a database, and one of this release that takes it over.

The two do not work beside each other: the older one looks tokens up by what whoever writes to the
database can plant, and so it is shut out. What it had begun goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fixtures.first_release import unpack
from tests.integration.proof.place import Place, sign_in_with_every_role
from tests.integration.proof.process import SECONDS, Service, command, environment_of, verified
from understudy.core.ports import Unit
from understudy.http.cookies import OPERATOR_COOKIE
from understudy.storage.database.databases import open_database
from understudy.storage.database.migrations import from_sql, load
from understudy.storage.database.sources import Sources

START = {"subject_id": "ada", "reason": "Cannot find the reports tab", "actor": {"id": "kim"}}
NEXT = len(load()) + 1


@pytest.fixture(scope="module")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return unpack(tmp_path_factory.mktemp("release"))


def older_node(place: Place, first_release: Mapping[str, str]) -> Service:
    data_dir = place.folder / "older"
    key = {"UNDERSTUDY_INSTALLATION_KEY": place.key}
    return Service(place, data_dir=data_dir, **first_release, **key)


def newer_node(place: Place) -> Service:
    return Service(place, data_dir=place.folder / "newer", UNDERSTUDY_INSTALLATION_KEY=place.key)


def operator_at(service: Service, cookie: str) -> httpx.Client:
    headers = {"cookie": cookie, "sec-fetch-site": "same-origin"}
    return httpx.Client(base_url=f"{service.url}/api/v1", headers=headers, timeout=SECONDS)


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


# --- taken over ---


def test_the_older_node_really_is_of_the_first_release(
    place: Place, first_release: Mapping[str, str]
) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import understudy.storage.migrations as it; print(it.__file__)"],
        env=environment_of(place, place.data_dir, first_release),
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(first_release["PYTHONPATH"])


def test_what_the_first_release_began_goes_on_and_it_itself_does_not(
    database_url: str, tmp_path: Path, first_release: Mapping[str, str]
) -> None:
    place = settled_by_the_first_release(database_url, tmp_path, first_release)
    with older_node(place, first_release) as older:
        used = started(older)
        session, other = opened(older, used), opened(older, started(older))
        waiting = started(older)
        with newer_node(place) as newer:
            assert refreshed(newer, session)[0] == 200
            assert refreshed(newer, opened(newer, waiting))[0] == 200
            with newer.backend() as backend:
                ended = backend.post(f"/sessions/{other['session']['id']}/end")
                again = backend.post("/impersonations/exchange", json={"impersonation_token": used})
            assert ended.json()["end_cause"] == "ended_by_actor"
            # A second use is known as one, whichever release saw the first.
            assert again.status_code == 401
            assert refreshed(newer, session) == (401, "session_over")
            require_shut_out(older, session)
            older.stop()
    assert verified(place)["ok"]


def require_shut_out(older: Service, session: Mapping[str, Any]) -> None:
    """A node that went on would look into columns that are not there: it opens nothing."""
    assert refreshed(older, session)[0] == 503
    with older.backend() as backend:
        assert backend.post("/impersonations", json=START).status_code == 503
        body = {"impersonation_token": "usi_x"}
        assert backend.post("/impersonations/exchange", json=body).status_code == 503


def test_a_node_of_the_first_release_does_not_start_again(
    place: Place, first_release: Mapping[str, str]
) -> None:
    ran = command(place, "serve", "--port", "0", environment=first_release)
    assert ran.returncode == 1
    assert ran.stderr.startswith("error: ")
    assert "[schema_mismatch]" in ran.stderr


# --- beside a release to come ---


def test_a_node_restarts_beside_a_release_to_come_that_admits_it(place: Place) -> None:
    with newer_node(place) as node:
        add_a_migration(place, compatible_from=NEXT - 1)
        session = opened(node, started(node))
        node.stop()
        node.start()
        assert refreshed(node, session)[0] == 200
    assert verified(place)["ok"]


def test_a_node_does_not_start_beside_one_that_does_not(place: Place) -> None:
    add_a_migration(place, compatible_from=NEXT)
    ran = command(place, "serve", "--port", "0", environment={})
    assert ran.returncode == 1
    assert "[schema_mismatch]" in ran.stderr


def test_what_a_release_to_come_adds_to_the_settings_survives_this_one(place: Place) -> None:
    where = place.application_id
    to_come = {"to_come": {"a": [1]}}

    def add(unit: Unit) -> None:
        """As a node of that release would."""
        found = unit.applications.get(where)
        assert found is not None
        settings = replace(found.settings, unknown=to_come)
        unit.applications.save(replace(found, settings=settings))

    cookie = f"{OPERATOR_COOKIE}={sign_in_with_every_role(place)[1]}"
    # Before it starts: without an entry, a node at work may still know the application of before.
    with place.engine() as engine:
        engine.run(add)
    with newer_node(place) as node, operator_at(node, cookie) as operator:
        change = {"settings": {"ticket_required": True}}
        changed = operator.patch(f"/applications/{where}", json=change)
        assert changed.status_code == 200, changed.text
    with place.sql() as sql:
        ((stored,),) = sql.rows("SELECT settings FROM applications WHERE id = ?", where)
    assert json.loads(stored).items() >= (to_come | {"ticket_required": True}).items()


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
