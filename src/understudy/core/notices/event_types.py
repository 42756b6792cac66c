"""Every kind of entry that this version writes, with all that is to be known of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from understudy.core.notices.catalogue import (
    actions,
    alerts,
    applications,
    consent,
    log,
    requests,
    sessions,
    team,
    users,
    webhooks,
)
from understudy.core.notices.kinds import EventKind


class EventType(StrEnum):
    """The type of an entry, ``<noun>.<past participle>``; its ``kind`` says the rest.

    A type that somebody adds needs its kind in the catalogue and a line here. The order is that in
    which people are offered types. What is read from a log may have a type that is not here: a
    newer node wrote it (``event_sets.KINDS.of``).
    """

    kind: EventKind

    def __new__(cls, kind: EventKind) -> Self:
        """The member whose value is the type itself."""
        member = str.__new__(cls, kind.type)
        member._value_ = kind.type
        member.kind = kind
        return member

    SESSION_STARTED = sessions.SESSION_STARTED
    SESSION_ENDED = sessions.SESSION_ENDED
    SESSION_EXPIRED = sessions.SESSION_EXPIRED
    SESSION_REVOKED = sessions.SESSION_REVOKED
    SESSION_NARROWED = sessions.SESSION_NARROWED
    ENDING_LATE = sessions.ENDING_LATE
    ENDING_ORPHANED = sessions.ENDING_ORPHANED
    GRANT_CREATED = requests.GRANT_CREATED
    GRANT_REQUESTED = requests.GRANT_REQUESTED
    APPROVAL_GIVEN = requests.APPROVAL_GIVEN
    APPROVAL_REFUSED = requests.APPROVAL_REFUSED
    APPROVAL_WITHDRAWN = requests.APPROVAL_WITHDRAWN
    GLASS_BROKEN = alerts.GLASS_BROKEN
    REVIEW_CLOSED = requests.REVIEW_CLOSED
    GRANT_DENIED = requests.GRANT_DENIED
    GRANT_LAUNCHED = requests.GRANT_LAUNCHED
    GRANT_CANCELLED = requests.GRANT_CANCELLED
    GRANT_EXPIRED = requests.GRANT_EXPIRED
    ACTION_INTENDED = actions.ACTION_INTENDED
    ACTION_COMPLETED = actions.ACTION_COMPLETED
    ACTION_BLOCKED = actions.ACTION_BLOCKED
    EFFECT_HANDLED = actions.EFFECT_HANDLED
    CREDENTIAL_MINTED = actions.CREDENTIAL_MINTED
    CREDENTIAL_REVOKED = actions.CREDENTIAL_REVOKED
    UNLOCK_ASKED = requests.UNLOCK_ASKED
    UNLOCK_ALLOWED = requests.UNLOCK_ALLOWED
    UNLOCK_REFUSED = requests.UNLOCK_REFUSED
    UNLOCK_SPENT = requests.UNLOCK_SPENT
    TICKET_CLOSED = requests.TICKET_CLOSED
    HONEY_TOUCHED = alerts.HONEY_TOUCHED
    TOKEN_REFUSED = alerts.TOKEN_REFUSED
    TOKEN_REPLAYED = alerts.TOKEN_REPLAYED
    ROW_FORGED = alerts.ROW_FORGED
    OPERATOR_INVITED = team.OPERATOR_INVITED
    OPERATOR_JOINED = team.OPERATOR_JOINED
    OPERATOR_TAKEN_OVER = team.OPERATOR_TAKEN_OVER
    OPERATOR_OWNER_CONFIRMED = team.OPERATOR_OWNER_CONFIRMED
    OPERATOR_DISOWNED = team.OPERATOR_DISOWNED
    OPERATOR_UPDATED = team.OPERATOR_UPDATED
    OPERATOR_DISABLED = team.OPERATOR_DISABLED
    OPERATOR_ENABLED = team.OPERATOR_ENABLED
    OPERATOR_SIGNED_IN = team.OPERATOR_SIGNED_IN
    OPERATOR_SIGNED_OUT = team.OPERATOR_SIGNED_OUT
    OPERATOR_SIGN_IN_FAILED = team.OPERATOR_SIGN_IN_FAILED
    OPERATOR_CONFIRMED = team.OPERATOR_CONFIRMED
    OPERATOR_PASSWORD_CHANGED = team.OPERATOR_PASSWORD_CHANGED
    APPLICATION_CREATED = applications.APPLICATION_CREATED
    APPLICATION_UPDATED = applications.APPLICATION_UPDATED
    APPLICATION_DISABLED = applications.APPLICATION_DISABLED
    APPLICATION_SECRET_ROTATED = applications.APPLICATION_SECRET_ROTATED
    POLICIES_PROPOSED = applications.POLICIES_PROPOSED
    POLICIES_CHANGED = applications.POLICIES_CHANGED
    POLICIES_WITHDRAWN = applications.POLICIES_WITHDRAWN
    TICKET_HOOK_SET = applications.TICKET_HOOK_SET
    TICKET_HOOK_REMOVED = applications.TICKET_HOOK_REMOVED
    WEBHOOK_CREATED = webhooks.WEBHOOK_CREATED
    WEBHOOK_UPDATED = webhooks.WEBHOOK_UPDATED
    WEBHOOK_DISABLED = webhooks.WEBHOOK_DISABLED
    WEBHOOK_DELETED = webhooks.WEBHOOK_DELETED
    WEBHOOK_REPLAYED = webhooks.WEBHOOK_REPLAYED
    WEBHOOK_SECRET_ROTATED = webhooks.WEBHOOK_SECRET_ROTATED
    MAIL_SERVER_SET = webhooks.MAIL_SERVER_SET
    MAIL_SERVER_REMOVED = webhooks.MAIL_SERVER_REMOVED
    SUBJECTS_IMPORTED = users.SUBJECTS_IMPORTED
    SUBJECTS_READ = alerts.SUBJECTS_READ
    SUBJECTS_OPENED = alerts.SUBJECTS_OPENED
    SUBJECT_SAVED = users.SUBJECT_SAVED
    SUBJECT_UNPROTECTED = users.SUBJECT_UNPROTECTED
    HONEY_SET = users.HONEY_SET
    HONEY_LIFTED = users.HONEY_LIFTED
    SUBJECT_DELETED = users.SUBJECT_DELETED
    CONSENT_GIVEN = consent.CONSENT_GIVEN
    CONSENT_WITHDRAWN = consent.CONSENT_WITHDRAWN
    CONSENT_ASKED = consent.CONSENT_ASKED
    CONSENT_DECLINED = consent.CONSENT_DECLINED
    CONSENT_REFUSED = consent.CONSENT_REFUSED
    CODE_MADE = consent.CODE_MADE
    SUBJECT_TOLD = consent.SUBJECT_TOLD
    CASE_OPENED = alerts.CASE_OPENED
    CASE_CLOSED = consent.CASE_CLOSED
    ORGANIZATION_SAVED = users.ORGANIZATION_SAVED
    ORGANIZATION_DELETED = users.ORGANIZATION_DELETED
    HOLD_PLACED = log.HOLD_PLACED
    HOLD_RELEASED = log.HOLD_RELEASED
    INSTALLATION_CREATED = log.INSTALLATION_CREATED
    KEYS_ROTATED = log.KEYS_ROTATED
    CLOCK_LEAPT = alerts.CLOCK_LEAPT
    CLOCK_RETURNED = log.CLOCK_RETURNED
    CLOCK_ADOPTED = alerts.CLOCK_ADOPTED
    CLOCK_CONFIRMED = log.CLOCK_CONFIRMED
    AUDIT_EXPORTED = log.AUDIT_EXPORTED
    AUDIT_ERASED = log.AUDIT_ERASED
