"""Groups of those who act, and tags of those in whose accounts they do: what each is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from understudy.core.text import as_seen, require_id
from understudy.errors import InvalidInput

MOST_GROUPS = 20
GROUP_MAX_LENGTH = 50
GROUP_PATTERN = rf"^[a-z0-9](?:[a-z0-9_-]{{0,{GROUP_MAX_LENGTH - 2}}}[a-z0-9])?(?!\n)$"
MOST_TAGS = 50
TAG_MAX_LENGTH = 100

NULL_WHEN_EMPTY: Mapping[str, bool] = MappingProxyType({"null_when_empty": True})
"""Of a field that came later than its table: what has nothing in it is stored as it was before."""

_GROUP = re.compile(GROUP_PATTERN)


def is_group(name: str) -> bool:
    """Whether a group can be called so: small letters, digits, ``-`` and ``_`` between them."""
    return _GROUP.fullmatch(name) is not None


def read_groups(names: Iterable[str], field: str = "groups") -> tuple[str, ...]:
    """The groups called ``names``, in one order, each once.

    :raises InvalidInput: too many of them, or one that is no name of a group.
    """
    found = tuple(sorted(set(names)))
    if len(found) > MOST_GROUPS:
        raise InvalidInput(f"At most {MOST_GROUPS} groups.", facts={"field": field})
    if not all(map(is_group, found)):
        raise InvalidInput(
            f"The name of a group has at most {GROUP_MAX_LENGTH} small letters, digits, - and _.",
            facts={"field": field},
        )
    return found


def read_tags(names: Iterable[str], field: str = "tags") -> tuple[str, ...]:
    """The tags called ``names``, as they compare, in one order, each once.

    Whatever letters an app writes them in, they are one tag: a policy that knows only one of the
    spellings would let the others through.

    :raises InvalidInput: too many of them, or one that is no text in one line, or too long.
    """
    given = list(names)
    for name in given:
        require_id(name, field)
    found = tuple(sorted({tag for name in given if (tag := folded_tag(name))}))
    if len(found) > MOST_TAGS or any(len(tag) > TAG_MAX_LENGTH for tag in found):
        raise InvalidInput(
            f"At most {MOST_TAGS} tags of {TAG_MAX_LENGTH} characters.", facts={"field": field}
        )
    return found


def folded_tag(name: str) -> str:
    """The form in which a tag is stored, and in which policies name it."""
    return as_seen(name).casefold()
