from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.core.factories import NOW, operator
from understudy.core.ids import GrantId, SubjectId, SubjectRef
from understudy.core.impersonation.grants import BROWSER_MARK, Grant, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import Actor

GRANT = Grant(
    id=GrantId("grt_1"),
    application_id="app_1",
    actor=Actor.from_operator(operator()),
    subject_id=SubjectId("ada"),
    subject_ref=SubjectRef("sub_1"),
    organization_id=None,
    organization_ref=None,
    reason="because it is needed",
    ticket=None,
    scope=Scope.FULL,
    minutes=30,
    status=GrantStatus.READY,
    created_at=NOW,
    expires_at=NOW,
)


@pytest.mark.parametrize(
    ("armed_for", "browser"),
    [(None, None), ("ops_1", None), (f"{BROWSER_MARK}abc", f"{BROWSER_MARK}abc")],
)
def test_a_grant_knows_the_browser_in_which_it_was_accepted_and_no_sign_in_for_one(
    armed_for: str | None, browser: str | None
) -> None:
    assert replace(GRANT, armed_for=armed_for).accepted_in == browser
