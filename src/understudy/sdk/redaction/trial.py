"""What rules make of a sample: what an actor would see, and which rule hid what.

By the guard's own ways of reading, each rule alone once more. Nothing of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

from understudy.core.redaction.rules import Redaction, RedactionRule
from understudy.core.redaction.rulings import rulings
from understudy.errors import Unavailable
from understudy.sdk.redaction.redacting import redacting
from understudy.sdk.redaction.unreadable import Unreadable

MEDIA = {"json": "application/json", "html": "text/html", "csv": "text/csv", "text": "text/plain"}
MOST_TOLD = 20
"""So many of what one rule hid are told."""
MOST_LETTERS = 100
"""So much of each."""

_TOKEN = re.compile(r'[^\s",:<>{}\[\]]+|\s+|.', re.DOTALL)
_SAME_AGAIN = 3
"""After so many tokens that are alike, both texts say the same again."""
_LONGEST = 400
_MOST_PUT_IN = 8


@dataclass(frozen=True, kw_only=True)
class HiddenBy:
    """What one rule hid by itself; None stands for secrets and tokens.

    ``can_be_tried`` is False where it takes what only the app has.
    """

    rule: RedactionRule | None
    hid: tuple[str, ...] = ()
    can_be_tried: bool = True


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What would be seen; None where it would be held back, as nobody can look it through."""

    shown: str | None
    by: tuple[HiddenBy, ...]


def tried(redaction: Redaction, kind: str, sample: str) -> Trial:
    """What becomes of ``sample``, an answer of a ``kind`` of ``MEDIA``."""
    each = tuple(_by(rule, kind, sample) for rule in redaction.rules)
    known = tuple(one.rule for one in each if one.can_be_tried and one.rule is not None)
    secrets = (_secrets(kind, sample),) if redaction.secrets else ()
    shown = _shown(replace(redaction, rules=known), kind, sample)
    return Trial(shown=shown, by=(*secrets, *each))


def _secrets(kind: str, sample: str) -> HiddenBy:
    return HiddenBy(rule=None, hid=_hid(Redaction(secrets=True), kind, sample))


def _by(rule: RedactionRule, kind: str, sample: str) -> HiddenBy:
    try:
        return HiddenBy(rule=rule, hid=_hid(Redaction(rules=(rule,)), kind, sample))
    except Unavailable:
        return HiddenBy(rule=rule, can_be_tried=False)


def _hid(redaction: Redaction, kind: str, sample: str) -> tuple[str, ...]:
    shown = _shown(redaction, kind, sample)
    if shown is None or shown == sample:
        return ()
    return tuple(_taken_out(sample, shown))


def _shown(redaction: Redaction, kind: str, sample: str) -> str | None:
    held_to = rulings(redaction)
    headers = [(b"content-type", MEDIA[kind].encode())]
    part = redacting(held_to, ("/",), HTTPStatus.OK, headers) if held_to is not None else None
    if part is None:
        return sample
    try:
        return part.part(sample.encode("utf-8", "replace"), more=False).decode()
    except Unreadable:
        return None


def _taken_out(before: str, after: str) -> Iterator[str]:
    """What of ``before`` something else stands for in ``after``, in order, not all of much."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    here = there = told = 0
    while here < len(old) and there < len(new) and told < MOST_TOLD:
        if old[here] == new[there]:
            here, there = here + 1, there + 1
            continue
        taken, put_in = _until_alike(old[here:], new[there:])
        text = "".join(old[here : here + taken]).strip().strip('"')
        if text:
            told += 1
            yield text[:MOST_LETTERS]
        here, there = here + taken, there + put_in


def _until_alike(old: list[str], new: list[str]) -> tuple[int, int]:
    """After how many tokens of each both are alike again; to their ends if never.

    Mostly one token was put in, or none, for whatever was taken out.
    """
    for put_in in range(_MOST_PUT_IN + 1):
        again = new[put_in : put_in + _SAME_AGAIN]
        for taken in range(0 if put_in else 1, min(len(old), _LONGEST) + 1):
            if old[taken : taken + _SAME_AGAIN] == again:
                return taken, put_in
    return len(old), len(new)
