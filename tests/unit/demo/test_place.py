from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.engine import Installation
from tests.fixtures.engine import installation as new_installation
from understudy.core.ids import SubjectId
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.ports import SubjectFilter
from understudy.demo.people import OPERATORS, USERS
from understudy.demo.place import FILE, Place, settle
from understudy.demo.seed import BLOCKED_ACTIONS
from understudy.errors import SetupError
from understudy.flows.origin import Origin
from understudy.flows.people import team
from understudy.wires.native.passwords import password_matches

CALLBACK = "http://app.localhost:8701/_understudy/callback"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Installation]:
    """An empty installation."""
    with new_installation(tmp_path) as one:
        yield one
        assert one.engine.verify().findings == ()


def _settle(made: Installation, folder: Path, callback: str = CALLBACK) -> Place:
    return settle(made.engine, folder, callback_url=callback, new_password=lambda: "one-password")


def test_the_first_start_fills_an_empty_installation(made: Installation, tmp_path: Path) -> None:
    place = _settle(made, tmp_path)
    with made.engine.reading() as reader:
        application = reader.applications.get(place.application_id)
        operators = reader.operators.list()
        subjects = reader.subjects.count(SubjectFilter(application_id=place.application_id))
        protected = reader.subjects.get(place.application_id, SubjectId("grace"))
    assert application is not None
    assert application.secret_hash == made.engine.vault.token_hash(
        TokenPurpose.APPLICATION_SECRET, place.secret
    )
    assert application.settings.impersonation_allowed
    assert application.settings.redirect_urls == (CALLBACK,)
    assert application.settings.blocked_actions == BLOCKED_ACTIONS
    assert {one.email for one in operators} == {one.email for one in OPERATORS}
    assert all(password_matches("one-password", one.password_hash) for one in operators)
    assert subjects == len(USERS)
    assert protected is not None
    assert protected.protected


def test_every_job_has_somebody_to_sign_in_as() -> None:
    roles = {role for one in OPERATORS for role in one.roles}
    assert {Role.SUPPORT_MANAGER, Role.ADMIN, Role.AUDITOR} <= roles


def test_the_second_start_finds_everything_as_it_was_left(
    made: Installation, tmp_path: Path
) -> None:
    place = _settle(made, tmp_path)
    with made.engine.reading() as reader:
        size = reader.entries.size()
    assert _settle(made, tmp_path) == place
    with made.engine.reading() as reader:
        assert reader.entries.size() == size


def test_the_app_may_move_to_another_port(made: Installation, tmp_path: Path) -> None:
    place = _settle(made, tmp_path)
    elsewhere = CALLBACK.replace("8701", "9999")
    assert _settle(made, tmp_path, elsewhere) == place
    with made.engine.reading() as reader:
        application = reader.applications.get(place.application_id)
    assert application is not None
    assert application.settings.redirect_urls == (elsewhere,)
    assert application.settings.blocked_actions == BLOCKED_ACTIONS


def test_only_the_owner_can_read_secret_and_password(made: Installation, tmp_path: Path) -> None:
    place = _settle(made, tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert place.secret not in repr(place)
    assert place.password not in repr(place)


def test_an_installation_that_holds_something_else_is_left_alone(
    made: Installation, tmp_path: Path
) -> None:
    made.engine.run(
        lambda unit: team.invite(
            unit, email="a@x.example", name="A", roles=[Role.ADMIN], by=SYSTEM, origin=Origin()
        )
    )
    with pytest.raises(SetupError) as refused:
        _settle(made, tmp_path)
    assert "--data-dir" in refused.value.detail
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"application_id": "app_1"}', '{"x": 1}'])
def test_a_spoiled_file_is_said_in_a_sentence(
    made: Installation, tmp_path: Path, text: str
) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(SetupError) as refused:
        _settle(made, tmp_path)
    assert "start afresh" in refused.value.detail


def test_a_file_that_outlived_its_database_is_said_in_a_sentence(
    made: Installation, tmp_path: Path
) -> None:
    place = {"application_id": "app_gone", "secret": "x", "password": "x"}
    (tmp_path / FILE).write_text(json.dumps(place))
    with pytest.raises(SetupError) as refused:
        _settle(made, tmp_path)
    assert "gone" in refused.value.detail
