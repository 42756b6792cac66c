"""What people are told when a rule refuses: what it was, and who can do something about it."""

from __future__ import annotations

from understudy.core.people.permissions import Permission
from understudy.core.rules.policy import CONCEALED, Rule
from understudy.errors import Refused
from understudy.http.principal import OperatorPrincipal, Principal

CONCEALED_RULE = "subject_unavailable"
"""Stands for every rule in ``CONCEALED`` towards those who may not see the difference."""

TEXTS: dict[str, str] = {
    CONCEALED_RULE: "You cannot impersonate this user, or there is no such user.",
    Rule.IMPERSONATION_OFF: (
        "Impersonation is switched off for this application. "
        "An admin can switch it on under Settings."
    ),
    Rule.APPLICATION_INACTIVE: (
        "This application is disabled or unknown. An admin can enable it under Settings."
    ),
    Rule.ACTOR_INACTIVE: "The account that would act is not active. An admin can change that.",
    Rule.ACTOR_NOT_ALLOWED: (
        "Your role does not include impersonation. An admin can change roles under Team."
    ),
    Rule.ACTOR_EMAIL_IS_OPERATORS: (
        "An application cannot act in the name of an operator: the actor's e-mail address belongs "
        "to one. They can start from the dashboard themselves."
    ),
    Rule.REASON_MISSING: "Say why. The reason is kept in the audit log.",
    Rule.REASON_TOO_SHORT: (
        "The reason is too short for this application. Say what you are going to look at."
    ),
    Rule.REASON_TOO_LONG: "The reason is longer than 1,000 characters.",
    Rule.REASON_NOT_TEXT: "The reason holds characters that cannot be shown, such as controls.",
    Rule.TICKET_MISSING: "This application asks for a ticket with every impersonation.",
    Rule.TICKET_TOO_LONG: "The ticket is longer than 200 characters.",
    Rule.TICKET_NOT_TEXT: "The ticket is one line of characters that can be shown.",
    Rule.MINUTES_OUT_OF_RANGE: (
        "This application does not allow that many minutes, or the number is not at least 1. "
        "An admin can raise the limit, to 60 at most."
    ),
    Rule.SCOPE_NOT_ALLOWED: "This application does not allow that scope. An admin can change it.",
    Rule.RETURN_TO_NOT_A_PATH: "return_to must be a path of the app that begins with one slash.",
    Rule.SUBJECT_UNKNOWN: "There is no such user in this application.",
    Rule.SUBJECT_INACTIVE: "This user is disabled, and so cannot be impersonated.",
    Rule.SUBJECT_PROTECTED: (
        "This user is protected from impersonation. Whoever keeps the directory can change that."
    ),
    Rule.SUBJECT_OUTRANKS: (
        "This user's role ranks as high as yours or higher. An admin sets the ranks under Settings."
    ),
    Rule.SUBJECT_IS_ACTOR: "Nobody can impersonate themselves.",
    Rule.ORGANIZATION_MISMATCH: "This user does not belong to that organization.",
    Rule.ORGANIZATION_INACTIVE: "The user's organization is disabled.",
    Rule.NESTED: "The actor is being impersonated at the moment. Nobody can act as someone acting.",
    Rule.GRANT_CLOSED: "This grant was used up, has expired or was cancelled. Start again.",
    Rule.LAUNCH_NOT_ARMED: (
        "This launch was not started in this browser, or more than a minute ago. "
        "Open the app from the dashboard again."
    ),
}


def refusal(rule: Rule, principal: Principal) -> Refused:
    """The error that tells ``principal`` as much about ``rule`` as they may know."""
    shown = rule.value if rule not in CONCEALED or _may_know(principal) else CONCEALED_RULE
    return Refused(TEXTS[shown], rule=shown)


def explain(rule: Rule) -> str:
    """What ``rule`` means, for whoever may know."""
    return TEXTS[rule]


def _may_know(principal: Principal) -> bool:
    # An application keeps the directory itself.
    if isinstance(principal, OperatorPrincipal):
        return principal.may(Permission.DIRECTORY_READ)
    return True
