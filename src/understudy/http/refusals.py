"""What people are told when a rule refuses: what it was, and who can do something about it."""

from __future__ import annotations

from understudy.core.people.permissions import Permission
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import SUBJECT_UNAVAILABLE
from understudy.core.text import TextFault
from understudy.errors import Refused
from understudy.http.principal import OperatorPrincipal, Principal


def refusal(rule: Rule, principal: Principal, *, fault: TextFault | None = None) -> Refused:
    """The error that tells ``principal`` as much about ``rule`` as they may know.

    ``fault`` is the character that is no text, where that was why.
    """
    shown = SUBJECT_UNAVAILABLE if rule.concealed and not _may_know(principal) else rule
    return Refused(shown.explained(fault), rule=shown.code)


def _may_know(principal: Principal) -> bool:
    # An application keeps the directory itself.
    if isinstance(principal, OperatorPrincipal):
        return principal.may(Permission.DIRECTORY_READ)
    return True
