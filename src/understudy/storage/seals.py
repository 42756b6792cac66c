"""Codes on the rows that give power: which rows those are, and what is sealed of each.

Whoever can write to the database but lacks the installation key cannot make such a code, nor carry
one over to another row. An older row of ours, with its code, can be put back: that is found by
comparing rows with the log, and not prevented here.

NOTE: frozen. The codes are in every database, over exactly these columns in this order; to seal
another one takes another ``_VERSION``, and rows that are sealed anew by a migration. A column that
is empty in all rows of before can come ``later``, without sealing those anew.
"""

from __future__ import annotations

import hmac
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

import msgspec

from understudy.storage.macs import Mac

SEAL = "seal"
_VERSION = 1
_WITH_LATER = 2
_MOST_TOLD = 1_000
"""So many wrong rows are remembered one by one; somebody who makes more shall not fill memory."""

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]")
_SHOWN = 32

_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, kw_only=True)
class SealedTable:
    """A table whose rows are sealed over ``columns``, by the names that queries give them.

    ``key`` names a row where people are told of it, and names no person. ``later`` are columns that
    came after the codes, in the order in which they came: while the last are null the code is the
    one of before them. To a node of before, a row in which one is not null has a wrong code, and is
    as if it were not there.
    """

    name: str
    columns: tuple[str, ...]
    later: tuple[str, ...] = ()
    key: tuple[str, ...] = ("id",)

    @cached_property
    def _values_of(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        return itemgetter(*self.columns)

    def message(self, row: Mapping[str, Any]) -> bytes:
        """What the code of ``row`` is over: no two rows have the same."""
        later = _without_last_nulls([row.get(name) for name in self.later])
        if not later:
            return _encode((_VERSION, self.name, self._values_of(row)))
        return _encode((_WITH_LATER, self.name, self._values_of(row), later))

    def key_of(self, row: Mapping[str, Any]) -> str:
        """The row's name."""
        found = (row[name] for name in self.key)
        parts = (one.hex() if isinstance(one, bytes) else str(one) for one in found)
        # As an id of ours looks: the row is somebody else's work, and so may be what is in it.
        return " ".join(_NOT_IN_IDS.sub("?", one)[:_SHOWN] for one in parts)


def _without_last_nulls(values: list[Any]) -> list[Any]:
    """What was sealed before the last columns came has the same code as with nothing in them."""
    while values and values[-1] is None:
        values.pop()
    return values


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SEALED: Mapping[str, SealedTable] = {
    table.name: table
    for table in (
        SealedTable(
            name="applications",
            columns=_columns(
                "id name vertical status settings secret_hash previous_secret_hash"
                " previous_secret_expires_at created_at updated_at epoch"
            ),
            later=("freezes", "policy_version"),
        ),
        SealedTable(
            name="organizations",
            columns=_columns(
                "application_id id ref name status created_at updated_at slug external_id extra"
            ),
            key=("ref",),
        ),
        SealedTable(
            name="subjects",
            columns=_columns(
                "application_id id ref email name organization_id roles protected status"
                " created_at updated_at external_id extra"
            ),
            later=("honey_since", "tags"),
            key=("ref",),
        ),
        SealedTable(
            name="operators",
            columns=_columns("id email name roles rank status password_hash created_at updated_at"),
            later=("staff_id", "frozen_at", "groups", "taken_over_at", "taken_over_by"),
        ),
        SealedTable(
            name="operator_sessions",
            columns=_columns(
                "id operator_id token_hash created_at last_seen_at expires_at address user_agent"
            ),
            later=("confirmed_at",),
        ),
        SealedTable(
            name="invitations",
            columns=_columns("token_hash operator_id created_at expires_at used_at"),
            later=("made_by",),
            key=("operator_id", "token_hash"),
        ),
        SealedTable(
            name="grants",
            columns=_columns(
                "id application_id actor_kind actor_ref actor_id actor_email actor_name actor_rank"
                " subject_id subject_ref organization_id organization_ref reason ticket scope"
                " minutes status return_to created_at expires_at session_ends_at armed_until"
                " armed_for actor_as_given epoch"
            ),
            later=("origin", "quorum", "review_id", "marks", "actor_groups"),
        ),
        SealedTable(
            name="impersonation_tokens",
            columns=_columns(
                "token_hash grant_id application_id wire redirect_uri code_challenge created_at"
                " expires_at used_at session_id attempt"
            ),
            key=("grant_id", "token_hash"),
        ),
        SealedTable(
            name="sessions",
            columns=_columns(
                "id grant_id application_id actor_ref subject_ref organization_ref token_hash"
                " token_nonce started_at ends_at idle_limit last_active_at ended_at end_cause"
            ),
        ),
        SealedTable(
            name="legal_holds",
            columns=_columns(
                "id application_id subject_id subject_ref reason placed_by placed_at released_at"
            ),
        ),
        SealedTable(
            name="unlocks",
            columns=_columns(
                "id application_id grant_id session_id actor_ref subject_ref method fingerprint"
                " fields shown reason status asked_at expires_at decided_by decided_at spent_at"
            ),
        ),
        SealedTable(
            name="reveals",
            columns=_columns("id application_id session_id kind match path revealed_at expires_at"),
        ),
        SealedTable(
            name="approvals",
            columns=_columns(
                "id application_id grant_id operator_id agreed minutes scope note decided_at"
                " withdrawn_at"
            ),
        ),
        SealedTable(
            name="reviews",
            columns=_columns("id application_id grant_id opened_at closed_at closed_by note"),
        ),
        SealedTable(
            name="consents",
            columns=_columns(
                "id application_id subject_ref kind scope minutes given_at expires_at withdrawn_at"
                " actor_ref request_id grant_id"
            ),
        ),
        SealedTable(
            name="consent_requests",
            columns=_columns(
                "id application_id subject_id subject_ref actor_kind actor_ref actor_id actor_email"
                " actor_name actor_rank reason ticket scope minutes state created_at expires_at"
                " code_hash code_expires_at tries"
            ),
            later=("actor_groups",),
        ),
        SealedTable(
            name="code_tries",
            columns=_columns("actor_ref since wrong_today wrong"),
            key=("actor_ref",),
        ),
        SealedTable(
            name="cases",
            columns=_columns(
                "id application_id subject_id subject_ref actor_kind actor_ref actor_id actor_email"
                " actor_name actor_rank session_id kind note opened_at closed_at closed_by"
                " closing_note lifted_at"
            ),
            later=("actor_groups",),
        ),
        SealedTable(
            name="policy_sets",
            columns=_columns(
                "id application_id version text set_by set_at confirmable_at confirmed_by"
                " confirmed_at withdrawn_at"
            ),
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class WrongSeal:
    """A row that this installation did not write as it stands."""

    table: str
    key: str


class Seals:
    """Makes the codes of rows under the first of ``macs``, each with the id of its key; checks them
    under any; and remembers which were wrong until that is told.
    """

    def __init__(self, macs: Sequence[tuple[bytes, Mac]]) -> None:
        self._id, self._mac = macs[0]
        self._macs = dict(macs)
        self._id_bytes = len(self._id)
        self._lock = threading.Lock()
        self._wrong: dict[WrongSeal, bool] = {}

    def of(self, table: SealedTable, row: Mapping[str, Any]) -> bytes:
        """The code of ``row``."""
        return self._id + self._mac.of(table.message(row))

    def fits(self, table: SealedTable, row: Mapping[str, Any]) -> bool:
        """Whether ``row`` is as this installation wrote it."""
        seal = row[SEAL]
        if seal is None:
            return False
        mac = self._macs.get(seal[: self._id_bytes])
        if mac is None:
            return False
        return hmac.compare_digest(mac.of(table.message(row)), seal[self._id_bytes :])

    def accepts(self, table: SealedTable, row: Mapping[str, Any]) -> bool:
        """``fits``, and what does not is to be told."""
        if self.fits(table, row):
            return True
        found = WrongSeal(table=table.name, key=table.key_of(row))
        with self._lock:
            if len(self._wrong) < _MOST_TOLD:
                self._wrong.setdefault(found, False)
        return False

    def untold(self) -> Sequence[WrongSeal]:
        """Which wrong rows were met and not told of yet."""
        with self._lock:
            return [one for one, told in self._wrong.items() if not told]

    def told(self, wrong: Sequence[WrongSeal]) -> None:
        """These were told of; they are not told again while this process runs."""
        with self._lock:
            self._wrong.update(dict.fromkeys(wrong, True))
