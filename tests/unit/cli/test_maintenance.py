"""``keys``, ``migrate`` and ``doctor``."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from tests.unit.cli.conftest import CommandLine, Prepared
from understudy import errors
from understudy.core.ports import Unit
from understudy.storage.database.migrations import Fill, Migration, Port, load
from understudy.storage.database.sources import Sources


def test_new_keys_are_announced_and_old_proofs_go_on_verifying(prepared: Prepared) -> None:
    before = prepared.facts("audit", "checkpoint")
    rotated = prepared.facts("keys", "rotate", "--overlap-hours", "0")
    assert set(rotated) == {"log_verifier_key", "session_jwt_keys"}
    prepared.facts(*prepared.impersonate())
    after = prepared.facts("audit", "checkpoint")
    assert after["verifier_keys"] == [*before["verifier_keys"], rotated["log_verifier_key"]]
    kept = prepared.folder / "checkpoint"
    kept.write_text(before["checkpoint"])
    assert prepared.facts("audit", "verify", "--checkpoint", str(kept))["ok"] is True


@pytest.mark.parametrize("hours", ["-1", "721"])
def test_an_overlap_is_between_none_and_a_month(prepared: Prepared, hours: str) -> None:
    assert prepared.run("keys", "rotate", "--overlap-hours", hours).exit_code == 2


def test_migrating_is_safe_to_repeat(empty: CommandLine) -> None:
    last = len(load())
    for _ in range(2):
        facts = empty.facts("migrate")
        assert "Restart each node" in facts.pop("next")
        assert facts == {
            "database": "sqlite",
            "schema": "up to date",
            "number": last,
            "compatible_from": 2,
        }
    assert empty.facts("app", "list") == []


def test_migrating_says_what_is_done_and_how_far_it_is(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_filling(monkeypatch, slices=[1200, 34, 0])
    done = prepared.run("migrate")
    assert done.exit_code == 0
    assert f"{len(load()) + 1:04} fills filling rows, 1,234 rows" in done.stderr
    assert "up to date" in done.stdout


def with_filling(monkeypatch: pytest.MonkeyPatch, *, slices: list[int]) -> None:
    """A release with a back-fill that does so many rows in each slice; -1 breaks off."""

    def fill(port: Port) -> int:
        rows = slices.pop(0)
        if rows < 0:
            raise errors.Unavailable
        return rows

    step = Migration(
        number=len(load()) + 1,
        name="fills",
        compatible_from=2,
        expand=lambda port: None,
        online=(Fill(slice=fill),),
    )
    newer = replace(Sources.of(), migrations=(*load(), step))
    monkeypatch.setattr(Sources, "of", lambda: newer)


def test_the_doctor_names_the_schema_and_who_may_work_with_it(prepared: Prepared) -> None:
    last = load()[-1]
    said = [(one["level"], one["what"]) for one in prepared.facts("doctor")]
    what = f"schema {last.number}, {last.name}; nodes of schema 2 and later may work with it"
    assert ("ok", what) in said


def test_the_doctor_finds_a_migration_that_is_due_and_leaves_it(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_filling(monkeypatch, slices=[])
    for _ in range(2):
        warning = prepared.facts("doctor")[1]
        assert warning["level"] == "warning"
        assert warning["what"].endswith(f"{len(load()) + 1:04} fills")
        assert warning["advice"].startswith("understudy migrate")


def test_the_doctor_finds_a_migration_that_was_cut_off(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_filling(monkeypatch, slices=[1200, -1, 0])
    assert "[unavailable]" in prepared.refused("migrate")
    warning = prepared.facts("doctor")[1]
    assert warning["what"] == f"schema {len(load()) + 1:04} fills is not finished, 1,200 rows done"
    prepared.facts("migrate")
    assert all("not finished" not in one["what"] for one in prepared.facts("doctor"))


def test_the_doctor_names_a_database_of_a_newer_release(prepared: Prepared) -> None:
    with sqlite3.connect(prepared.data_dir / "understudy.db") as raw:
        raw.execute("INSERT INTO schema_migrations (number, name) VALUES (9999, 'future')")
    raw.close()
    done = prepared.run("doctor")
    assert done.exit_code == 1
    assert "written by a newer version" in done.stdout


def test_the_doctor_says_what_a_new_installation_lacks(empty: CommandLine) -> None:
    findings = empty.facts("doctor")
    assert all(set(one) == {"level", "what", "advice"} for one in findings)
    warnings = [one for one in findings if one["level"] == "warning"]
    assert ["admin" in warnings[0]["what"], "application" in warnings[1]["what"]] == [True, True]
    assert all("understudy" in one["advice"] for one in warnings)


def test_the_doctor_looks_at_every_app(prepared: Prepared) -> None:
    prepared.facts("app", "create", "Shop", "--redirect-url", "https://shop.example/cb")
    prepared.facts("operator", "create", "m@x.example", "--role", "admin", "--password-stdin",
                   stdin="correct horse battery staple")  # fmt: skip
    said = [(one["level"], one["what"]) for one in prepared.facts("doctor")]
    assert ("ok", "1 active admin(s)") in said
    assert ("warning", "Invoices: no action is blocked while impersonating") in said
    assert ("warning", "Shop: impersonation is switched off") in said
    assert ("ok", "audit log: checkpoint, tiles and history agree") in said


def test_the_doctor_is_content_with_an_app_that_blocks_actions(prepared: Prepared) -> None:
    from understudy.core.impersonation.restrictions import BlockedAction

    def block(unit: Unit) -> None:
        application = unit.applications.get(prepared.app_id)
        assert application is not None
        action = BlockedAction(method="POST", pattern="/password", label="the password")
        settings = replace(application.settings, blocked_actions=(action,))
        unit.applications.save(replace(application, settings=settings))

    prepared.do(block)
    assert "Invoices: ready" in prepared.run("doctor").stdout


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
