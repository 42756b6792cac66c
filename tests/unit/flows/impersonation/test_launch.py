from __future__ import annotations

from datetime import timedelta

from tests.contract.rules.world import HERE, World, named
from tests.fixtures.refusals import refusal_of
from tests.unit.flows.at_browser import (
    at_browser,
    authorized,
    code_for,
    colleague,
    launched,
)
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import GRANT_LIFE, Grant
from understudy.core.impersonation.token_kinds import TOKEN_LIFE
from understudy.core.notices.events import EventType
from understudy.core.people.permissions import Role
from understudy.core.rules.actor import ACTOR_NOT_ALLOWED
from understudy.core.rules.grant import GRANT_CLOSED, LAUNCH_NOT_ARMED
from understudy.errors import NotFound
from understudy.flows.impersonation.denials import settle_denials
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.launch import (
    Authorized,
    HandedOver,
    OperatorAtBrowser,
    hand_over,
)
from understudy.service.table import WIRES


def test_a_launch_arms_the_grant_for_this_browser_session_for_a_minute(
    installation: World,
) -> None:
    grant, who = installation.granted(), at_browser(installation)
    armed = launched(installation, grant, who)
    assert isinstance(armed, Grant)
    assert armed.armed_for == who.session.id
    assert armed.accepted_in is None
    assert armed.armed_until == installation.clock.now + timedelta(seconds=60)
    assert len(installation.entries(EventType.GRANT_LAUNCHED)) == 1


def test_an_armed_grant_answers_once(installation: World) -> None:
    grant, who = installation.granted(), at_browser(installation)
    launched(installation, grant, who)
    answer = authorized(installation, grant, who)
    assert isinstance(answer, Authorized)
    assert answer.code.expires_at == installation.clock.now + TOKEN_LIFE
    assert answer.code.token not in repr(answer)
    assert authorized(installation, grant, who) == Denied(rule=LAUNCH_NOT_ARMED)


def test_a_launch_is_open_before_its_sixtieth_second_and_closed_at_it(
    installation: World,
) -> None:
    early, late = installation.granted("ada"), installation.granted("bob")
    who = at_browser(installation)
    for grant in (early, late):
        launched(installation, grant, who)
    installation.clock.forward(seconds=60, milliseconds=-1)
    assert isinstance(authorized(installation, early, who), Authorized)
    installation.clock.forward(milliseconds=1)
    assert authorized(installation, late, who) == Denied(rule=LAUNCH_NOT_ARMED)


def test_a_grant_that_was_never_launched_answers_nobody(installation: World) -> None:
    denied = authorized(installation, installation.granted(), at_browser(installation))
    assert denied == Denied(rule=LAUNCH_NOT_ARMED)


def test_another_browser_of_the_same_operator_gets_no_code(installation: World) -> None:
    grant, here, elsewhere = (
        installation.granted(),
        at_browser(installation),
        at_browser(installation),
    )
    launched(installation, grant, here)
    assert authorized(installation, grant, elsewhere) == Denied(rule=LAUNCH_NOT_ARMED)
    assert isinstance(authorized(installation, grant, here), Authorized)


def test_a_colleague_cannot_launch_somebody_elses_grant(installation: World) -> None:
    grant = installation.granted()
    with refusal_of(NotFound, "not_found"):
        launched(installation, grant, at_browser(installation, colleague(installation)))


def test_a_colleague_who_opens_the_link_is_refused_and_the_entry_names_them(
    installation: World,
) -> None:
    grant, kim = installation.granted(), colleague(installation)
    own = at_browser(installation)
    launched(installation, grant, own)
    denied = authorized(installation, grant, at_browser(installation, kim))
    assert denied == Denied(rule=LAUNCH_NOT_ARMED)
    entry = installation.entries(EventType.GRANT_DENIED)[0]
    assert entry.core is not None
    assert (entry.core["doer_ref"], entry.core["grant_id"]) == (kim.id, grant.id)
    assert entry.core["actor_ref"] == grant.actor.ref
    assert entry.core["rule"] == "launch_not_armed"
    assert isinstance(authorized(installation, grant, own), Authorized)


def test_a_grant_of_the_applications_actor_cannot_be_launched(installation: World) -> None:
    grant = installation.granted(actor=named())
    with refusal_of(NotFound, "not_found"):
        launched(installation, grant, at_browser(installation))


