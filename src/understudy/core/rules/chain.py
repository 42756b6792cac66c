"""The rules that no setting may break, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from understudy.core.rules.actor import (
    ACTOR_EMAIL_IS_OPERATORS,
    ACTOR_INACTIVE,
    ACTOR_NOT_ALLOWED,
    NESTED,
)
from understudy.core.rules.application import APPLICATION_INACTIVE, IMPERSONATION_OFF
from understudy.core.rules.approval import (
    APPROVAL_MISSING,
    APPROVAL_REQUIRED,
    APPROVER_IS_ACTOR,
    APPROVER_IS_SUBJECT,
    APPROVER_NOT_ALLOWED,
    BREAK_GLASS_NOT_ALLOWED,
)
from understudy.core.rules.consent import ACTOR_FROZEN, CONSENT_MISSING
from understudy.core.rules.governed import POLICY_FORBIDS
from understudy.core.rules.grant import GRANT_CLOSED, GRANT_OUTDATED, LAUNCH_NOT_ARMED
from understudy.core.rules.insider import SUBJECT_IS_COLLEAGUE, SUBJECT_IS_HONEY
from understudy.core.rules.organization import ORGANIZATION_INACTIVE, ORGANIZATION_MISMATCH
from understudy.core.rules.outside import DECISION_POINT_REFUSES
from understudy.core.rules.request import (
    MINUTES_OUT_OF_RANGE,
    REASON_MISSING,
    REASON_NOT_TEXT,
    REASON_TOO_LONG,
    REASON_TOO_SHORT,
    RETURN_TO_NOT_A_PATH,
    SCOPE_NOT_ALLOWED,
    TICKET_MISSING,
    TICKET_NOT_TEXT,
    TICKET_TOO_LONG,
)
from understudy.core.rules.reveal import REVEAL_RULES
from understudy.core.rules.rule import Rule
from understudy.core.rules.subject import (
    SUBJECT_INACTIVE,
    SUBJECT_IS_ACTOR,
    SUBJECT_OUTRANKS,
    SUBJECT_PROTECTED,
    SUBJECT_UNAVAILABLE,
    SUBJECT_UNKNOWN,
    SUBJECT_UNRANKED,
)
from understudy.core.rules.token import (
    TOKEN_EXPIRED,
    TOKEN_FOREIGN,
    TOKEN_NOT_BOUND,
    TOKEN_REDACTION_UNSUPPORTED,
    TOKEN_REPLAYED,
    TOKEN_UNKNOWN,
    TOKEN_WRONG_WIRE,
)
from understudy.core.rules.unlock import UNLOCK_RULES


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Rules in their order; the first that refuses decides.

    ``premises`` are those that a live session goes on standing on. ``elsewhere`` are rules that
    flows apply themselves. ``codes`` is what a permit was asked.

    :raises ValueError: two rules with one code.
    """

    rules: tuple[Rule, ...]
    elsewhere: tuple[Rule, ...] = ()
    premises: tuple[Rule, ...] = field(init=False)
    codes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Sort out once what every decision would have to."""
        codes = tuple(rule.code for rule in self.rules)
        if len({rule.code for rule in self.all}) != len(self.all):
            raise ValueError("two rules have one code")
        object.__setattr__(self, "codes", codes)
        object.__setattr__(
            self, "premises", tuple(rule for rule in self.rules if rule.end_cause is not None)
        )

    @property
    def all(self) -> tuple[Rule, ...]:
        """Every rule that can refuse anything."""
        return self.rules + self.elsewhere


RULES = Chain(
    rules=(
        # Where first: while it is switched off, nothing else is anybody's business.
        APPLICATION_INACTIVE,
        IMPERSONATION_OFF,
        # Then who: whoever may not impersonate learns nothing by varying what they ask for.
        ACTOR_INACTIVE,
        ACTOR_NOT_ALLOWED,
        ACTOR_EMAIL_IS_OPERATORS,
        NESTED,
        ACTOR_FROZEN,
        # Then what for, so that a slip in the form is told before anything is of the user. A
        # missing text is told as missing, not as too short; one with controls in it before its
        # length, which they would falsify.
        REASON_MISSING,
        REASON_NOT_TEXT,
        REASON_TOO_LONG,
        REASON_TOO_SHORT,
        TICKET_MISSING,
        TICKET_NOT_TEXT,
        TICKET_TOO_LONG,
        MINUTES_OUT_OF_RANGE,
        SCOPE_NOT_ALLOWED,
        RETURN_TO_NOT_A_PATH,
        BREAK_GLASS_NOT_ALLOWED,
        # Whom last. Being oneself comes before protection: no admin can lift it.
        # A honey user's alarm is for whoever would have got in but for it, and for others as well.
        SUBJECT_IS_HONEY,
        SUBJECT_UNKNOWN,
        SUBJECT_INACTIVE,
        SUBJECT_IS_ACTOR,
        SUBJECT_PROTECTED,
        SUBJECT_OUTRANKS,
        SUBJECT_UNRANKED,
        SUBJECT_IS_COLLEAGUE,
        ORGANIZATION_MISMATCH,
        ORGANIZATION_INACTIVE,
        # Behind all that no agreement would mend.
        CONSENT_MISSING,
        # Behind all that no setting may break: what admins wrote decides among what is left.
        POLICY_FORBIDS,
        # Last, so that nobody outside is asked about what is refused here anyhow.
        DECISION_POINT_REFUSES,
    ),
    elsewhere=(
        GRANT_CLOSED,
        GRANT_OUTDATED,
        LAUNCH_NOT_ARMED,
        TOKEN_UNKNOWN,
        TOKEN_FOREIGN,
        TOKEN_EXPIRED,
        TOKEN_REPLAYED,
        TOKEN_WRONG_WIRE,
        TOKEN_REDACTION_UNSUPPORTED,
        TOKEN_NOT_BOUND,
        SUBJECT_UNAVAILABLE,
        *UNLOCK_RULES,
        *REVEAL_RULES,
        APPROVAL_MISSING,
        APPROVAL_REQUIRED,
        APPROVER_NOT_ALLOWED,
        APPROVER_IS_ACTOR,
        APPROVER_IS_SUBJECT,
    ),
)
