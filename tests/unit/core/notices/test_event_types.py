from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from understudy.core.notices import catalogue
from understudy.core.notices.event_types import EventType
from understudy.core.notices.kinds import EventKind


@pytest.mark.parametrize("type_", EventType)
def test_a_type_is_a_noun_and_what_happened_to_it(type_: EventType) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", type_)
    assert len(type_) <= 64  # what a query for entries takes
    assert type_ == type_.kind.type


def test_titles_tell_types_apart() -> None:
    titles = [type_.kind.title for type_ in EventType]
    assert len(set(titles)) == len(titles)


def test_every_kind_of_the_catalogue_is_a_type_under_its_own_name() -> None:
    rooms = [
        import_module(f"{catalogue.__name__}.{room.name}")
        for room in iter_modules(catalogue.__path__)
    ]
    kinds = {
        name: kind
        for room in rooms
        for name, kind in vars(room).items()
        if isinstance(kind, EventKind)
    }
    assert kinds == {name: type_.kind for name, type_ in EventType.__members__.items()}


def test_a_room_of_the_catalogue_has_the_kinds_of_one_topic() -> None:
    for type_ in EventType:
        room = import_module(f"{catalogue.__name__}.{type_.kind.topic.lower()}")
        assert getattr(room, type_.name) is type_.kind
