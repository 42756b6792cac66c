"""A user's own agreement is a premise: without it nothing starts, and with it what ran ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.governance.consents import Consent, ConsentMode, ConsentTerms
from understudy.core.ids import SubjectId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.ports import Entry
from understudy.core.rules.consent import CONSENT_MISSING
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.governance.agree import Withdrawn, agree, withdraw
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import Fallen

STANDING = ConsentTerms(mode=ConsentMode.STANDING, standing_days=10)


@pytest.fixture
def asking(installation: World) -> World:
    """An application whose users agree for a time."""
    installation.set_up_application(consent=STANDING)
    return installation


def agreed(world: World, subject_id: str = "ada", **changes: object) -> Consent:
    return world.run(
        lambda unit: agree(
            unit,
            world.application.id,
            SubjectId(subject_id),
            origin=HERE,
            **changes,  # type: ignore[arg-type]
        )
    )


def taken_back(world: World, subject_id: str = "ada") -> Withdrawn:
    return world.run(
        lambda unit: withdraw(unit, world.application.id, SubjectId(subject_id), origin=HERE)
    )


def told(entry: Entry) -> Mapping[str, object]:
    details = (entry.core or {})["details"]
    assert isinstance(details, Mapping)
    return details


def test_nobody_starts_without_it(asking: World) -> None:
    assert asking.ask() == Denied(rule=CONSENT_MISSING)
    agreed(asking)
    assert asking.session().session.end_cause is None
    assert asking.ask("bob") == Denied(rule=CONSENT_MISSING)


def test_a_grant_says_on_what_it_stands(asking: World) -> None:
    consent = agreed(asking)
    asking.granted()
    entry = asking.entries(EventType.GRANT_CREATED)[0]
    assert told(entry)["consent_id"] == consent.id


def test_a_session_is_no_wider_than_the_agreement(asking: World) -> None:
    agreed(asking, scope=Scope.READ_ONLY)
    opened = asking.session(scope=Scope.FULL)
    assert opened.restrictions.scope is Scope.READ_ONLY


def test_taking_it_back_ends_what_runs_in_that_transaction(asking: World) -> None:
    agreed(asking)
    opened = asking.session()
    waiting = asking.token(asking.granted())
    assert [one.id for one in taken_back(asking).ended] == [opened.session.id]
    assert asking.stored(opened).end_cause is EndCause.CONSENT_WITHDRAWN
    assert isinstance(asking.exchange(waiting), TokenRefused)
    assert asking.ask() == Denied(rule=CONSENT_MISSING)
    revoked, withdrawn = asking.entries(EventType.SESSION_REVOKED, EventType.CONSENT_WITHDRAWN)
    assert (revoked.type, withdrawn.type) == ("session.revoked", "consent.withdrawn")
    assert told(revoked)["by_kind"] == "subject"


def test_taking_back_nothing_is_no_error_and_no_entry(asking: World) -> None:
    assert taken_back(asking) == Withdrawn(consents=0, ended=[])
    assert asking.entries(EventType.CONSENT_WITHDRAWN) == []


def test_a_session_ends_at_the_second_at_which_the_agreement_does(asking: World) -> None:
    consent = agreed(asking, days=1)
    asking.clock.forward(hours=23, minutes=50)
    opened = asking.session(minutes=30)
    assert opened.session.ends_at == consent.expires_at
    asking.clock.forward(minutes=10)
    assert asking.refresh(opened) == Fallen(session_id=opened.session.id, cause=EndCause.TIME_LIMIT)
    assert asking.ask() == Denied(rule=CONSENT_MISSING)


def test_an_agreement_that_ran_out_is_found_before_the_exchange(asking: World) -> None:
    agreed(asking, days=1)
    asking.clock.forward(hours=23, minutes=55)
    token = asking.token(asking.granted(), life=timedelta(minutes=10))
    asking.clock.forward(minutes=5)
    assert isinstance(asking.exchange(token), TokenRefused)


def test_one_that_agrees_to_less_takes_the_place_of_the_one_before(asking: World) -> None:
    agreed(asking)
    opened = asking.session(scope=Scope.FULL)
    agreed(asking, scope=Scope.READ_ONLY)
    assert asking.stored(opened).end_cause is EndCause.CONSENT_WITHDRAWN


def test_one_that_agrees_to_as_much_lets_what_runs_go_on(asking: World) -> None:
    agreed(asking)
    opened = asking.session()
    agreed(asking)
    assert asking.stored(opened).end_cause is None


def test_to_begin_to_ask_ends_what_runs_without_it(installation: World) -> None:
    opened = installation.session()
    installation.set_up_application(consent=STANDING)
    assert installation.stored(opened).end_cause is EndCause.CONSENT_WITHDRAWN


def test_to_begin_to_ask_each_time_ends_what_stands_on_a_consent_for_a_time(asking: World) -> None:
    agreed(asking)
    opened = asking.session()
    asking.set_up_application(consent=ConsentTerms(mode=ConsentMode.ASK))
    assert asking.stored(opened).end_cause is EndCause.CONSENT_WITHDRAWN


def test_the_users_of_an_organization_that_asks_are_asked(installation: World) -> None:
    installation.set_up_application(consent=ConsentTerms(organizations={"acme": "standing"}))
    assert installation.ask() == Denied(rule=CONSENT_MISSING)
    agreed(installation)
    assert installation.session().session.end_cause is None


def test_there_is_nothing_to_agree_to_where_nobody_asks(installation: World) -> None:
    with refusal_of(Conflict, "conflict", rule="consent_mode"):
        agreed(installation)


@pytest.mark.parametrize("days", [0, 11])
def test_nobody_agrees_for_longer_than_the_application_allows(asking: World, days: int) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="days"):
        agreed(asking, days=days)
    assert asking.ask() == Denied(rule=CONSENT_MISSING)


@pytest.mark.parametrize("subject_id", ["nobody", ""])
def test_nobody_agrees_who_is_no_user(asking: World, subject_id: str) -> None:
    with refusal_of(NotFound, "not_found"):
        agreed(asking, subject_id)
