from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from tests.unit.core.factories import application, settings
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.errors import InvalidInput
from understudy.flows.applications.texts import require_application_text

HOSTILE = "a\u202eb"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (
            {"blocked_actions": (BlockedAction(method="POST", pattern="/x", label=HOSTILE),)},
            "settings.blocked_actions.label",
        ),
        ({"role_ranks": {HOSTILE: 1}}, "settings.role_ranks"),
        (
            {"wires": {"stytch": {"rbac_roles": [{"role_id": HOSTILE}]}}},
            "settings.rbac_roles.role_id",
        ),
    ],
)
def test_what_is_new_in_the_settings_is_text_and_what_was_there_stays(
    changes: dict[str, object], field: str
) -> None:
    said = settings(**changes)
    with refusal_of(InvalidInput, "invalid_input", field=field):
        require_application_text("Shop", said)
    require_application_text("Shop", said, application(settings=said))


def test_an_applications_name_is_one_line_and_a_description_may_be_several() -> None:
    with refusal_of(InvalidInput, "invalid_input", field="name"):
        require_application_text("a\nb", settings())
    require_application_text("a\nb", settings(), application(name="a\nb"))
    roles = {"stytch": {"rbac_roles": [{"description": "a\nb", "number": 7}]}}
    require_application_text("Shop", settings(wires=roles))
