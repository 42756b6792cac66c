from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.cli.conftest import CommandLine, Prepared
from understudy.cli import doctor
from understudy.cli.app_findings import Outside
from understudy.cli.findings import Finding
from understudy.core.applications.application import UnrankedRoles
from understudy.core.governance.deny_packs import DenyPacks
from understudy.core.ids import SubjectId
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.ports import Unit
from understudy.errors import StorageFull
from understudy.storage.clock import utc_now
from understudy.storage.engine import engine as engines
from understudy.storage.engine.engine import StoreEngine


def test_the_doctor_says_what_a_new_installation_lacks(empty: CommandLine) -> None:
    findings = empty.facts("doctor")
    assert all(set(one) == {"level", "what", "advice"} for one in findings)
    warnings = [one for one in findings if one["level"] == "warning"]
    assert ["admin" in warnings[0]["what"], "application" in warnings[1]["what"]] == [True, True]
    assert all("understudy" in one["advice"] for one in warnings)


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[Outside]:
    """The apps that were to be looked at from outside."""
    found: list[Outside] = []

    def examine(app: Outside) -> Iterator[Finding]:
        found.append(app)
        yield from ()

    monkeypatch.setattr(doctor, "examine_app", examine)
    return found


def test_the_doctor_visits_an_app_by_the_origins_of_its_settings(
    prepared: Prepared, visited: list[Outside]
) -> None:
    origins = "https://*.view.shop.example"
    callback = "https://shop.example/cb"
    prepared.facts(
        "app", "create", "Shop", "--redirect-url", callback, "--session-origins", origins
    )
    assert prepared.facts("doctor", "--app", "https://shop.example/") == []
    prepared.facts("doctor", "--app", "https://other.example/")
    given = ("--session-origins", "https://*.see.example", "--api", "https://api.example/v1")
    prepared.facts("doctor", "--app", "https://shop.example/", *given)
    assert [str(app.origins) for app in visited] == [origins, "None", "https://*.see.example"]
    assert [app.apis for app in visited] == [(), (), ["https://api.example/v1"]]


@pytest.mark.parametrize(
    "words",
    [
        ("--app", "http://shop.example/"),
        ("--app", "https://shop.example/", "--api", "api.example"),
        ("--app", "https://shop.example/", "--session-origins", "https://view.shop.example"),
    ],
)
def test_the_doctor_visits_nobody_by_half_an_address(
    prepared: Prepared, visited: list[Outside], words: tuple[str, ...]
) -> None:
    assert prepared.refused("doctor", *words).endswith("[invalid_input]")
    assert visited == []


def test_the_doctor_looks_at_every_app(prepared: Prepared) -> None:
    prepared.facts("app", "create", "Shop", "--redirect-url", "https://shop.example/cb")
    prepared.facts("operator", "create", "m@x.example", "--role", "admin", "--password-stdin",
                   stdin="correct horse battery staple")  # fmt: skip
    said = [(one["level"], one["what"]) for one in prepared.facts("doctor")]
    assert ("ok", "1 active admin(s)") in said
    assert ("ok", "Invoices: ready") in said
    assert ("warning", "Shop: impersonation is switched off") in said
    assert ("ok", "audit log: checkpoint, tiles and history agree") in said


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ((), "Invoices: no action is blocked while impersonating"),
        ((BlockedAction(method="POST", pattern="/pay", label="paying"),), "Invoices: ready"),
    ],
)
def test_the_doctor_is_content_with_an_app_that_blocks_actions_itself(
    prepared: Prepared, actions: tuple[BlockedAction, ...], said: str
) -> None:
    def alone(unit: Unit) -> None:
        application = unit.applications.get(prepared.app_id)
        assert application is not None
        settings = replace(application.settings, deny_packs=DenyPacks(), blocked_actions=actions)
        unit.applications.save(replace(application, settings=settings))

    prepared.do(alone)
    assert said in prepared.run("doctor").stdout


