"""A rule of the deny profile: what kind of harm it keeps away, and at which routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from understudy.core.impersonation.restrictions import ANY_METHOD, CHANGING, BlockedAction

UNSAFE = CHANGING
"""What changes something. A list, not "whatever is not safe": guards of every release know it."""


class Harm(StrEnum):
    """What outlives a session, or hurts, when somebody else does it in a user's name."""

    CREDENTIALS = "credentials"
    SECOND_FACTORS = "second_factors"
    EMAIL = "email"
    PAYMENT = "payment"
    EXPORT = "export"
    KEYS = "keys"
    TOKENS = "tokens"
    ROLES = "roles"
    INVITATIONS = "invitations"
    CONSENTS = "consents"
    DELETION = "deletion"

    @property
    def label(self) -> str:
        """What was blocked, in the words that people read."""
        return _LABELS[self]


_LABELS = {
    Harm.CREDENTIALS: "changing how this user signs in",
    Harm.SECOND_FACTORS: "changing the second factor",
    Harm.EMAIL: "changing the e-mail address or phone number",
    Harm.PAYMENT: "paying, or changing where money goes",
    Harm.EXPORT: "exporting data",
    Harm.KEYS: "showing or making keys",
    Harm.TOKENS: "making tokens that outlive the session",
    Harm.ROLES: "changing roles and permissions",
    Harm.INVITATIONS: "inviting people",
    Harm.CONSENTS: "giving consent to others",
    Harm.DELETION: "deleting or closing accounts",
}


@dataclass(frozen=True, kw_only=True)
class DenyRule:
    """Route patterns, as in ``BlockedAction``, that share their harm and their methods."""

    harm: Harm
    methods: tuple[str, ...]
    patterns: tuple[str, ...]

    def actions(self) -> Iterator[BlockedAction]:
        """One blocked action for each pattern and method."""
        for pattern in self.patterns:
            for method in self.methods:
                yield BlockedAction(method=method, pattern=pattern, label=self.harm.label)


def every(harm: Harm, *patterns: str) -> DenyRule:
    """Denied whatever the method: where a page alone shows too much, or a GET acts."""
    return DenyRule(harm=harm, methods=(ANY_METHOD,), patterns=patterns)


def changing(harm: Harm, *patterns: str, methods: tuple[str, ...] = UNSAFE) -> DenyRule:
    """Denied where it would change something; to look is allowed."""
    return DenyRule(harm=harm, methods=methods, patterns=patterns)
