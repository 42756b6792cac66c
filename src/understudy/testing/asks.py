"""What a fake service makes of impersonation requests: the product's own rules judge them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import ActorRef, SubjectId, SubjectRef
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.people.principals import Actor, ActorKind, Status, Subject
from understudy.core.rules.approval import APPROVAL_MISSING
from understudy.core.rules.decision import Deny, Limits, RequireApproval
from understudy.core.rules.policy import decide
from understudy.core.rules.question import Snapshot
from understudy.errors import Refused
from understudy.sdk.asks import WAITS, Ask

APPLICATION_ID = "app_test"


class Asks:
    """Judges what is asked for. Until a test names a user, everybody exists; then only those do."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._users: dict[str, Subject] = {}
        self.settings = ApplicationSettings(impersonation_allowed=True, role_ranks={"owner": 100})

    def name(
        self,
        subject_id: str,
        *,
        email: str | None,
        name: str | None,
        roles: Sequence[str],
        protected: bool,
        disabled: bool,
    ) -> None:
        """Somebody who exists from now on."""
        self._users[subject_id] = replace(
            self._anybody(subject_id),
            email=email,
            name=name,
            roles=tuple(roles),
            protected=protected,
            status=Status.DISABLED if disabled else Status.ACTIVE,
        )

    def judged(self, ask: Ask, *, actor_is_impersonated: bool) -> tuple[Subject, Limits]:
        """Whom it is about, and how far it goes.

        :raises Refused: a rule says no, or others have to agree.
        """
        subject = self._users.get(ask.subject_id)
        if subject is None and not self._users:
            subject = self._anybody(ask.subject_id)
        snapshot = Snapshot(
            application=self._application(),
            subject=subject,
            actor_is_impersonated=actor_is_impersonated,
        )
        decision = decide(_request(ask), snapshot)
        if isinstance(decision, Deny):
            raise Refused(decision.rule.explanation, rule=decision.rule.code)
        if isinstance(decision, RequireApproval):
            raise Refused(WAITS, rule=APPROVAL_MISSING.code)
        if subject is None:  # decide() never permits that
            raise Refused(rule="subject_unknown")
        return subject, decision.limits

    def _anybody(self, subject_id: str) -> Subject:
        return Subject(
            application_id=APPLICATION_ID,
            id=SubjectId(subject_id),
            ref=SubjectRef(f"sub_{subject_id}"),
            email=None,
            name=None,
            organization_id=None,
            roles=(),
            protected=False,
            status=Status.ACTIVE,
            created_at=self._clock(),
            updated_at=self._clock(),
        )

    def _application(self) -> Application:
        return Application(
            id=APPLICATION_ID,
            name="Test",
            vertical=Vertical.CONSUMER,
            status=Status.ACTIVE,
            settings=self.settings,
            secret_hash=b"",
            created_at=self._clock(),
            updated_at=self._clock(),
        )


def _request(ask: Ask) -> ImpersonationRequest:
    actor = ask.actor
    return ImpersonationRequest(
        application_id=APPLICATION_ID,
        actor=Actor(
            kind=ActorKind.NAMED_BY_APPLICATION,
            ref=ActorRef(f"act_{actor.id}"),
            id=actor.id,
            email=actor.email,
            name=actor.name,
            groups=actor.groups,
        ),
        subject_id=SubjectId(ask.subject_id),
        reason=ask.reason,
        ticket=ask.ticket,
        minutes=ask.minutes,
        scope=ask.scope,
    )
