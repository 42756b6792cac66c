from __future__ import annotations

import pytest

from understudy.audit.exports.titles import title_of
from understudy.core.notices.events import EventType


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (EventType.SESSION_STARTED, "Impersonation started"),
        (EventType.APPLICATION_SECRET_ROTATED, "Application secret rotated"),
        (EventType.KEYS_ROTATED, "Keys rotated"),
    ],
)
def test_a_type_is_called_as_people_would(kind: EventType, title: str) -> None:
    assert title_of(kind) == title


def test_every_type_has_a_title_of_its_own_in_one_plain_line() -> None:
    titles = [title_of(kind) for kind in EventType]
    assert len(set(titles)) == len(titles)
    assert all(title.replace(" ", "").replace("-", "").isalpha() for title in titles)
