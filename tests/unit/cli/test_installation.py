from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures.refusals import refusal_of
from tests.unit.cli.conftest import Prepared
from understudy.cli.installation import PATIENCE_SECONDS, application_of, opened, settings_for
from understudy.errors import NotFound
from understudy.storage.database.sqlite import BUSY_SECONDS
from understudy.storage.database.sqlite_transaction import SqliteTransaction


def test_an_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", "there")
    assert settings_for(Path("here"), None).data_dir == Path("here")
    assert settings_for(None, None).data_dir == Path("there")


def test_an_unknown_application_is_refused_with_those_that_exist(prepared: Prepared) -> None:
    with refusal_of(NotFound, "not_found") as caught:
        prepared.do(lambda unit: application_of(unit, "app_other"))
    assert caught.value.detail.endswith(f"Known are: {prepared.app_id}.")


def test_a_verb_waits_longer_for_its_turn_than_a_request(prepared: Prepared) -> None:
    with opened(prepared.data_dir, None) as engine, engine._database.writing() as transaction:
        assert isinstance(transaction, SqliteTransaction)
        (patience,) = transaction._raw.execute("PRAGMA busy_timeout").fetchone()
    assert patience == PATIENCE_SECONDS * 1000 > BUSY_SECONDS * 1000
