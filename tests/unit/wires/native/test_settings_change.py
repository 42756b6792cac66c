from __future__ import annotations

import pytest
from msgspec import UNSET, UnsetType

from tests.fixtures.refusals import refusal_of
from tests.unit.core.factories import application, settings
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.notices.receivers import InternalTargets
from understudy.core.people.principals import Status
from understudy.errors import InvalidInput
from understudy.http.principal import ANYBODY
from understudy.service.table import WIRES
from understudy.wires.native.schemas.applications import SettingsChange, UpdateApplication
from understudy.wires.native.schemas.insiders import InsiderLimitsChange
from understudy.wires.native.settings_change import (
    application_answer,
    changed_application,
    changed_settings,
    require_callable,
)

NOWHERE = InternalTargets()


def test_what_a_change_leaves_out_stays_as_it_was() -> None:
    before = settings(max_minutes=45, role_ranks={"owner": 20})
    assert changed_settings(before, SettingsChange(), WIRES) == before
    changed = changed_settings(before, SettingsChange(max_minutes=15), WIRES)
    assert changed == settings(max_minutes=15, role_ranks={"owner": 20})


def test_of_the_limits_on_actors_those_that_are_left_out_stay() -> None:
    before = settings(insiders=InsiderLimits(subjects_an_hour=5, subjects_a_day=20))
    change = SettingsChange(insiders=InsiderLimitsChange(subjects_an_hour=None))
    changed = changed_settings(before, change, WIRES)
    assert changed == settings(insiders=InsiderLimits(subjects_a_day=20))


def test_an_empty_change_of_an_application_changes_nothing() -> None:
    before = application(status=Status.DISABLED)
    assert changed_application(before, UpdateApplication(), WIRES) == before


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/logout", "https://10.0.0.7/logout", "ftp://app.example/logout"]
)
def test_a_logout_url_that_would_never_be_called_is_refused(url: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="logout_url"):
        require_callable(SettingsChange(logout_url=url), NOWHERE)


@pytest.mark.parametrize("url", [UNSET, None, "https://app.example/logout"])
def test_a_logout_url_that_is_left_out_or_taken_away_needs_no_check(
    url: str | UnsetType | None,
) -> None:
    require_callable(SettingsChange(logout_url=url), NOWHERE)


def test_an_application_is_shown_without_its_secret() -> None:
    answer = application_answer(application(secret_hash=b"secret" * 6), WIRES, seen_by=ANYBODY)
    assert "secret_hash" not in answer.__struct_fields__
    assert "secretsecret" not in repr(answer)
