from __future__ import annotations

import re

import pytest

from understudy.core.notices.event_types import EventType


@pytest.mark.parametrize("type_", EventType)
def test_a_type_is_a_noun_and_what_happened_to_it(type_: EventType) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", type_)
    assert len(type_) <= 64  # what a query for entries takes
    assert type_ == type_.kind.type


def test_titles_tell_types_apart() -> None:
    titles = [type_.kind.title for type_ in EventType]
    assert len(set(titles)) == len(titles)
