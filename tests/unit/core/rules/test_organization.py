from __future__ import annotations

from typing import Any

import pytest

from tests.unit.core.factories import application, named_actor, organization, snapshot, subject
from understudy.core.ids import OrganizationId
from understudy.core.people.principals import Status
from understudy.core.rules.organization import ORGANIZATION_INACTIVE, ORGANIZATION_MISMATCH
from understudy.core.rules.question import Question


def _question(organization_id: str | None, **seen: Any) -> Question:
    return Question(
        application=application(),
        actor=named_actor(),
        organization_id=None if organization_id is None else OrganizationId(organization_id),
        seen=snapshot(**seen),
    )


@pytest.mark.parametrize(("asked", "belongs"), [("acme", "globex"), (None, "acme"), ("acme", None)])
def test_a_user_is_reached_within_their_own_organization_only(
    asked: str | None, belongs: str | None
) -> None:
    seen = subject(organization_id=belongs)
    assert ORGANIZATION_MISMATCH.refuses(_question(asked, subject=seen))
    assert not ORGANIZATION_MISMATCH.refuses(_question(belongs, subject=seen))


@pytest.mark.parametrize("status", [Status.DISABLED, Status.DELETED])
def test_an_organization_works_while_it_is_active(status: Status) -> None:
    stopped = _question("acme", organization=organization(status=status))
    assert ORGANIZATION_INACTIVE.refuses(stopped)
    assert not ORGANIZATION_INACTIVE.refuses(_question("acme"))


def test_a_user_without_an_organization_needs_none() -> None:
    assert not ORGANIZATION_INACTIVE.refuses(_question(None, organization=None))
