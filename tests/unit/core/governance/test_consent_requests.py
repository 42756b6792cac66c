from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.core.factories import NOW, named_actor
from understudy.core.governance.consent_requests import (
    CODE_LIFE,
    DAY,
    MOST_WRONG,
    MOST_WRONG_A_DAY,
    REQUEST_LIFE,
    CodeTries,
    ConsentRequest,
    RequestState,
)
from understudy.core.ids import ActorRef, SubjectId, SubjectRef
from understudy.core.impersonation.restrictions import Scope

ASKED = ConsentRequest(
    id="ask_1",
    application_id="app_1",
    subject_id=SubjectId("ada"),
    subject_ref=SubjectRef("sub_1"),
    actor=named_actor(),
    reason="Cannot find the reports tab",
    ticket=None,
    scope=Scope.FULL,
    minutes=30,
    created_at=NOW,
    expires_at=NOW + REQUEST_LIFE,
)
CODED = replace(ASKED, code_hash=b"h", code_expires_at=NOW + CODE_LIFE)
TRIES = CodeTries(actor_ref=ActorRef("act_1"), since=NOW)


@pytest.mark.parametrize("state", list(RequestState))
def test_a_question_waits_until_it_is_answered_or_too_old(state: RequestState) -> None:
    one = replace(ASKED, state=state)
    assert one.is_pending(NOW) is (state is RequestState.PENDING)
    assert not one.is_pending(NOW + REQUEST_LIFE)


def test_a_code_is_taken_while_it_and_its_question_last() -> None:
    assert CODED.takes_codes(NOW)
    assert not CODED.takes_codes(NOW + CODE_LIFE)
    assert not ASKED.takes_codes(NOW)
    assert not replace(CODED, state=RequestState.DECLINED).takes_codes(NOW)


def test_wrong_codes_of_a_day_are_forgotten_with_it_and_those_in_all_are_not() -> None:
    wrong = replace(TRIES, wrong_today=MOST_WRONG_A_DAY, wrong=MOST_WRONG)
    assert wrong.spent
    assert wrong.suspicious
    assert wrong.at(NOW + DAY / 2) == wrong
    later = wrong.at(NOW + DAY)
    assert not later.spent
    assert later.suspicious
    assert later.since == NOW + DAY


def test_one_wrong_code_less_is_neither() -> None:
    few = replace(TRIES, wrong_today=MOST_WRONG_A_DAY - 1, wrong=MOST_WRONG - 1)
    assert not few.spent
    assert not few.suspicious
