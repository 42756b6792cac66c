from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from tests.unit.core.factories import organization, subject
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.errors import InvalidInput
from understudy.flows.directory.maintain import SubjectFacts, save_subject
from understudy.flows.directory.texts import require_organization_text, require_subject_text

HOSTILE = "a\u202eb"


@pytest.mark.parametrize("field", ["id", "email", "external_id", "name"])
def test_what_is_new_about_a_user_is_text(field: str) -> None:
    wanted = subject(**{field: HOSTILE})
    with refusal_of(InvalidInput, "invalid_input", field=field):
        require_subject_text(wanted, None)
    with refusal_of(InvalidInput, "invalid_input", field=field):
        require_subject_text(wanted, subject())
    require_subject_text(wanted, wanted)


def test_a_new_role_is_text_and_one_that_was_there_stays() -> None:
    wanted = subject(roles=("member", HOSTILE))
    with refusal_of(InvalidInput, "invalid_input", field="roles"):
        require_subject_text(wanted, subject())
    with refusal_of(InvalidInput, "invalid_input", field="roles"):
        require_subject_text(wanted, None)
    require_subject_text(wanted, wanted)


@pytest.mark.parametrize("field", ["id", "slug", "external_id", "name"])
def test_what_is_new_about_an_organization_is_text(field: str) -> None:
    wanted = organization(**{field: HOSTILE})
    with refusal_of(InvalidInput, "invalid_input", field=field):
        require_organization_text(wanted, None)
    with refusal_of(InvalidInput, "invalid_input", field=field):
        require_organization_text(wanted, organization())
    require_organization_text(wanted, wanted)


def test_whoever_has_such_a_name_since_before_can_still_be_protected(installation: World) -> None:
    def before(unit: Unit) -> None:
        known = unit.subjects.get(installation.application.id, SubjectId("ada"))
        assert known is not None
        unit.subjects.save(replace(known, name=HOSTILE))

    installation.run(before)
    saved = installation.run(
        lambda unit: save_subject(
            unit,
            installation.application,
            SubjectFacts(id=SubjectId("ada"), name=HOSTILE, protected=True),
            by=SYSTEM,
            origin=HERE,
        )
    )
    assert saved.protected
