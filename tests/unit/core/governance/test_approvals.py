from __future__ import annotations

from dataclasses import replace

from tests.unit.core.factories import NOW
from understudy.core.governance.approvals import Approval
from understudy.core.ids import GrantId, OperatorId

YES = Approval(
    id="apr_1",
    application_id="app_1",
    grant_id=GrantId("gra_1"),
    operator_id=OperatorId("opr_2"),
    agreed=True,
    minutes=None,
    scope=None,
    note=None,
    decided_at=NOW,
)


def test_a_yes_stands_until_it_is_taken_back() -> None:
    assert YES.stands
    assert not replace(YES, withdrawn_at=NOW).stands
    assert not replace(YES, agreed=False).stands
