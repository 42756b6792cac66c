from __future__ import annotations

import pytest

from tests.unit.core.factories import (
    application,
    ask,
    consent,
    operator,
    settings,
    snapshot,
    subject,
)
from understudy.core.governance.consents import ConsentKind, ConsentMode, ConsentTerms
from understudy.core.ids import OrganizationId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.principals import Actor
from understudy.core.rules.consent import ACTOR_FROZEN, CONSENT_MISSING
from understudy.core.rules.decision import Deny, Permit
from understudy.core.rules.policy import decide, standing
from understudy.core.rules.question import Question

ASKING = application(settings=settings(consent=ConsentTerms(mode=ConsentMode.STANDING)))


def test_nothing_is_missing_where_nobody_asks() -> None:
    assert isinstance(decide(ask(), snapshot()), Permit)


def test_a_user_who_agreed_may_be_worked_for() -> None:
    assert isinstance(decide(ask(), snapshot(application=ASKING, consent=consent())), Permit)


@pytest.mark.parametrize(
    ("agreed", "limits"),
    [
        ({"minutes": 5}, (5, Scope.FULL)),
        ({"minutes": 60}, (30, Scope.FULL)),
        ({"scope": Scope.READ_ONLY}, (30, Scope.READ_ONLY)),
    ],
)
def test_what_is_permitted_is_never_wider_than_what_was_agreed_to(
    agreed: dict[str, object], limits: tuple[int, Scope]
) -> None:
    seen = snapshot(application=ASKING, consent=consent(**agreed))
    decision = decide(ask(minutes=30, scope=Scope.FULL), seen)
    assert isinstance(decision, Permit)
    assert (decision.limits.minutes, decision.limits.scope) == limits


def test_consent_is_a_premise() -> None:
    actor = Actor.from_operator(operator())
    fallen = standing(actor, OrganizationId("acme"), snapshot(application=ASKING))
    assert fallen == Deny(rule=CONSENT_MISSING)
    assert fallen is not None
    assert fallen.end_cause is EndCause.CONSENT_WITHDRAWN


def test_an_organization_that_asks_each_time_is_not_content_with_a_standing_consent() -> None:
    terms = ConsentTerms(mode=ConsentMode.STANDING, organizations={"acme": "ask"})
    strict = application(settings=settings(consent=terms))
    assert decide(ask(), snapshot(application=strict, consent=consent())) == Deny(
        rule=CONSENT_MISSING
    )
    once = consent(kind=ConsentKind.ONCE)
    assert isinstance(decide(ask(), snapshot(application=strict, consent=once)), Permit)


def test_nobody_is_asked_in_place_of_a_user_who_is_not_there() -> None:
    question = Question(
        application=ASKING,
        actor=Actor.from_operator(operator()),
        organization_id=None,
        seen=snapshot(subject=None),
    )
    assert CONSENT_MISSING.refuses(question)
    assert not ACTOR_FROZEN.refuses(question)


def test_the_tenant_whose_terms_count_is_the_users_own() -> None:
    terms = ConsentTerms(organizations={"globex": "ask"})
    asking = application(settings=settings(consent=terms))
    seen = snapshot(application=asking, subject=subject(organization_id=OrganizationId("globex")))
    assert decide(ask(organization_id="globex"), seen) == Deny(rule=CONSENT_MISSING)
