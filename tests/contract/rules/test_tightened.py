"""Whatever was tightened holds for what was permitted before (DESIGN rule 8), on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, World, named
from understudy.core.applications.application import Application
from understudy.core.governance.deny_packs import DenyPack, DenyPacks
from understudy.core.governance.denying import Harm
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Status
from understudy.core.ports import Entry
from understudy.core.rules.actor import NESTED
from understudy.core.rules.grant import GRANT_OUTDATED
from understudy.core.rules.request import REASON_TOO_SHORT, TICKET_MISSING
from understudy.core.rules.rule import Rule
from understudy.flows.applications import administer
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import OpenSession

TIGHTER = {
    "default_minutes": 5,
    "max_minutes": 5,
    "idle_minutes": 2,
    "allowed_scopes": (Scope.READ_ONLY,),
    "default_scope": Scope.READ_ONLY,
    "blocked_actions": (BlockedAction(method="*", pattern="/billing/**", label="billing"),),
}


def _details(entry: Entry) -> dict[str, object]:
    assert entry.core is not None
    details = entry.core["details"]
    assert isinstance(details, dict)
    return details


def test_a_token_of_before_opens_no_more_than_is_allowed_now(installation: World) -> None:
    token = installation.token(installation.granted(minutes=60, scope=Scope.FULL))
    installation.set_up_application(**TIGHTER)
    opened = installation.exchange(token)
    assert isinstance(opened, OpenSession)
    assert opened.restrictions.scope is Scope.READ_ONLY
    assert [action.label for action in opened.restrictions.blocked_actions] == ["billing"]
    assert opened.session.ends_at == installation.clock() + timedelta(minutes=5)
    assert opened.session.idle_limit == timedelta(minutes=2)
    assert _details(installation.entries(EventType.SESSION_STARTED)[0]) == {
        "scope": "read_only",
        "granted_scope": "full",
        "minutes": 5,
        "granted_minutes": 60,
        "idle_minutes": 2,
    }


def test_a_deny_pack_that_is_switched_on_holds_for_what_was_permitted_before(
    installation: World,
) -> None:
    token = installation.token(installation.granted(scope=Scope.FULL))
    installation.set_up_application(deny_packs=DenyPacks(packs=(DenyPack.TWO_FACTOR,)))
    opened = installation.exchange(token)
    assert isinstance(opened, OpenSession)
    (action,) = opened.restrictions.blocked_actions
    assert (action.method, action.pattern) == ("*", "/**/two_factor/**")
    assert action.label == Harm.SECOND_FACTORS.label
    changed = _details(installation.entries(EventType.APPLICATION_UPDATED)[-1])
    assert (changed["deny_packs"], changed["deny_packs_excepted"]) == ("two_factor", "")


def test_an_application_that_authenticated_before_it_was_tightened_opens_no_more(
    installation: World,
) -> None:
    before = installation.application
    token = installation.token(installation.granted(minutes=60))
    installation.set_up_application(**TIGHTER)
    opened = installation.exchange(token, by=before)
    assert isinstance(opened, OpenSession)
    assert opened.session.ends_at == installation.clock() + timedelta(minutes=5)
    assert opened.session.idle_limit == timedelta(minutes=2)


def test_a_live_session_is_narrowed_with_its_entry_and_never_widened(installation: World) -> None:
    opened = installation.session(minutes=60)
    before = dict((name, getattr(installation.application.settings, name)) for name in TIGHTER)
    installation.clock.forward(minutes=1)
    installation.set_up_application(**TIGHTER)
    installation.set_up_application(**before)
    held = installation.refresh(opened)
    assert isinstance(held, OpenSession)
    assert held.restrictions.scope is Scope.READ_ONLY
    assert held.session.ends_at == opened.session.started_at + timedelta(minutes=5)
    assert held.session.idle_limit == timedelta(minutes=2)
    narrowed = installation.entries(EventType.SESSION_NARROWED)
    assert [_details(entry) for entry in narrowed] == [
        {
            "scope": "read_only",
            "granted_scope": "full",
            "minutes": 5,
            "granted_minutes": 60,
            "idle_minutes": 2,
            "by_kind": "system",
            "by_ref": SYSTEM.ref,
        }
    ]


def test_a_live_session_whose_shorter_time_is_up_ends_at_once(installation: World) -> None:
    opened = installation.session(minutes=60)
    for _ in range(2):
        installation.clock.forward(minutes=3)
        installation.run(lambda unit: unit.sessions.touch(opened.session.id, installation.clock()))
    installation.set_up_application(max_minutes=5, default_minutes=5)
    over = installation.stored(opened)
    assert (over.end_cause, over.ended_at) == (EndCause.TIME_LIMIT, installation.clock())


@pytest.mark.parametrize(
    ("rule", "tighter"),
    [
        (TICKET_MISSING, {"ticket_required": True}),
        (REASON_TOO_SHORT, {"reason_min_length": 200}),
    ],
    ids=["ticket", "reason"],
)
def test_what_cannot_be_narrowed_is_refused(
    installation: World, rule: Rule, tighter: dict[str, object]
) -> None:
    running = installation.session("bob")
    token = installation.token(installation.granted())
    installation.set_up_application(**tighter)
    assert installation.exchange(token) == TokenRefused(why=rule.code)
    assert installation.stored(running).end_cause is None


def test_nesting_is_judged_at_the_exchange_too(installation: World) -> None:
    token = installation.token(installation.granted("bob", actor=named("ada")))
    running = installation.session("bob", actor=named("ada"))
    installation.session("ada")
    assert installation.exchange(token) == TokenRefused(why=NESTED.code)
    # Whoever works already goes on: nobody who works as them can reach that session.
    assert isinstance(installation.refresh(running), OpenSession)


def _off_and_on(installation: World) -> None:
    installation.set_up_application(impersonation_allowed=False)
    installation.set_up_application(impersonation_allowed=True)


def _disabled_and_enabled(installation: World) -> None:
    for status in (Status.DISABLED, Status.ACTIVE):
        changed: Application = replace(installation.application, status=status)
        installation.application = installation.run(
            lambda unit, to=changed: administer.update(unit, to, by=SYSTEM, origin=HERE)  # type: ignore[misc]
        )


def _leaked(installation: World) -> None:
    installation.run(
        lambda unit: administer.rotate_secret(
            unit, installation.application.id, overlap=timedelta(), by=SYSTEM, origin=HERE
        )
    )


@pytest.mark.parametrize("cancels", [_off_and_on, _disabled_and_enabled, _leaked])
def test_what_waits_does_not_survive(installation: World, cancels: object) -> None:
    grant = installation.granted()
    token, code = installation.token(grant), installation.code(grant)
    assert callable(cancels)
    cancels(installation)
    assert installation.exchange(token) == TokenRefused(why=GRANT_OUTDATED.code)
    assert installation.redeem(code) == TokenRefused(why=GRANT_OUTDATED.code)
    late = installation.token(grant)
    assert installation.exchange(late) == TokenRefused(why=GRANT_OUTDATED.code)
    assert isinstance(
        installation.exchange(installation.token(installation.granted())), OpenSession
    )


def test_a_rotation_with_an_overlap_cancels_nothing(installation: World) -> None:
    token = installation.token(installation.granted())
    installation.run(
        lambda unit: administer.rotate_secret(
            unit, installation.application.id, overlap=timedelta(hours=1), by=SYSTEM, origin=HERE
        )
    )
    assert isinstance(installation.exchange(token), OpenSession)
