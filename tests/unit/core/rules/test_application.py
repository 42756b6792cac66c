from __future__ import annotations

from typing import Any

import pytest

from tests.unit.core.factories import application, named_actor, settings, snapshot
from understudy.core.ids import OrganizationId
from understudy.core.people.principals import Status
from understudy.core.rules.application import APPLICATION_INACTIVE, IMPERSONATION_OFF
from understudy.core.rules.question import Question


def _question(**changes: Any) -> Question:
    return Question(
        application=application(**changes),
        actor=named_actor(),
        organization_id=OrganizationId("acme"),
        seen=snapshot(),
    )


@pytest.mark.parametrize("status", [Status.DISABLED, Status.DELETED])
def test_nobody_works_in_an_application_that_is_not_active(status: Status) -> None:
    assert APPLICATION_INACTIVE.refuses(_question(status=status))
    assert not APPLICATION_INACTIVE.refuses(_question())


def test_impersonation_is_off_until_an_admin_turns_it_on() -> None:
    assert IMPERSONATION_OFF.refuses(_question(settings=settings(impersonation_allowed=False)))
    assert not IMPERSONATION_OFF.refuses(_question())


def test_a_scope_that_only_a_newer_node_knows_turns_impersonation_off() -> None:
    assert IMPERSONATION_OFF.refuses(_question(settings=settings(default_scope="masked")))
