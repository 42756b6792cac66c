from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit.cli.conftest import Prepared
from understudy.core.notices.event_sets import LASTING
from understudy.storage.clock import utc_now
from understudy.storage.engine import engine


@pytest.fixture
def a_month_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock is 31 days ahead of what was written so far."""

    def later() -> datetime:
        return utc_now() + timedelta(days=31)

    monkeypatch.setattr(engine, "utc_now", later)


def test_nothing_is_old_in_a_new_installation(prepared: Prepared) -> None:
    assert prepared.facts("audit", "retain") == []
    assert "Nothing has grown too old." in prepared.run("audit", "retain").stderr


@pytest.mark.usefixtures("a_month_later")
def test_what_has_grown_old_is_counted_then_erased(prepared: Prepared) -> None:
    shown = prepared.facts("audit", "list", "--app", prepared.app_id)
    entries, lasting = len(shown), sum(one["type"] in LASTING for one in shown)
    assert "understudy clock confirm" in prepared.refused("audit", "retain")
    assert prepared.facts("clock", "confirm")["unconfirmed_seconds"] // 86_400 == 31
    row = {"application_id": prepared.app_id, "retention_days": 30, "entries": entries}
    assert prepared.facts("audit", "retain", "--dry-run") == [row]
    assert "Nothing was erased" in prepared.run("audit", "retain", "--dry-run").stderr
    assert prepared.facts("audit", "retain") == [row | {"grants": 0}]
    assert prepared.facts("audit", "retain") == []
    told = prepared.facts("audit", "list", "--type", "audit.erased")
    assert {one["actor"] for one in told} == {"system"}
    report = prepared.facts("audit", "verify")
    # What was decided about the application is told without names, and not forgotten.
    assert (report["ok"], report["erased_core"]) == (True, entries - lasting)
    assert report["erased_personal"] == entries


@pytest.mark.usefixtures("a_month_later")
def test_what_is_under_hold_is_neither_counted_nor_erased(prepared: Prepared) -> None:
    prepared.run("clock", "confirm")
    place = ("audit", "hold", "place", "--app", prepared.app_id, "--reason", "Smith v. Acme")
    prepared.facts(*place)
    assert prepared.facts("audit", "retain", "--dry-run") == []
    assert prepared.facts("audit", "retain") == []
