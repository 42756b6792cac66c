"""The answer of the rules, which can say how it came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from understudy.core.governance.policies import PolicyVerdict
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.rules.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a permitted grant is held to."""

    minutes: int
    scope: Scope
    reason: str
    ticket: str | None
    return_to: str | None


@dataclass(frozen=True, kw_only=True)
class Permit:
    """Yes, within ``limits``: none of the rules that were ``asked`` refused.

    ``breaks_glass`` says that others would have had to agree, and that the actor goes ahead.
    ``verdict`` is that of the application's policies, where it has any; limits are within it.
    """

    limits: Limits
    breaks_glass: bool = False
    asked: tuple[str, ...] = field(default=(), compare=False)
    verdict: PolicyVerdict | None = field(default=None, compare=False)
    decided_by: ClassVar[None] = None
    """No single rule permits."""


@dataclass(frozen=True, kw_only=True)
class RequireApproval:
    """Yes, within ``limits``, once ``quorum`` others agree; none of the ``asked`` rules refused."""

    limits: Limits
    quorum: int
    asked: tuple[str, ...] = field(default=(), compare=False)
    verdict: PolicyVerdict | None = field(default=None, compare=False)
    decided_by: ClassVar[None] = None
    """No single rule permits."""


@dataclass(frozen=True, kw_only=True)
class Deny:
    """No, because of ``rule``. ``asked`` are the codes of the rules up to it, in their order.

    Denials by one rule are equal, whatever was asked before. ``verdict`` is that of the policies
    where they said no.
    """

    rule: Rule
    asked: tuple[str, ...] = field(default=(), compare=False)
    verdict: PolicyVerdict | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return False

    @property
    def decided_by(self) -> str:
        """The code of the rule that said no."""
        return self.rule.code

    @property
    def end_cause(self) -> EndCause:
        """Why a session that was refused so ends; rules of the request never refuse one."""
        return self.rule.end_cause or EndCause.RULES_CHANGED


Decision = Permit | RequireApproval | Deny
