from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.storage.make import NOW, application, operator, operator_session, session
from understudy.core.ids import OperatorId, SessionId
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import Entry
from understudy.http import last_seen as module
from understudy.http.last_seen import FORGETS, LastSeen
from understudy.http.principal import ANYBODY, ApplicationPrincipal, OperatorPrincipal, Principal

SESSION = SessionId("ses_1")
BILLING = ApplicationPrincipal(application=application(id="app_1"))
SHOP = ApplicationPrincipal(application=application(id="app_2"))
MANAGER = OperatorPrincipal(
    operator=operator(id=OperatorId("opr_1"), roles=frozenset({Role.SUPPORT_MANAGER})),
    session=operator_session(),
)
AUDITOR = OperatorPrincipal(
    operator=operator(id=OperatorId("opr_2"), roles=frozenset({Role.AUDITOR})),
    session=operator_session(),
)


def entry(kind: EventType, **core: str) -> Entry:
    return Entry(index=1, time=NOW, type=kind, leaf=b"", core=core, personal=None)


STARTED = entry(
    EventType.SESSION_STARTED, session_id="ses_1", application_id="app_1", actor_ref="opr_1"
)


def test_whoever_was_seen_is_known_by_what_they_presented() -> None:
    seen = LastSeen()
    seen.note("application app_1 secret", BILLING)
    assert seen.caller("application app_1 secret", NOW) == BILLING
    assert seen.caller("application app_1 other", NOW) is None


def test_a_sign_in_that_ended_by_time_is_known_no_more() -> None:
    seen = LastSeen()
    seen.note("operator token", MANAGER)
    ends = MANAGER.session.expires_at
    assert seen.caller("operator token", ends - timedelta(milliseconds=1)) == MANAGER
    assert seen.caller("operator token", ends) is None


@pytest.mark.parametrize("kind", sorted(FORGETS))
def test_nobody_is_known_after_a_change_that_may_make_it_wrong(kind: EventType) -> None:
    seen = LastSeen()
    seen.note("operator token", MANAGER)
    seen.on_entries([entry(kind)])
    assert seen.caller("operator token", NOW) is None


def test_only_who_may_ends_a_session_that_is_known() -> None:
    seen = LastSeen()
    assert seen.may_end(SESSION, BILLING, only_actor=False) is None
    seen.on_entries([STARTED, replace(STARTED, core=None)])
    cases: list[tuple[Principal, bool, bool]] = [
        (BILLING, False, True),
        (BILLING, True, True),
        (SHOP, False, False),
        (MANAGER, True, True),
        (MANAGER, False, True),
        (AUDITOR, True, False),
        (AUDITOR, False, False),
        (ANYBODY, False, False),
    ]
    for principal, only_actor, may in cases:
        found = seen.may_end(SESSION, principal, only_actor=only_actor)
        assert (found is not None) is may


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CALLERS", 2)
    seen = LastSeen()
    for number in range(3):
        seen.note(f"secret {number}", BILLING)
    assert [seen.caller(f"secret {number}", NOW) for number in range(3)] == [None, BILLING, BILLING]


def test_a_session_is_known_by_its_token_alone_and_the_oldest_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_SESSIONS", 2)
    seen = LastSeen()
    for name in ("a", "b", "c"):
        seen.note_session(session(id=SessionId(f"ses_{name}")), f"token-{name}")
    found = seen.of_token("token-c")
    assert found is not None
    assert found.id == "ses_c"
    assert seen.of_token("token-a") is None
