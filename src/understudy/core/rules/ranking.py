"""How high a user's roles rank: the one place that reads what a role says.

Roles are stored whole, as the application gave them. Apps put several into one text, in their own
letters, and some platforms write `org:` before them; an admin's ranks mean all of these alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from understudy.core.text import as_seen

_PREFIX = "org:"
# Brackets and quotes too: lists as databases and languages other than JSON write them.
_SEPARATORS = re.compile(r"[,;|\[\]{}\"'\r\n\t]+")
_MOST_DEEP = 4


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The highest ``rank`` among somebody's roles, and what of them is ``unranked``, as named."""

    rank: int
    unranked: tuple[str, ...]


def standing_of(roles: Iterable[str], ranks: Mapping[str, int]) -> Standing:
    """Where somebody with ``roles`` stands; without any they rank 0, and nothing is unranked.

    A role that is ranked whole has that rank; else it has the highest among its parts.
    """
    known = _index(tuple(ranks.items()))
    found = [part for role in roles for part in _judged(role, known)]
    return Standing(
        rank=max((known[part] for part in found if part in known), default=0),
        unranked=tuple(dict.fromkeys(part for part in found if part not in known)),
    )


def rank_of(roles: Iterable[str], ranks: Mapping[str, int]) -> int:
    """The highest rank among ``roles``; what has none counts 0."""
    return standing_of(roles, ranks).rank


def is_ranked(role: str, ranks: Mapping[str, int]) -> bool:
    """Whether every part of ``role`` has a rank."""
    return not standing_of((role,), ranks).unranked


def _judged(role: str, known: Mapping[str, int]) -> Iterator[str]:
    """The names in ``role``, no finer than needed: a name that holds a space may be ranked."""
    whole = _folded(role)
    if whole in known:
        yield whole
        return
    for part in _parts(role):
        if part in known:
            yield part
        else:
            yield from _words(part)


@lru_cache(maxsize=4096)
def _parts(role: str) -> tuple[str, ...]:
    return tuple(_names(_listed(role, _MOST_DEEP)))


@lru_cache(maxsize=4096)
def _words(part: str) -> tuple[str, ...]:
    return tuple(_names(part.split()))


@lru_cache(maxsize=256)
def _index(ranks: tuple[tuple[str, int], ...]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for role, rank in ranks:
        name = _folded(role)
        # Two spellings of one role: the higher one keeps more people out of reach.
        found[name] = max(rank, found.get(name, rank))
    return found


def _listed(role: str, deep: int) -> Iterator[str]:
    """The texts in a JSON list, with their escapes read; else what stands between separators."""
    if deep and role.lstrip().startswith("["):
        try:
            members = json.loads(role)
        except (ValueError, RecursionError):
            members = None
        if isinstance(members, list):
            for member in members:
                yield from _listed(member if isinstance(member, str) else str(member), deep - 1)
            return
    yield from _SEPARATORS.split(role)


def _names(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        name = _folded(text)
        if any(char.isalnum() for char in name):
            yield name


def _folded(text: str) -> str:
    return as_seen(text).casefold().removeprefix(_PREFIX).strip()
