from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.core import factories
from understudy.errors import InvalidInput
from understudy.wires.stytch.settings import (
    NAME,
    SETTINGS,
    RbacPermission,
    RbacRole,
    StytchSettings,
    settings_of,
)

ROLE = {"role_id": "owner", "permissions": [{"resource_id": "notes", "actions": ["*"]}]}


def test_what_nobody_has_decided_is_off() -> None:
    assert settings_of(factories.application()) == StytchSettings()
    assert SETTINGS.complete({}) == {"browser_sdk": False, "browser_origins": (), "rbac_roles": ()}
    assert SETTINGS.facts({}) == {"browser_sdk": False, "browser_origins": "", "rbac_roles": ""}


def test_a_part_is_read_as_values() -> None:
    part = {"browser_sdk": True, "browser_origins": ["https://app.example"], "rbac_roles": [ROLE]}
    application = factories.application(settings=factories.settings(wires={NAME: part}))
    assert settings_of(application) == StytchSettings(
        browser_sdk=True,
        browser_origins=("https://app.example",),
        rbac_roles=(
            RbacRole(
                role_id="owner",
                permissions=(RbacPermission(resource_id="notes", actions=("*",)),),
            ),
        ),
    )
    complete = SETTINGS.complete(part)
    assert complete["rbac_roles"][0]["description"] == ""
    assert SETTINGS.facts(complete)["rbac_roles"] == "owner"


def test_another_wires_part_is_none_of_its_own() -> None:
    application = factories.application(
        settings=factories.settings(wires={"x": {"browser_sdk": 1}})
    )
    assert settings_of(replace(application, name="Other")) == StytchSettings()


@pytest.mark.parametrize(
    "part",
    [
        {"browser_origins": ["https://app.example/"]},
        {"browser_origins": ["https://*.example"]},
        {"rbac_roles": [ROLE, ROLE]},
    ],
)
def test_a_part_that_no_application_could_work_under_is_refused(part: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        SETTINGS.complete(part)
    assert refused.value.code == "invalid_input"
