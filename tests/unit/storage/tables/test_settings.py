from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from understudy.core.applications.application import ApplicationSettings
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.storage.tables.settings import read_settings, write_settings
from understudy.storage.tables.stored_json import to_json

ROLE = {"role_id": "owner", "permissions": [{"resource_id": "invoices", "actions": ["*"]}]}
PART = {"browser_sdk": True, "browser_origins": ["https://app.example"], "rbac_roles": [ROLE]}
SETTINGS = ApplicationSettings(
    impersonation_allowed=True,
    hand_off="stytch",
    default_scope=Scope.READ_ONLY,
    blocked_actions=(BlockedAction(method="POST", pattern="/pay", label="paying"),),
    wires={"stytch": PART},
)
BEFORE = msgspec.json.decode(to_json(replace(SETTINGS, wires={}))) | PART
"""The column as the release before writes it."""
del BEFORE["wires"]


def test_a_row_of_the_release_before_is_read() -> None:
    assert read_settings(msgspec.json.encode(BEFORE).decode()) == SETTINGS


def test_the_release_before_finds_every_member_where_it_looks_for_it() -> None:
    assert msgspec.json.decode(write_settings(SETTINGS)) == BEFORE


def test_what_a_wire_adds_from_now_on_lies_under_its_name() -> None:
    parts: dict[str, dict[str, Any]] = {
        "stytch": {**PART, "motto": "later"},
        "fifth": {"motto": "home"},
        "sixth": {},
    }
    settings = replace(SETTINGS, wires=parts)
    text = write_settings(settings)
    assert msgspec.json.decode(text) == {
        **BEFORE,
        "wires": {"fifth": {"motto": "home"}, "sixth": {}, "stytch": {"motto": "later"}},
    }
    assert read_settings(text) == settings


def test_a_hand_off_that_is_not_known_here_is_kept() -> None:
    settings = replace(SETTINGS, hand_off="fifth")
    assert read_settings(write_settings(settings)) == settings
