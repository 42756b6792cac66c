"""What users agreed to and what they are asked, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from understudy.core.governance.consent_requests import CodeTries, ConsentRequest
from understudy.core.governance.consents import BORNE_FOR, Consent
from understudy.core.ids import ActorRef, SubjectRef
from understudy.core.times import to_ms
from understudy.storage.database.connection import Params, Transaction
from understudy.storage.tables.amending import amended, forget
from understudy.storage.tables.rows import Codec

_CONSENT = Codec(Consent)
_REQUEST = Codec(ConsentRequest, flat=("actor",))
_TRIES = Codec(CodeTries)


class ConsentTable:
    """Users' agreements."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def standing_or_used(self, subject_ref: SubjectRef, now: datetime) -> Sequence[Consent]:
        """Those not withdrawn of which something may come, or has come, newest first."""
        where: Params = {
            "subject_ref": subject_ref,
            "now": to_ms(now),
            "used_since": to_ms(now - BORNE_FOR),
        }
        return [_CONSENT.read(row) for row in self._db.all("consents_of_subject", where)]

    def add(self, consent: Consent) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("consents_add", _CONSENT.write(consent))

    def save(self, consent: Consent) -> None:
        """Write its use and its withdrawal; all else stands."""
        row = self._db.one("consents_get", {"id": consent.id})
        standing = _CONSENT.read(row) if row else None
        changed = amended(standing, consent, "withdrawn_at", "grant_id")
        self._db.change("consents_save", _CONSENT.write(changed))

    def forget(
        self, application_id: str, by: datetime, *, subject_ref: SubjectRef | None = None
    ) -> int:
        """Delete those over by this moment, with the questions of then; answers how many."""
        queries = ("consents_forget", "consent_requests_forget")
        return sum(forget(self._db, query, application_id, by, subject_ref) for query in queries)


class ConsentRequestTable:
    """What users are asked, and the codes that they read out."""

    def __init__(self, db: Transaction) -> None:
        self._db = db

    def get(self, request_id: str) -> ConsentRequest | None:
        """The question with this id."""
        row = self._db.one("consent_requests_get", {"id": request_id})
        return _REQUEST.read(row) if row else None

    def pending(self, subject_ref: SubjectRef, now: datetime) -> Sequence[ConsentRequest]:
        """Those that wait for an answer, newest first."""
        where: Params = {"subject_ref": subject_ref, "now": to_ms(now)}
        return [_REQUEST.read(row) for row in self._db.all("consent_requests_pending", where)]

    def tries_of(self, actor_ref: ActorRef) -> CodeTries | None:
        """How many wrong codes this actor has said."""
        row = self._db.one("code_tries_get", {"actor_ref": actor_ref})
        return _TRIES.read(row) if row else None

    def add(self, request: ConsentRequest) -> None:
        """Insert, or refuse an id that exists."""
        self._db.change("consent_requests_add", _REQUEST.write(request))

    def save(self, request: ConsentRequest) -> None:
        """Write its state, its code and its tries; all else stands."""
        names = ("state", "code_hash", "code_expires_at", "tries")
        changed = amended(self.get(request.id), request, *names)
        self._db.change("consent_requests_save", _REQUEST.write(changed))

    def save_tries(self, tries: CodeTries) -> None:
        """Insert or replace by actor."""
        self._db.run("code_tries_save", _TRIES.write(tries))
