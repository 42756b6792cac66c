from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.storage.make import session
from tests.fixtures.endings import AT, ending
from understudy.core.impersonation.endings import OBEYED_FOR, Reach
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import Party, PartyKind

MS = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("reach", "ref"),
    [
        (Reach.SESSION, "ses_1"),
        (Reach.ACTOR, "opr_1"),
        (Reach.SUBJECT, "sub_user"),
        (Reach.APPLICATION, "app_1"),
    ],
)
def test_an_ending_covers_what_it_names_and_nothing_else(reach: Reach, ref: str) -> None:
    here = session(started_at=AT)
    assert ending(reach=reach, ref=ref).covers(here)
    assert not ending(reach=reach, ref="other").covers(here)


def test_an_ending_of_all_covers_everything() -> None:
    assert ending(reach=Reach.ALL, ref=None).covers(session(started_at=AT))


@pytest.mark.parametrize("reach", [one for one in Reach if one is not Reach.SESSION])
def test_of_many_only_those_end_that_had_started(reach: Reach) -> None:
    refs = {Reach.ACTOR: "opr_1", Reach.SUBJECT: "sub_user", Reach.APPLICATION: "app_1"}
    told = ending(reach=reach, ref=refs.get(reach))
    assert told.covers(session(started_at=AT))
    assert not told.covers(session(started_at=AT + MS))


def test_a_session_that_is_named_ends_though_its_nodes_clock_was_ahead() -> None:
    started = session(started_at=AT + timedelta(seconds=1))
    over = ending(reach=Reach.SESSION).over(started)
    assert ending(reach=Reach.SESSION).covers(started)
    assert over.ended_at == started.started_at


def test_a_limit_that_was_reached_before_wins() -> None:
    started = session(
        started_at=AT - timedelta(minutes=40),
        last_active_at=AT,
        ends_at=AT - timedelta(minutes=10),
    )
    assert ending().over(started).end_cause is EndCause.TIME_LIMIT
    assert ending().over(session(started_at=AT)).end_cause is EndCause.REVOKED


def test_an_ending_is_obeyed_for_as_long_as_a_session_can_live() -> None:
    told = ending()
    assert told.is_obeyed(AT + OBEYED_FOR - MS)
    assert not told.is_obeyed(AT + OBEYED_FOR)


def test_its_doer_is_known_by_our_own_reference() -> None:
    assert ending().doer == Party(kind=PartyKind.APPLICATION, ref="app_1")


def test_a_coarser_one_stays_within_what_the_doer_may_end() -> None:
    by_application = ending(ref="ses_7").coarser()
    assert (by_application.reach, by_application.ref) == (Reach.APPLICATION, "app_1")
    own = ending(doer_kind=PartyKind.OPERATOR, doer_ref="opr_1", cause=EndCause.ENDED_BY_ACTOR)
    assert (own.coarser().reach, own.coarser().ref) == (Reach.ACTOR, "opr_1")
    nowhere = ending(application_id=None)
    assert nowhere.coarser() == nowhere
