"""What users agreed to, what they are asked, and what they did not agree to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from understudy.core.governance.cases import Case
from understudy.core.governance.consent_requests import CodeTries, ConsentRequest
from understudy.core.governance.consents import Consent
from understudy.core.ids import ActorRef, SessionId, SubjectRef
from understudy.core.ports.paging import FIRST_PAGE, Page


class Consents(Protocol):
    """Users' agreements."""

    def standing_or_used(self, subject_ref: SubjectRef, now: datetime) -> Sequence[Consent]:
        """Those not withdrawn of which something may come, or has come, newest first."""
        ...


class WritableConsents(Consents, Protocol):
    """`Consents` in a unit."""

    def add(self, consent: Consent) -> None: ...
    def save(self, consent: Consent) -> None:
        """Write its use and its withdrawal; all else stands."""
        ...

    def forget(
        self, application_id: str, by: datetime, *, subject_ref: SubjectRef | None = None
    ) -> int:
        """Delete those over by this moment, with the questions of then; answers how many."""
        ...


class ConsentRequests(Protocol):
    """What users are asked."""

    def get(self, request_id: str) -> ConsentRequest | None: ...
    def pending(self, subject_ref: SubjectRef, now: datetime) -> Sequence[ConsentRequest]:
        """Those that wait for an answer, newest first."""
        ...

    def tries_of(self, actor_ref: ActorRef) -> CodeTries | None: ...


class WritableConsentRequests(ConsentRequests, Protocol):
    """`ConsentRequests` in a unit."""

    def add(self, request: ConsentRequest) -> None: ...
    def save(self, request: ConsentRequest) -> None:
        """Write its state, its code and its tries; all else stands."""
        ...

    def save_tries(self, tries: CodeTries) -> None: ...


class Cases(Protocol):
    """What users did not agree to."""

    def get(self, case_id: str) -> Case | None: ...
    def search(
        self, *, only_open: bool, only_frozen: bool = False, page: Page = FIRST_PAGE
    ) -> Sequence[Case]:
        """Newest first. The sort key of a row is ``(opened_at in ms, id)``."""
        ...

    def of_session(self, actor_ref: ActorRef, session_id: SessionId) -> Case | None:
        """What its user said of this actor's session."""
        ...

    def freezes(self, actor_ref: ActorRef) -> bool:
        """Whether a case keeps this actor from starting anything.

        One that was changed from outside does.
        """
        ...


class WritableCases(Cases, Protocol):
    """`Cases` in a unit."""

    def add(self, case: Case) -> None: ...
    def save(self, case: Case) -> None:
        """Write how it was closed, and whether the freeze is lifted; all else stands."""
        ...

    def forget(
        self, application_id: str, by: datetime, *, subject_ref: SubjectRef | None = None
    ) -> int:
        """Delete those that were lifted by this moment; answers how many."""
        ...
