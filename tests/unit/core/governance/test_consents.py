from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.core.factories import NOW, consent
from understudy.core.governance.consents import (
    ConsentKind,
    ConsentMode,
    ConsentTerms,
    terms_within_bounds,
)
from understudy.core.ids import ActorRef, GrantId, OrganizationId
from understudy.core.impersonation.restrictions import Scope

SAM, KIM = ActorRef("opr_1"), ActorRef("opr_2")
GRANT = GrantId("grt_1")
ONCE = {"kind": ConsentKind.ONCE, "actor_ref": SAM, "request_id": "csr_1"}


@pytest.mark.parametrize(
    ("own", "organizations", "mode"),
    [
        ("off", {}, "off"),
        ("off", {"acme": "ask"}, "ask"),
        ("off", {"globex": "ask"}, "off"),
        ("ask", {"acme": "off"}, "ask"),
        ("standing", {"acme": "off"}, "standing"),
        ("standing", {"acme": "ask"}, "ask"),
        ("twice", {}, "ask"),
        ("off", {"acme": "twice"}, "ask"),
    ],
)
def test_an_organization_asks_for_more_than_its_application_and_never_for_less(
    own: str, organizations: dict[str, str], mode: str
) -> None:
    terms = ConsentTerms(mode=own, organizations=organizations)  # type: ignore[arg-type]
    assert terms.mode_for(OrganizationId("acme")) is ConsentMode(mode)


def test_a_user_of_no_organization_is_asked_what_the_application_asks() -> None:
    terms = ConsentTerms(mode=ConsentMode.STANDING, organizations={"acme": "ask"})
    assert terms.mode_for(None) is ConsentMode.STANDING


def test_it_is_over_at_the_second_of_its_end_and_once_taken_back() -> None:
    given = consent(expires_at=NOW)
    assert given.in_force(NOW - timedelta(milliseconds=1))
    assert not given.in_force(NOW)
    assert not consent(withdrawn_at=NOW).in_force(NOW)


def test_to_be_asked_each_time_is_more_than_once_for_all() -> None:
    for given, enough in ((consent(), False), (consent(**ONCE), True)):
        assert given.suffices(ConsentMode.ASK) is enough
        assert given.suffices(ConsentMode.STANDING)


def test_one_to_a_request_is_for_its_actor_and_for_once() -> None:
    once = consent(**ONCE)
    assert (once.open_to(SAM), once.open_to(KIM)) == (True, False)
    assert not consent(**ONCE, grant_id=GRANT).open_to(SAM)
    assert consent().open_to(KIM)


def test_a_grant_stands_on_a_standing_consent_within_it_and_while_it_lasts() -> None:
    narrow = consent(scope=Scope.READ_ONLY, minutes=10)
    assert narrow.bears(GRANT, Scope.READ_ONLY, 10, NOW)
    assert not narrow.bears(GRANT, Scope.FULL, 10, NOW)
    assert not narrow.bears(GRANT, Scope.READ_ONLY, 11, NOW)
    assert not narrow.bears(GRANT, Scope.READ_ONLY, 10, narrow.expires_at)
    assert consent().bears(GRANT, Scope.FULL, 60, NOW)


def test_a_grant_stands_on_the_request_that_it_came_of_alone_until_that_is_taken_back() -> None:
    used = consent(**ONCE, grant_id=GRANT)
    assert used.bears(GRANT, Scope.FULL, 60, used.expires_at + timedelta(hours=1))
    assert not used.bears(GrantId("grt_2"), Scope.FULL, 60, NOW)
    assert not consent(**ONCE, grant_id=GRANT, withdrawn_at=NOW).bears(GRANT, Scope.FULL, 60, NOW)


def test_reading_alone_is_within_every_agreement() -> None:
    reading = consent(scope=Scope.READ_ONLY)
    assert (reading.allows(Scope.READ_ONLY), reading.allows(Scope.FULL)) == (True, False)
    assert consent().allows(Scope.READ_ONLY)


def test_the_widest_is_that_of_the_wider_scope_then_of_more_minutes() -> None:
    found = [
        consent(scope=Scope.READ_ONLY),
        consent(minutes=5),
        consent(minutes=59),
        consent(),
    ]
    assert sorted(found, key=lambda one: one.width) == found


@pytest.mark.parametrize(("days", "held"), [(0, 1), (-3, 1), (1, 1), (365, 365), (366, 1)])
def test_days_that_nobody_could_have_set_become_one(days: int, held: int) -> None:
    assert terms_within_bounds(ConsentTerms(standing_days=days)).standing_days == held


def test_fewer_days_by_now_are_fewer_for_what_was_given_and_more_are_not_more() -> None:
    given = consent(expires_at=NOW + timedelta(days=10))
    assert given.held_to(ConsentTerms(standing_days=3)).expires_at == NOW + timedelta(days=3)
    assert given.held_to(ConsentTerms(standing_days=10)) is given
    assert given.held_to(ConsentTerms(standing_days=30)) is given


def test_a_yes_to_one_request_is_held_to_no_days() -> None:
    given = consent(**ONCE, expires_at=NOW + timedelta(days=10))
    assert given.held_to(ConsentTerms(standing_days=1)) is given


def test_users_are_told_a_name_or_what_stands_for_it_where_they_are_told() -> None:
    assert ConsentTerms().told_as("Kim") is None
    assert ConsentTerms(shown_as="Acme Support").told_as("Kim") is None
    assert ConsentTerms(tell=True).told_as("Kim") == "Kim"
    assert ConsentTerms(tell=True).told_as(None) == "Support"
    assert ConsentTerms(tell=True, shown_as="Acme Support").told_as("Kim") == "Acme Support"
