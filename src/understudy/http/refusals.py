"""What people are told when a rule refuses: what it was, and who can do something about it."""

from __future__ import annotations

from understudy.core.people.permissions import Permission
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import SUBJECT_UNAVAILABLE
from understudy.errors import Refused
from understudy.http.principal import OperatorPrincipal, Principal


def refusal(rule: Rule, principal: Principal) -> Refused:
    """The error that tells ``principal`` as much about ``rule`` as they may know."""
    shown = SUBJECT_UNAVAILABLE if rule.concealed and not _may_know(principal) else rule
    return Refused(shown.explanation, rule=shown.code)


def _may_know(principal: Principal) -> bool:
    # An application keeps the directory itself.
    if isinstance(principal, OperatorPrincipal):
        return principal.may(Permission.DIRECTORY_READ)
    return True
