from __future__ import annotations

from dataclasses import replace

from tests.unit.core.factories import NOW, operator
from understudy.core.ids import GrantId, SubjectId, SubjectRef
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import Actor


def test_a_grant_can_be_exchanged_only_while_ready_or_active() -> None:
    grant = Grant(
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
    exchangeable = {s for s in GrantStatus if replace(grant, status=s).exchangeable}
    assert exchangeable == {GrantStatus.READY, GrantStatus.ACTIVE}
