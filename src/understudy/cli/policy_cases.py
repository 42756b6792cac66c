"""Cases of policies: who would do what, and what is expected to be said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from understudy.core.governance.policies import Moment, PolicyQuestion, PolicyVerdict
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.labels import read_groups, read_tags
from understudy.core.people.permissions import Role
from understudy.core.people.principals import OPERATOR_RANK, ActorKind
from understudy.errors import InvalidInput

_ANY_DAY = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a case: a mistyped name is a fault, and not a fact less."""


class CaseActor(_Strict, frozen=True, kw_only=True):
    """Who would act."""

    id: str = "somebody"
    kind: ActorKind = ActorKind.OPERATOR
    email: str | None = None
    rank: int = OPERATOR_RANK
    roles: list[Role] = []
    groups: list[str] = []


class CaseSubject(_Strict, frozen=True, kw_only=True):
    """Whom somebody would become."""

    id: str = "anybody"
    email: str | None = None
    roles: list[str] = []
    rank: int = 0
    protected: bool = False
    tags: list[str] = []
    organization: str | None = None


class Limits(_Strict, frozen=True, kw_only=True):
    """Which limits are expected; those that are not given are not looked at."""

    minutes: int | msgspec.UnsetType | None = msgspec.UNSET
    scope: Scope | msgspec.UnsetType | None = msgspec.UNSET
    approvals: int | msgspec.UnsetType = msgspec.UNSET
    approvers: list[str] | msgspec.UnsetType = msgspec.UNSET
    unlocks: list[str] | msgspec.UnsetType = msgspec.UNSET


class Case(_Strict, frozen=True, kw_only=True):
    """One question and what is expected; ``deciding`` are names of policies."""

    name: str
    expect: Literal["permit", "forbid"]
    moment: Moment = Moment.START
    now: Annotated[datetime, msgspec.Meta(tz=True)] = _ANY_DAY
    address: str | None = None
    reason: str = "Trying what the policies say"
    ticket: str | None = None
    minutes: int = 30
    scope: Scope = Scope.FULL
    actor: CaseActor = CaseActor()
    subject: CaseSubject = CaseSubject()
    deciding: list[str] | msgspec.UnsetType = msgspec.UNSET
    limits: Limits = Limits()

    @property
    def question(self) -> PolicyQuestion:
        """What the policies are asked."""
        actor, subject = self.actor, self.subject
        return PolicyQuestion(
            moment=self.moment,
            now=self.now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_email=actor.email,
            actor_rank=actor.rank,
            actor_roles=tuple(actor.roles),
            actor_groups=read_groups(actor.groups),
            subject_id=subject.id,
            subject_email=subject.email,
            subject_roles=tuple(subject.roles),
            subject_rank=subject.rank,
            subject_protected=subject.protected,
            subject_tags=read_tags(subject.tags),
            organization_id=subject.organization,
            reason=self.reason,
            ticket=self.ticket,
            minutes=self.minutes,
            scope=self.scope,
            address=self.address,
        )

    def differences(self, verdict: PolicyVerdict) -> list[str]:
        """In which ways ``verdict`` is not what is expected; none where it is."""
        found = {
            "minutes": verdict.minutes,
            "scope": verdict.scope,
            "approvals": verdict.quorum,
            "approvers": sorted(verdict.approvers),
            "unlocks": sorted(verdict.let_through),
        }
        wanted = msgspec.structs.asdict(self.limits)
        differing = [
            f"{name} is {_shown(found[name])}, not {_shown(value)}"
            for name, value in wanted.items()
            if value is not msgspec.UNSET
            and (sorted(value) if isinstance(value, list) else value) != found[name]
        ]
        said = "permit" if verdict.permitted else "forbid"
        if said != self.expect:
            differing.insert(0, f"it is a {said}")
        if self.deciding is not msgspec.UNSET and set(self.deciding) != set(verdict.deciding):
            differing.append(f"decided by {', '.join(verdict.deciding) or 'none'}")
        return [*differing, *(verdict.faults if differing else ())]


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


class Cases(_Strict, frozen=True, kw_only=True):
    """A file of cases."""

    cases: Annotated[list[Case], msgspec.Meta(min_length=1)]


def read_cases(file: Path) -> list[Case]:
    """The cases in a file of YAML or JSON.

    :raises InvalidInput: it cannot be read, or holds something else.
    """
    try:
        return msgspec.yaml.decode(file.read_bytes(), type=Cases).cases
    except OSError as error:
        raise InvalidInput(f"{file}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"{file}: {error}") from error
