"""Operators, their links and their sign-ins beside what the log says of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from understudy.core.notices.events import EventType
from understudy.core.people.principals import INVITATION_LIFE, OPERATOR_SESSION_LIFE
from understudy.core.ports.comparison import Table, Told
from understudy.flows.comparison.differences import Difference, DifferenceCode, of_row
from understudy.flows.comparison.made_rows import MadeRows

_MADE = frozenset({EventType.OPERATOR_INVITED, EventType.OPERATOR_JOINED})
_BEGINS = frozenset(
    {
        EventType.OPERATOR_SIGNED_IN,
        EventType.OPERATOR_JOINED,
        EventType.OPERATOR_PASSWORD_CHANGED,
    }
)
_ENDS_ALL = frozenset(
    {
        EventType.OPERATOR_JOINED,
        EventType.OPERATOR_PASSWORD_CHANGED,
        EventType.OPERATOR_DISABLED,
        EventType.OPERATOR_DISOWNED,
    }
)


def compare_operator(told: Iterable[Told]) -> Iterator[Difference]:
    """How one operator, their links and sign-ins differ from what the log says of them."""
    operator, links, sign_ins = _Operator(), MadeRows(Table.INVITATION), MadeRows(Table.SIGN_IN)
    for one in told:
        operator.take(one)
        _take_link(links, one)
        _take_sign_in(sign_ins, one)
    yield from operator.differences()
    yield from links.differences(longest=INVITATION_LIFE)
    yield from sign_ins.differences(longest=OPERATOR_SESSION_LIFE)


class _Operator:
    """What is said of one account, its entries in order."""

    def __init__(self) -> None:
        self._row: Told | None = None
        self._made: Told | None = None
        self._latest: Told | None = None
        self._doubted: Told | None = None

    def take(self, one: Told) -> None:
        """The row, or the next entry."""
        if one.kind == Table.OPERATOR:
            self._row = one
        if one.kind in _MADE:
            self._made = self._made or one
        if one.kind == EventType.OPERATOR_TAKEN_OVER:
            # It says what the account was before. Release 0.1 marked nothing.
            self._doubted = one if one.facts.get("actor_taken_over") else None
            return
        if one.kind == EventType.OPERATOR_OWNER_CONFIRMED:
            self._doubted = None
        if "roles" in _details(one):
            self._latest = one

    def differences(self) -> Iterator[Difference]:
        """In which ways the account is not what somebody made it."""
        row, made, latest = self._row, self._made, self._latest
        if row is None:
            if made is not None:
                yield of_row(
                    DifferenceCode.ROW_MISSING, Table.OPERATOR, made.key,
                    f"is not there; entry {made.index} ({made.kind}) tells of it",
                    index=made.index,
                )  # fmt: skip
            return
        if made is None or latest is None:
            code = DifferenceCode.ROW_UNLOGGED
            yield of_row(code, Table.OPERATOR, row.key, "was made without an entry")
            return
        said = _details(latest)
        found = (row.facts["roles"], row.facts["groups"] or "[]")
        told = (said["roles"], said.get("groups", ""), said.get("status"))
        if (*map(_listed, found), row.facts["status"]) != told:
            yield of_row(
                DifferenceCode.ROW_DIFFERS, Table.OPERATOR, row.key,
                f"has other roles or groups, or another status, than entry {latest.index} says",
                index=latest.index,
            )  # fmt: skip
        doubted = self._doubted
        if doubted is not None and row.facts["taken_over_at"] is None:
            yield of_row(
                DifferenceCode.ROW_DIFFERS, Table.OPERATOR, row.key,
                f"is not marked; entry {doubted.index} says that somebody else may have the"
                " account, and none that its owner has it",
                index=doubted.index,
            )  # fmt: skip


def _take_link(links: MadeRows, one: Told) -> None:
    if one.kind == Table.INVITATION:
        links.add(one)
    elif one.kind == EventType.OPERATOR_INVITED:
        links.end_all(one)
        links.begin(one)
    elif one.kind == EventType.OPERATOR_JOINED:
        links.end_unused(one)
    elif one.kind in (EventType.OPERATOR_DISABLED, EventType.OPERATOR_DISOWNED):
        links.end_all(one)


def _take_sign_in(sign_ins: MadeRows, one: Told) -> None:
    if one.kind == Table.SIGN_IN:
        sign_ins.add(one)
        return
    details = _details(one)
    which = details.get("sign_in")
    if one.kind in _ENDS_ALL or details.get("everywhere"):
        sign_ins.end_all(one)
    elif one.kind == EventType.OPERATOR_SIGNED_OUT and which is not None:
        sign_ins.end(one, which)
    # Release 0.1 does not say which sign-in came with an entry, nor that none did.
    if one.kind in _BEGINS and details.get("sign_in", "unsaid") is not None:
        sign_ins.begin(one, row_id=which)


def _details(one: Told) -> Mapping[str, Any]:
    return one.facts.get("details") or {}


def _listed(stored: str) -> str:
    """Roles and groups as entries say them; what is not a list of them is shown as it is."""
    try:
        return " ".join(sorted(json.loads(stored)))
    except (TypeError, ValueError):
        return stored
