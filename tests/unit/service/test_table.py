from __future__ import annotations

import re

from understudy.core.people.permissions import ROLE_PERMISSIONS, Permission, Role
from understudy.http.rate_limits import RateClass
from understudy.service.table import TABLE

_TAKES_AWAY = re.compile(
    r"(^|_)(end|revoke|cancel|delete|ban|rotate|sign_out)_"
    r"(?!webhook|sign_in_token|\w*external_id)"  # in these nobody works
    r"|^update_(operator|application)$|^sign_out"
)


def test_every_permission_is_asked_for_by_some_endpoint() -> None:
    asked = {one.access.permission for wire in TABLE for one in wire.endpoints} - {None}
    assert asked == set(Permission)


def test_every_permission_is_in_some_role_and_every_role_has_some() -> None:
    held = [ROLE_PERMISSIONS[role] for role in Role]
    assert frozenset().union(*held) == set(Permission)
    assert all(held)


def test_whatever_takes_sessions_away_is_limited_for_nobody_and_works_without_the_log() -> None:
    found = {e.operation: e for w in TABLE for e in w.endpoints if not e.safe}
    taking = {name: one for name, one in found.items() if _TAKES_AWAY.search(name)}
    assert {"end_session", "clerk_ban_user", "stytch_delete_member", "revoke_token"} <= set(taking)
    limited = {
        name
        for name, one in taking.items()
        if one.rate is not RateClass.NONE and not one.counts_itself
    }
    assert limited == set()
    assert {name for name, one in taking.items() if not one.ends} == {"sign_out"}