@pytest.mark.parametrize(
    ("url", "code"), [("http://understudy.example", 1), ("https://understudy.example", 0)]
)
def test_the_doctor_minds_a_public_address_without_tls(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch, url: str, code: int
) -> None:
    monkeypatch.setenv("UNDERSTUDY_PUBLIC_URL", url)
    done = prepared.run("doctor")
    assert done.exit_code == code
    assert ("plain http" in done.stdout) is bool(code)


def test_the_doctor_finds_a_damaged_log(prepared: Prepared) -> None:
    with sqlite3.connect(prepared.data_dir / "understudy.db") as raw:
        raw.execute("UPDATE log_tiles SET hashes = zeroblob(length(hashes))")
    raw.close()
    done = prepared.run("doctor")
    assert done.exit_code == 1
    assert "understudy audit verify" in done.stdout


def test_the_doctor_says_why_an_installation_cannot_be_opened(prepared: Prepared) -> None:
    (prepared.data_dir / "installation.key").unlink()
    done = prepared.run("doctor")
    assert done.exit_code == 1
    assert "another installation key" in done.stdout


def test_the_doctor_finds_that_nothing_can_be_written(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: StoreEngine) -> None:
        raise StorageFull

    monkeypatch.setattr(StoreEngine, "try_to_write", full)
    done = prepared.run("doctor")
    assert done.exit_code == 1
    assert "nothing can be written: The disk is full" in done.stdout


def test_the_doctor_leaves_no_entry_behind(prepared: Prepared) -> None:
    before = prepared.facts("audit", "list")
    prepared.run("doctor")
    assert prepared.facts("audit", "list") == before


@pytest.mark.parametrize(
    ("choice", "advice"),
    [(UnrankedRoles.ALLOW, "can be impersonated"), (UnrankedRoles.REFUSE, "cannot be")],
)
def test_the_doctor_says_which_roles_have_no_rank(
    prepared: Prepared, choice: UnrankedRoles, advice: str
) -> None:
    def roles(unit: Unit) -> None:
        application = unit.applications.get(prepared.app_id)
        assert application is not None
        settings = replace(application.settings, unranked_roles=choice)
        unit.applications.save(replace(application, settings=settings))
        ada = unit.subjects.get(prepared.app_id, SubjectId("ada"))
        assert ada is not None
        unit.subjects.save(replace(ada, roles=("editor",)))

    prepared.do(roles)
    (found,) = [one for one in prepared.facts("doctor") if "without a rank" in one["what"]]
    assert found["what"] == (
        "Invoices: 3 users hold roles without a rank: editor (1), finance (1), owner (1)"
    )
    assert advice in found["advice"]


def at(monkeypatch: pytest.MonkeyPatch, **from_now: float) -> None:
    """From here on every command finds the machine's clock so far off."""
    monkeypatch.setattr(engines, "utc_now", lambda: utc_now() + timedelta(**from_now))


def clock_in(findings: list[dict[str, str]]) -> dict[str, str]:
    [found] = [one for one in findings if one["what"].startswith("clock: ")]
    return found


def test_the_doctor_tells_a_clock_that_is_behind_the_log(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clock_in(prepared.facts("doctor"))["level"] == "ok"
    at(monkeypatch, hours=-1)
    done = prepared.run("doctor", "--json")
    assert done.exit_code == 1
    found = clock_in(json.loads(done.stdout))
    assert (found["level"], "from the future" in found["what"]) == ("error", True)
    assert "understudy clock confirm" in found["advice"]
    prepared.facts("clock", "confirm")
    assert clock_in(prepared.facts("doctor"))["level"] == "ok"


def test_the_doctor_tells_a_clock_that_is_far_ahead(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, hours=25)
    found = clock_in(prepared.facts("doctor"))
    assert (found["level"], "retention waits" in found["what"]) == ("warning", True)
    confirmed = prepared.facts("clock", "confirm")
    assert set(confirmed) == {"now", "newest_entry", "unconfirmed_seconds"}
    assert confirmed["unconfirmed_seconds"] // 3600 == 25
    assert clock_in(prepared.facts("doctor"))["level"] == "ok"
    [told] = prepared.facts("audit", "list", "--type", "clock.confirmed")
    assert told["actor"] == "command line"
