"""What an older node leaves of the JSON that a newer one has written."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any, get_type_hints

import msgspec
import pytest

from tests.contract.storage.make import application, operator
from understudy.core.applications.application import Application, ApplicationSettings
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.notices.events import EventType
from understudy.core.notices.webhooks import WebhookEndpoint
from understudy.core.people.permissions import Permission, Role, permissions_of
from understudy.core.people.principals import Operator
from understudy.storage.tables.rows import Codec
from understudy.storage.tables.settings import read_settings, write_settings
from understudy.storage.tables.stored_json import from_json, to_json

SETTINGS = ApplicationSettings(
    impersonation_allowed=True,
    blocked_actions=(BlockedAction(method="POST", pattern="/pay", label="paying"),),
    role_ranks={"unknown": 7},
)


def stored(**changes: Any) -> dict[str, Any]:
    """The settings as a newer version wrote them."""
    plain: dict[str, Any] = msgspec.json.decode(write_settings(SETTINGS))
    return plain | changes


def written_back(plain: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What lies there once this version has changed something else about them."""
    read = read_settings(to_json(plain))
    back: dict[str, Any] = msgspec.json.decode(write_settings(replace(read, **changes)))
    return back


def test_json_is_canonical() -> None:
    assert to_json({"b": {2, 1}, "a": [True, None, "é"]}) == '{"a":[true,null,"é"],"b":[1,2]}'


def test_settings_come_back() -> None:
    assert read_settings(write_settings(SETTINGS)) == SETTINGS
    assert "unknown" not in stored()
    assert stored()["role_ranks"] == {"unknown": 7}


@pytest.mark.parametrize(
    "newer",
    [
        stored(approvals={"needed": 2}),
        stored(blocked_actions=[{"method": "*", "pattern": "/", "label": "l", "unless": ["x"]}]),
        stored(rbac_roles=[{"role_id": "r", "description": "", "permissions": [], "more": 1}]),
        stored(
            rbac_roles=[
                {
                    "role_id": "r",
                    "description": "",
                    "permissions": [{"resource_id": "x", "actions": [], "more": None}],
                }
            ]
        ),
        stored(allowed_scopes=["masked", "full"]),
        stored(default_scope="masked"),
        stored(hand_off="device"),
        stored(unknown="a member of that very name"),
    ],
)
def test_what_a_newer_version_stored_survives_a_change_of_something_else(
    newer: dict[str, Any],
) -> None:
    assert written_back(newer, retention_days=90) == newer | {"retention_days": 90}


def test_what_this_version_cannot_do_as_chosen_it_does_not_do() -> None:
    settings = read_settings(to_json(stored(default_scope="masked")))
    assert settings.impersonation_allowed
    assert not settings.impersonates
    assert replace(settings, default_scope=Scope.FULL).impersonates


def test_a_scope_of_a_newer_version_takes_no_other_away() -> None:
    settings = read_settings(to_json(stored(allowed_scopes=["masked", "full"])))
    assert settings.impersonates
    assert Scope.FULL in settings.allowed_scopes
    assert Scope.READ_ONLY not in settings.allowed_scopes


def test_a_role_of_a_newer_version_permits_nothing_and_is_kept() -> None:
    codec = Codec(Operator)
    row = {**codec.write(operator()), "roles": '["auditor-general","support_manager"]'}
    read = codec.read(row)
    assert permissions_of(read.roles) == permissions_of({Role.SUPPORT_MANAGER})
    assert not replace(read, roles=read.roles - {Role.SUPPORT_MANAGER}).may(
        Permission.IMPERSONATION_START
    )
    assert codec.write(replace(read, name="Other"))["roles"] == row["roles"]


def test_an_event_type_of_a_newer_version_is_kept_in_a_subscription() -> None:
    read = from_json(get_type_hints(WebhookEndpoint)["types"])
    text = '["moon.landed","session.started"]'
    assert EventType.SESSION_STARTED in read(text)
    assert to_json(read(text)) == text


def test_what_is_unknown_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    read = from_json(ApplicationSettings)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            read(to_json(stored(default_scope="masked")))
    assert len(caplog.records) == 1
    assert "masked" in caplog.text
    assert "Scope" in caplog.text


def test_every_class_that_lies_in_json_has_a_place_for_what_is_unknown() -> None:
    @dataclass(frozen=True)
    class Forgetful:
        name: str

    with pytest.raises(TypeError, match="Forgetful has no place"):
        from_json(Forgetful)
    with pytest.raises(TypeError, match="Forgetful has no place"):
        from_json(tuple[Forgetful, ...])


def test_an_application_keeps_what_is_unknown_through_its_row() -> None:
    codec = Codec(Application)
    row = {**codec.write(application()), "settings": '{"later":[1]}'}
    kept = codec.write(replace(codec.read(row), name="Other"))["settings"]
    assert '"later":[1]' in str(kept)
