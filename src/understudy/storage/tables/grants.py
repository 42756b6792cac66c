"""Grants and impersonation tokens, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from understudy.core.governance.budgets import DAY, HOUR, OthersOfActor
from understudy.core.governance.use import GrantedOnDay
from understudy.core.ids import ActorRef, GrantId
from understudy.core.impersonation.grants import Grant, GrantStatus, ImpersonationToken
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.ports import FIRST_PAGE, Counted, GrantFilter, Page, Vault
from understudy.core.times import to_ms
from understudy.storage.database.connection import Params, Transaction
from understudy.storage.tables.driving import drive
from understudy.storage.tables.look_up import LookUp, first_found
from understudy.storage.tables.paging import after_time
from understudy.storage.tables.rows import Codec

_GRANT = Codec(Grant, flat=("actor",))
_TOKEN = Codec(ImpersonationToken)
_GRANTED = Codec(GrantedOnDay)
_OTHERS = Codec(OthersOfActor)
_BY_ID = LookUp(_GRANT, "grants_get", save="grants_save")
_BY_HASH = LookUp(_TOKEN, "impersonation_tokens_by_hash", save="impersonation_tokens_save")

_OPEN = frozenset({GrantStatus.PENDING, GrantStatus.READY, GrantStatus.ACTIVE})
_ORDER = ("subject_ref", "actor_ref", "open", "application_id")


class GrantTable:
    """Decisions."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, grant_id: GrantId) -> Grant | None:
        """The grant with this id."""
        return _BY_ID.get(self._db, grant_id)

    def search(self, where: GrantFilter, page: Page = FIRST_PAGE) -> Sequence[Grant]:
        """A page, newest first."""
        params: Params = {
            **drive(
                {
                    "application_id": where.application_id,
                    "actor_ref": where.actor_ref,
                    "subject_ref": where.subject_ref,
                    "open": "open" if where.statuses and where.statuses <= _OPEN else None,
                },
                _ORDER,
            ),
            "statuses": tuple(sorted(where.statuses)),
            "limit": page.limit,
            **after_time(page, "created_at"),
        }
        return [_GRANT.read(row) for row in self._db.all("grants_search", params)]

    def expired(self, now: datetime, limit: int) -> Sequence[Grant]:
        """Pending or ready grants whose ``expires_at`` has come, oldest first."""
        rows = self._db.all("grants_expired", {"now": to_ms(now), "limit": limit})
        return [_GRANT.read(row) for row in rows]

    def older_than(self, application_id: str, moment: datetime, page: Page) -> Sequence[Grant]:
        """Grants made before ``moment``, oldest first."""
        params: Params = {
            "application_id": application_id,
            "before": to_ms(moment),
            "limit": page.limit,
            **after_time(page, "created_at"),
        }
        return [_GRANT.read(row) for row in self._db.all("grants_older_than", params)]

    def others_of_actor(self, actor_ref: ActorRef, where: Counted) -> OthersOfActor:
        """How many distinct subjects, within an hour and a day."""
        params: Params = {
            "actor_ref": actor_ref,
            "application_id": where.application_id,
            "subject_ref": where.but,
            "since_hour": to_ms(where.now - HOUR),
            "since_day": to_ms(where.now - DAY),
        }
        (row,) = self._db.all("grants_others_of_actor", params)
        return _OTHERS.read(row)

    def granted_by_day(self, actor_ref: ActorRef, since: datetime) -> Sequence[GrantedOnDay]:
        """What somebody was granted, on each day that has something."""
        params: Params = {"actor_ref": actor_ref, "since": to_ms(since)}
        return [_GRANTED.read(row) for row in self._db.all("grants_by_day", params)]

    def subjects_of_actor(self, actor_ref: ActorRef, since: datetime) -> int:
        """How many distinct subjects that were."""
        params: Params = {"actor_ref": actor_ref, "since": to_ms(since)}
        (row,) = self._db.all("grants_subjects_of_actor", params)
        return int(row["subjects"] or 0)

    def add(self, grant: Grant) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("grants_add", _GRANT.write(grant))
        _BY_ID.added(self._db, grant)

    def save(self, grant: Grant) -> None:
        """Write what may change of it; whose it is, and when it was made, stands."""
        self._db.change("grants_save", _BY_ID.changed(self._db, grant, _BY_ID.written))
        _BY_ID.saved(self._db, grant)


class ImpersonationTokenTable:
    """Single-use tokens."""

    def __init__(self, db: Transaction, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    def by_token(self, token: str) -> ImpersonationToken | None:
        """What is known of a token, used or not."""
        return first_found(
            self.by_hash, self._vault.token_hashes(TokenPurpose.IMPERSONATION, token)
        )

    def by_hash(self, token_hash: bytes) -> ImpersonationToken | None:
        """The token that is stored as this, used or not."""
        return _BY_HASH.get(self._db, token_hash)

    def add(self, token: ImpersonationToken) -> None:
        """Insert, or refuse what exists."""
        self._db.change("impersonation_tokens_add", _TOKEN.write(token))
        _BY_HASH.added(self._db, token)

    def save(self, token: ImpersonationToken) -> None:
        """Write when it was used, by which attempt, and for which session; all else stands."""
        row = _BY_HASH.changed(self._db, token, _BY_HASH.written)
        self._db.change("impersonation_tokens_save", row)
        _BY_HASH.saved(self._db, token)

    def remove_expired(self, before: datetime) -> int:
        """Forget tokens that expired before this; answers how many."""
        return self._db.run("impersonation_tokens_remove_expired", {"before": to_ms(before)})
