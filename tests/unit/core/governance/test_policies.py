from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.core.factories import NOW
from understudy.core.governance.policies import NOT_THERE, PolicySet, PolicyVerdict, unseen_in
from understudy.core.impersonation.restrictions import Scope
from understudy.core.ports import NoJudge

SET = PolicySet(
    id="pol_1",
    application_id="app_1",
    version=1,
    text="permit",
    set_by="opr_1",
    set_at=NOW,
    confirmable_at=NOW,
)


def test_policies_wait_until_they_are_confirmed_or_withdrawn() -> None:
    assert SET.is_open
    assert not replace(SET, confirmed_by="opr_2", confirmed_at=NOW).is_open
    assert not replace(SET, withdrawn_at=NOW).is_open


def test_a_verdict_makes_nothing_wider() -> None:
    loose = PolicyVerdict(permitted=True)
    assert (loose.minutes_within(30), loose.scope_within(Scope.FULL)) == (30, Scope.FULL)
    strict = PolicyVerdict(permitted=True, minutes=10, scope=Scope.READ_ONLY)
    assert (strict.minutes_within(30), strict.minutes_within(5)) == (10, 5)
    assert strict.scope_within(Scope.FULL) is Scope.READ_ONLY
    full = PolicyVerdict(permitted=True, scope=Scope.FULL)
    assert full.scope_within(Scope.READ_ONLY) is Scope.READ_ONLY


def test_what_is_not_there_forbids() -> None:
    assert not NOT_THERE.permitted


def test_where_nobody_reads_policies_none_is_sound_and_all_forbid() -> None:
    judge = NoJudge()
    assert judge.default_text == ""
    (fault,) = judge.check("permit (principal, action, resource);")
    verdict = judge.judge(SET, None)  # type: ignore[arg-type]
    assert (verdict.permitted, verdict.faults) == (False, (fault.message,))


@pytest.mark.parametrize(
    ("unlocks", "through"),
    [
        ((), False),
        ((("POST /notes",),), True),
        ((("PUT /notes", "POST /notes"),), True),
        ((("POST /notes",), ("POST /notes/**",)), True),
        ((("POST /notes",), ("POST /plans",)), False),
        ((("PUT /notes",),), False),
        ((("no route",),), False),
        (((),), False),
    ],
)
def test_a_change_goes_through_where_all_that_permit_name_it(
    unlocks: tuple[tuple[str, ...], ...], through: bool
) -> None:
    verdict = PolicyVerdict(permitted=True, unlocks=unlocks)
    assert verdict.lets_through("POST", "/notes") is through
    assert not replace(verdict, permitted=False).lets_through("POST", "/notes")


def test_routes_at_which_all_that_permit_let_a_change_through_are_told() -> None:
    verdict = PolicyVerdict(
        permitted=True,
        unlocks=(
            ("POST /notes/{id}", "PUT /orders/**", "POST /plans", "PUT /a/**", "PUT /caf%C3%A9"),
            (
                "POST /notes/**",
                "PUT /orders/7/note",
                "POST /seats",
                "PUT /a/{rest:path}",
                "PUT /café",
            ),
        ),
    )
    assert verdict.let_through == (
        "POST /notes/{id}",
        "PUT /caf%C3%A9",
        "PUT /orders/7/note",
        "PUT /a/{rest:path}",
        "PUT /café",
    )
    assert PolicyVerdict(permitted=True).let_through == ()


def test_what_readers_do_not_see_is_found_with_its_line() -> None:
    assert unseen_in("permit (principal,\taction,\r\n  resource);\n") is None
    found = unseen_in("// a comment\n// ends here\u2028forbid (principal, action, resource);")
    assert found is not None
    assert found.line == 2
