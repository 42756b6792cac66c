from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.core.people.labels import (
    GROUP_MAX_LENGTH,
    MOST_GROUPS,
    MOST_TAGS,
    TAG_MAX_LENGTH,
    is_group,
    read_groups,
    read_tags,
)
from understudy.errors import InvalidInput


@pytest.mark.parametrize("name", ["a", "7", "billing", "second-line", "eu_west-2", "a" * 50])
def test_a_group_is_called_by_small_letters_digits_and_marks_between_them(name: str) -> None:
    assert is_group(name)
    assert read_groups([name]) == (name,)


@pytest.mark.parametrize(
    "name", ["", "Billing", "-a", "a-", "_", "two words", "a.b", "ä", "a\n", "\na", "a" * 51]
)
def test_whatever_else_names_no_group(name: str) -> None:
    assert not is_group(name)
    with refusal_of(InvalidInput, "invalid_input", field="groups"):
        read_groups([name])


def test_groups_are_few_in_one_order_and_each_once() -> None:
    assert read_groups(["b", "a", "b"]) == ("a", "b")
    most = [f"g{number}" for number in range(MOST_GROUPS)]
    assert len(read_groups(most)) == MOST_GROUPS
    with refusal_of(InvalidInput, "invalid_input", field="actor.groups"):
        read_groups([*most, "more"], "actor.groups")


@pytest.mark.parametrize("name", ["VIP", " vip", "\uff36\uff29\uff30", "vIp"])
def test_a_tag_is_one_however_an_app_writes_it(name: str) -> None:
    assert read_tags([name, "vip"]) == ("vip",)


def test_tags_are_few_short_and_text() -> None:
    most = [f"t{number}" for number in range(MOST_TAGS)]
    assert len(read_tags([*most, "  "])) == MOST_TAGS
    assert read_tags(["x" * TAG_MAX_LENGTH])
    for wrong in ([*most, "more"], ["x" * (TAG_MAX_LENGTH + 1)], ["a\u202eb"], ["a\nb"]):
        with refusal_of(InvalidInput, "invalid_input", field="tags"):
            read_tags(wrong)


def test_the_longest_name_of_a_group_is_as_long_as_is_said() -> None:
    assert GROUP_MAX_LENGTH == 50
