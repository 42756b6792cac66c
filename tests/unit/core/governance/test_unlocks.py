from __future__ import annotations

from datetime import timedelta

from tests.unit.core.factories import NOW
from understudy.core.governance.unlocks import Unlock, UnlockStatus
from understudy.core.ids import ActorRef, GrantId, SessionId, SubjectRef


def test_a_change_stands_until_its_time_is_over() -> None:
    one = Unlock(
        id="unl_1",
        application_id="app_1",
        grant_id=GrantId("gra_1"),
        session_id=SessionId("ses_1"),
        actor_ref=ActorRef("opr_1"),
        subject_ref=SubjectRef("sub_1"),
        method="POST",
        fingerprint=b"f",
        fields={},
        reason="Her plan is the wrong one",
        status=UnlockStatus.ASKED,
        asked_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )
    assert one.stands(NOW)
    assert not one.stands(one.expires_at)
