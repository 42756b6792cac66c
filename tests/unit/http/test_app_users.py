from __future__ import annotations

import pytest

from understudy.flows.directory.absent import ABSENT
from understudy.http.app_users import found_as
from understudy.sdk.app_users import AppUser


@pytest.mark.parametrize(("tags", "said"), [(None, ABSENT), ((), ()), (("VIP",), ("VIP",))])
def test_tags_that_an_app_does_not_mention_are_left_alone(
    tags: tuple[str, ...] | None, said: object
) -> None:
    facts = found_as("ada", AppUser(id="ada", tags=tags)).facts
    assert facts is not None
    assert facts.tags == said
    assert (facts.roles, facts.protected) == ((), False)


def test_another_user_than_who_was_asked_for_is_nobody() -> None:
    assert found_as("ada", AppUser(id="bob", tags=("vip",))).facts is None
