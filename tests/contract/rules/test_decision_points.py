"""A decision point of somebody else's has the last word, and only a plain yes is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import pytest

from tests.contract.rules.world import HERE, REASON, World
from tests.fixtures.decision_point import Pdp, asks, deciding, permits, refuses
from understudy.core.governance.decision_points import Unasked
from understudy.core.ids import SubjectId
from understudy.core.impersonation.endings import Proof
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Actor
from understudy.core.ports import Flow
from understudy.core.rules.governed import POLICY_FORBIDS
from understudy.core.rules.outside import DECISION_POINT_REFUSES
from understudy.core.rules.subject import SUBJECT_PROTECTED
from understudy.errors import Unavailable
from understudy.flows.applications.safeguards import change_point
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.launch import OperatorAtBrowser, launch
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.premises import why_not
from understudy.flows.impersonation.request import Granted, request
from understudy.flows.people.sign_in import signed_in
from understudy.http.outsiders import nobody_asks, run_asking

T = TypeVar("T")
NO_ADA = (
    'permit (principal, action, resource); forbid (principal, action, resource == Subject::"ada");'
)


def details(world: World, kind: EventType) -> dict[str, Any]:
    entry = world.entries(kind)[0]
    assert entry.core is not None
    return dict(entry.core["details"])  # type: ignore[arg-type]


class Asking(World):
    """A world whose flows have its decision point asked, as the service does."""

    def run(self, flow: Flow[T]) -> T:
        return run_asking(self.engine.run, flow, asks(self.engine.vault))


@pytest.fixture
def pdp() -> Iterator[Pdp]:
    with deciding() as found:
        yield found


@pytest.fixture
def asking(installation: World, pdp: Pdp) -> Asking:
    found = Asking(
        engine=installation.engine,
        clock=installation.clock,
        application=installation.application,
        secret=installation.secret,
        sam=installation.sam,
    )
    found.application = found.run(
        lambda unit: change_point(unit, found.application, pdp.point, by=SYSTEM, origin=HERE)
    )
    return found


def test_a_yes_lets_pass_and_the_entry_says_who_was_asked(asking: Asking, pdp: Pdp) -> None:
    grant = asking.granted(minutes=20, ticket="SUP-7")
    assert pdp.asked == [
        {
            "subject": {
                "type": "actor",
                "id": asking.sam.id,
                "properties": {
                    "kind": "operator",
                    "email": "sam@support.example",
                    "rank": 100,
                    "roles": ["support_manager"],
                    "groups": [],
                },
            },
            "action": {"name": "impersonate"},
            "resource": {
                "type": "user",
                "id": "ada",
                "properties": {
                    "organization_id": "acme",
                    "email": "ada@acme.example",
                    "rank": 0,
                    "roles": [],
                    "tags": [],
                },
            },
            "context": {
                "application_id": asking.application.id,
                "moment": "start",
                "reason": REASON,
                "ticket": "SUP-7",
                "minutes": 20,
                "scope": "full",
                "address": "192.0.2.1",
            },
        }
    ]
    told = details(asking, EventType.GRANT_CREATED)
    assert told["decision_point_said"] == "yes"
    opened = asking.exchange(asking.token(grant))
    assert isinstance(opened, OpenSession)
    assert pdp.asked[1]["context"]["moment"] == "continue"


def test_a_no_refuses_a_start_and_its_reason_is_in_the_log(asking: Asking, pdp: Pdp) -> None:
    pdp.decide = refuses
    assert asking.ask() == Denied(rule=DECISION_POINT_REFUSES)
    assert details(asking, EventType.GRANT_DENIED) == {
        "decision_point_said": "no",
        "decision_point_reason": "not_on_call",
    }
    pdp.decide = lambda _: {"decision": False, "context": {"reason": "Ada Lovelace is on leave"}}
    assert asking.ask("bob") == Denied(rule=DECISION_POINT_REFUSES)
    # A sentence could name somebody, and this half of an entry lasts.
    assert details(asking, EventType.GRANT_DENIED) == {"decision_point_said": "no"}


def test_it_is_asked_again_at_launch_and_exchange(asking: Asking, pdp: Pdp) -> None:
    grant, token = asking.granted(), asking.token(asking.granted("bob"))
    begun = asking.run(lambda unit: signed_in(unit, asking.sam, origin=HERE))
    assert begun is not None
    who = OperatorAtBrowser(operator=asking.sam, session=begun.session)
    pdp.decide = refuses
    launched = asking.run(lambda unit: launch(unit, grant.id, who=who, origin=HERE))
    assert launched == Denied(rule=DECISION_POINT_REFUSES)
    assert details(asking, EventType.GRANT_DENIED)["decision_point_reason"] == "not_on_call"
    assert asking.exchange(token) == TokenRefused(why="decision_point_refuses")
    assert details(asking, EventType.TOKEN_REFUSED)["decision_point_said"] == "no"
    pdp.decide = permits
    assert isinstance(asking.exchange(token), OpenSession)


def test_nobody_outside_hears_of_what_is_refused_here(asking: Asking, pdp: Pdp) -> None:
    assert asking.ask("vip") == Denied(rule=SUBJECT_PROTECTED)
    asking.set_policies(NO_ADA)
    assert asking.ask("ada") == Denied(rule=POLICY_FORBIDS)
    assert pdp.asked == []


def test_a_yes_lifts_nothing(asking: Asking, pdp: Pdp) -> None:
    asking.set_policies(NO_ADA)
    assert isinstance(asking.ask("bob"), Granted)
    assert asking.ask("ada") == Denied(rule=POLICY_FORBIDS)


def test_a_session_lives_and_ends_without_it(asking: Asking, pdp: Pdp) -> None:
    opened, other = asking.session("ada"), asking.session("bob")
    pdp.decide = refuses
    before = len(pdp.asked)
    assert isinstance(asking.refresh(opened), OpenSession)
    # By the engine alone, which could not ask.
    ended = asking.engine.run
    asking.run = ended  # type: ignore[method-assign]
    assert asking.end(opened).end_cause is EndCause.ENDED_BY_ACTOR
    asking.save_subject(id="bob", protected=True, organization_id="acme")
    assert asking.stored(other).end_cause is EndCause.SUBJECT_PROTECTED
    assert len(pdp.asked) == before


def test_what_would_be_asked_ends_nothing_where_nothing_can_be_written(
    asking: Asking, pdp: Pdp
) -> None:
    grant = asking.granted()
    before = len(pdp.asked)
    ended = asking.engine.endings.end_fallen(
        lambda unit: why_not(unit, grant, unit.latest),
        at=asking.engine.now(),
        proven=Proof.SIGN_IN,
    )
    assert not ended
    assert len(pdp.asked) == before


def test_a_door_that_cannot_ask_lets_nobody_pass(asking: Asking, pdp: Pdp) -> None:
    grants = len(asking.entries(EventType.GRANT_CREATED))
    ready = ImpersonationRequest(
        application_id=asking.application.id,
        actor=Actor.from_operator(asking.sam),
        subject_id=SubjectId("ada"),
        reason=REASON,
    )
    with pytest.raises(Unasked):
        asking.engine.run(lambda unit: request(unit, ready, origin=HERE))
    refused = run_asking(
        asking.engine.run, lambda unit: request(unit, ready, origin=HERE), nobody_asks
    )
    assert refused == Denied(rule=DECISION_POINT_REFUSES)
    told = details(asking, EventType.GRANT_DENIED)
    assert told["decision_point_said"] == "nothing"
    assert told["decision_point_fault"] == "Nobody can ask it from here."
    assert len(asking.entries(EventType.GRANT_CREATED)) == grants
    assert pdp.asked == []


def test_what_changed_while_it_thought_is_asked_anew(asking: Asking, pdp: Pdp) -> None:
    def promote(question: dict[str, Any]) -> Any:
        pdp.decide = lambda later: {
            "decision": "finance" not in later["resource"]["properties"]["roles"]
        }
        asking.save_subject(id="ada", roles=("finance",), organization_id="acme")
        return {"decision": True}

    pdp.decide = promote
    assert asking.ask() == Denied(rule=DECISION_POINT_REFUSES)
    roles = [question["resource"]["properties"]["roles"] for question in pdp.asked]
    assert roles == [[], ["finance"]]


def test_what_changes_all_the_time_is_not_asked_for_ever(asking: Asking, pdp: Pdp) -> None:
    def restless(question: dict[str, Any]) -> Any:
        asking.save_subject(
            id="ada", email=f"{len(pdp.asked)}@acme.example", organization_id="acme"
        )
        return {"decision": True}

    pdp.decide = restless
    with pytest.raises(Unavailable):
        asking.ask()
    assert len(pdp.asked) == 5
    assert not asking.entries(EventType.GRANT_CREATED)