def test_another_application_gets_no_code(installation: World) -> None:
    grant, who = installation.granted(), at_browser(installation)
    launched(installation, grant, who)
    with refusal_of(NotFound, "not_found"):
        authorized(installation, grant, who, client_id=installation.other_application.id)
    assert isinstance(authorized(installation, grant, who), Authorized)


def test_a_second_launch_arms_anew_for_the_browser_that_asked(installation: World) -> None:
    grant, first, second = (
        installation.granted(),
        at_browser(installation),
        at_browser(installation),
    )
    launched(installation, grant, first)
    launched(installation, grant, second)
    assert authorized(installation, grant, first) == Denied(rule=LAUNCH_NOT_ARMED)
    assert isinstance(authorized(installation, grant, second), Authorized)


def test_a_grant_that_nobody_used_cannot_be_launched_at_the_end_of_its_life(
    installation: World,
) -> None:
    grant, who = installation.granted(), at_browser(installation)
    installation.clock.forward(seconds=GRANT_LIFE.total_seconds(), milliseconds=-1)
    assert isinstance(launched(installation, grant, who), Grant)
    installation.clock.forward(milliseconds=1)
    assert launched(installation, grant, who) == Denied(rule=GRANT_CLOSED)
    assert authorized(installation, grant, who) == Denied(rule=GRANT_CLOSED)


def test_a_premise_that_fell_since_the_launch_counts(installation: World) -> None:
    grant, who = installation.granted(), at_browser(installation)
    launched(installation, grant, who)
    installation.change_operator(roles=frozenset({Role.AUDITOR}))
    assert authorized(installation, grant, who) == Denied(rule=ACTOR_NOT_ALLOWED)
    assert launched(installation, grant, who) == Denied(rule=ACTOR_NOT_ALLOWED)
    installation.clock.forward(minutes=1)
    installation.run(settle_denials)
    assert len(installation.entries(EventType.GRANT_DENIED)) == 2


def test_an_ended_session_closes_its_grant_for_further_launches(installation: World) -> None:
    opened = installation.session()
    installation.end(opened)
    who = at_browser(installation)
    assert launched(installation, opened.grant, who) == Denied(rule=GRANT_CLOSED)


def test_a_session_that_is_idle_cannot_be_launched_anew_before_anybody_closed_it(
    installation: World,
) -> None:
    opened, who = installation.session(), at_browser(installation)
    installation.clock.forward(minutes=10)
    assert launched(installation, opened.grant, who) == Denied(rule=GRANT_CLOSED)


def test_a_code_is_not_the_grants_business_any_more(installation: World) -> None:
    grant = installation.granted()
    code_for(installation, grant)
    with installation.engine.reading() as reader:
        stored = reader.grants.get(grant.id)
    assert stored == grant


def _handed_over(world: World, grant_id: str, who: OperatorAtBrowser) -> HandedOver | Denied:
    return world.run(
        lambda unit: hand_over(
            unit, GrantId(grant_id), kind=WIRES.token_kinds["stytch"], who=who, origin=HERE
        )
    )


def test_a_hand_over_makes_a_token_of_its_wire_each_time(installation: World) -> None:
    grant, who = installation.granted(), at_browser(installation)
    first = _handed_over(installation, grant.id, who)
    second = _handed_over(installation, grant.id, who)
    assert isinstance(first, HandedOver)
    assert isinstance(second, HandedOver)
    assert first.grant == grant
    assert first.token.token != second.token.token
    assert first.token.token not in repr(first)
    assert first.token.expires_at == installation.clock.now + timedelta(seconds=300)
    launches = installation.entries(EventType.GRANT_LAUNCHED)
    assert [(entry.core or {})["details"] for entry in launches] == [{"wire": "stytch"}] * 2
    with installation.engine.reading() as reader:
        stored = reader.impersonation_tokens.by_token(first.token.token)
    assert stored is not None
    assert stored.wire == "stytch"


def test_nothing_is_handed_over_to_somebody_else_or_for_a_closed_grant(
    installation: World,
) -> None:
    grant, who = installation.granted(), at_browser(installation)
    with refusal_of(NotFound, "not_found"):
        _handed_over(installation, grant.id, at_browser(installation, colleague(installation)))
    with refusal_of(NotFound, "not_found"):
        _handed_over(installation, "grt_unknown", who)
    installation.clock.forward(seconds=GRANT_LIFE.total_seconds())
    assert _handed_over(installation, grant.id, who) == Denied(rule=GRANT_CLOSED)
    assert installation.entries(EventType.GRANT_LAUNCHED) == []
