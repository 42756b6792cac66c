"""Policies as they are kept, and whoever can read and judge by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from understudy.core.governance.policies import (
    PolicyFault,
    PolicyQuestion,
    PolicySet,
    PolicyVerdict,
)


class Policies(Protocol):
    """Versions of applications' policies."""

    def get(self, application_id: str, version: int) -> PolicySet | None: ...
    def list(self, application_id: str) -> Sequence[PolicySet]:
        """Newest first; they are few."""
        ...

    def last_version(self, application_id: str) -> int:
        """The highest version that there is, whoever wrote its row; 0 for none."""
        ...


class WritablePolicies(Policies, Protocol):
    """`Policies` in a unit."""

    def add(self, policies: PolicySet) -> None: ...
    def save(self, policies: PolicySet) -> None:
        """Write that it was confirmed or withdrawn; all else stands."""
        ...


class PolicyJudge(Protocol):
    """Whoever can read policies. Both answers hang on nothing but what is given."""

    @property
    def default_text(self) -> str:
        """Policies under which everything is as it is without any."""
        ...

    def check(self, text: str) -> Sequence[PolicyFault]:
        """What speaks against holding to ``text``."""
        ...

    def judge(self, policies: PolicySet, question: PolicyQuestion) -> PolicyVerdict:
        """The verdict; where anything goes wrong it is no."""
        ...


class NoJudge:
    """Nobody can read policies here: none can be set, and those that are in force forbid."""

    default_text = ""

    def check(self, text: str) -> Sequence[PolicyFault]:
        """That they cannot be read."""
        return (PolicyFault(policy=None, message=_UNREAD),)

    def judge(self, policies: PolicySet, question: PolicyQuestion) -> PolicyVerdict:
        """No, as nobody knows what they say."""
        return PolicyVerdict(permitted=False, faults=(_UNREAD,))


_UNREAD = "Nobody can read policies here."
