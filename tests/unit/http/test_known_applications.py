from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fixtures.engine import START
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.people.principals import Status
from understudy.http import known_applications
from understudy.http.known_applications import KnownApplications

APPLICATION = Application(
    id="app_1",
    name="App",
    vertical=Vertical.B2B,
    status=Status.ACTIVE,
    settings=ApplicationSettings(),
    secret_hash=b"",
    created_at=START,
    updated_at=START,
)


def test_what_was_kept_is_known_until_something_changes() -> None:
    known = KnownApplications(followed=lambda: True)
    assert known.get("app_1") is None
    known.keep(APPLICATION, changes=known.changes)
    assert known.get("app_1") is APPLICATION
    assert known.get("app_2") is None
    known.forget()
    assert known.get("app_1") is None


def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    known = KnownApplications(followed=lambda: True)
    before = known.changes
    known.forget()
    known.keep(APPLICATION, changes=before)
    assert known.get("app_1") is None


def test_nothing_is_known_while_changes_would_not_be_heard_of() -> None:
    followed = True
    known = KnownApplications(followed=lambda: followed)
    known.keep(APPLICATION, changes=known.changes)
    followed = False
    assert known.get("app_1") is None


def test_there_is_an_end_to_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_applications, "MAX_KNOWN", 2)
    known = KnownApplications(followed=lambda: True)
    for number in range(3):
        known.keep(replace(APPLICATION, id=f"app_{number}"), changes=known.changes)
    assert known.get("app_0") is None
    assert known.get("app_2") is not None
