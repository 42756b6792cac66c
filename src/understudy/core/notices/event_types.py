"""Every kind of entry that this version writes, with all that is to be known of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from understudy.core.notices.kinds import Deed, EventKind, Tone, Topic


class EventType(StrEnum):
    """The type of an entry, ``<noun>.<past participle>``; its ``kind`` says the rest.

    A type that somebody adds needs a line here and nothing else. The order is that in which people
    are offered types. What is read from a log may have a type that is not here: a newer node wrote
    it (``event_sets.KINDS.of``).
    """

    kind: EventKind

    def __new__(cls, kind: EventKind) -> Self:
        """The member whose value is the type itself."""
        member = str.__new__(cls, kind.type)
        member._value_ = kind.type
        member.kind = kind
        return member

    SESSION_STARTED = EventKind(
        type="session.started",
        when="Somebody began to work as a user.",
        topic=Topic.SESSIONS,
        deed=Deed.BEGUN,
        title="Impersonation started",
        label="Session started",
        tone=Tone.LIVE,
        usual=True,
    )
    SESSION_ENDED = EventKind(
        type="session.ended",
        when="The actor ended the session, or launched it again.",
        topic=Topic.SESSIONS,
        deed=Deed.OVER,
        title="Impersonation ended",
        label="Session ended",
        ends_session=True,
        usual=True,
    )
    SESSION_EXPIRED = EventKind(
        type="session.expired",
        when="Time ran out, or nothing happened for too long.",
        topic=Topic.SESSIONS,
        deed=Deed.OVER,
        title="Impersonation expired",
        label="Session expired",
        ends_session=True,
        usual=True,
    )
    SESSION_REVOKED = EventKind(
        type="session.revoked",
        when="Somebody else ended it, or a premise fell.",
        topic=Topic.SESSIONS,
        deed=Deed.OVER,
        title="Impersonation revoked",
        label="Session revoked",
        tone=Tone.BAD,
        ends_session=True,
        usual=True,
    )
    SESSION_NARROWED = EventKind(
        type="session.narrowed",
        when="Settings were tightened; a session that ran is held to them.",
        topic=Topic.SESSIONS,
        deed=Deed.CHANGED,
        title="Impersonation narrowed",
        label="Session narrowed",
        usual=True,
    )
    ENDING_LATE = EventKind(
        type="ending.late",
        when="What somebody ended while the log could not be written was over by other means.",
        topic=Topic.SESSIONS,
        deed=Deed.OTHER,
        title="Impersonation ending found nothing to end",
        label="Ended again",
    )
    ENDING_ORPHANED = EventKind(
        type="ending.orphaned",
        when="A session was ended that this database does not know.",
        topic=Topic.SESSIONS,
        deed=Deed.OTHER,
        title="Impersonation ending without a session",
        label="Unknown session ended",
        tone=Tone.BAD,
    )
    GRANT_CREATED = EventKind(
        type="grant.created",
        when="Somebody may work as a user.",
        topic=Topic.REQUESTS,
        deed=Deed.CREATED,
        title="Impersonation granted",
        label="Impersonation permitted",
        tone=Tone.CALM,
        usual=True,
    )
    GRANT_REQUESTED = EventKind(
        type="grant.requested",
        when="Somebody asks to work as a user, and waits until others agree.",
        topic=Topic.REQUESTS,
        deed=Deed.CREATED,
        title="Impersonation waits for approval",
        label="Approval asked for",
        tone=Tone.CALM,
        usual=True,
    )
    APPROVAL_GIVEN = EventKind(
        type="approval.given",
        when="Somebody agreed to a request; `agreed` of `quorum` do by now.",
        topic=Topic.REQUESTS,
        deed=Deed.CHANGED,
        title="Impersonation approved",
        label="Request approved",
        tone=Tone.CALM,
        usual=True,
    )
    APPROVAL_REFUSED = EventKind(
        type="approval.refused",
        when="Somebody who was asked to agree said no.",
        topic=Topic.REQUESTS,
        deed=Deed.REFUSED,
        title="Impersonation approval refused",
        label="Request turned down",
        tone=Tone.BAD,
        usual=True,
    )
    APPROVAL_WITHDRAWN = EventKind(
        type="approval.withdrawn",
        when="Somebody took their agreement back; what came of it ended.",
        topic=Topic.REQUESTS,
        deed=Deed.REFUSED,
        title="Impersonation approval withdrawn",
        label="Approval taken back",
        tone=Tone.BAD,
        usual=True,
    )
    GLASS_BROKEN = EventKind(
        type="glass.broken",
        when="Somebody went ahead without the approval that is wanted; a review is owed.",
        topic=Topic.ALERTS,
        deed=Deed.CREATED,
        title="Impersonation without approval",
        label="Went ahead without approval",
        tone=Tone.BAD,
        alert=True,
    )
    REVIEW_CLOSED = EventKind(
        type="review.closed",
        when="Somebody else looked at what was done without approval.",
        topic=Topic.REQUESTS,
        deed=Deed.CHANGED,
        title="Impersonation reviewed",
        label="Review closed",
        tone=Tone.CALM,
        usual=True,
    )
    GRANT_DENIED = EventKind(
        type="grant.denied",
        when="A rule refused a request or a launch; `rule` says which.",
        topic=Topic.REQUESTS,
        deed=Deed.REFUSED,
        title="Impersonation denied",
        label="Impersonation refused",
        tone=Tone.BAD,
        usual=True,
    )
    GRANT_LAUNCHED = EventKind(
        type="grant.launched",
        when="An operator pressed *Launch*; the hand-off is open for 60 s.",
        topic=Topic.REQUESTS,
        deed=Deed.OTHER,
        title="Impersonation launched",
        label="App launched",
    )
    GRANT_CANCELLED = EventKind(
        type="grant.cancelled",
        when="A grant was withdrawn.",
        topic=Topic.REQUESTS,
        deed=Deed.OTHER,
        title="Impersonation cancelled",
        label="Request cancelled",
        usual=True,
    )
    GRANT_EXPIRED = EventKind(
        type="grant.expired",
        when="A grant was not used in time.",
        topic=Topic.REQUESTS,
        deed=Deed.OTHER,
        title="Impersonation grant expired",
        label="Request lapsed",
    )
    ACTION_INTENDED = EventKind(
        type="action.intended",
        when="A request that changes something is about to run.",
        topic=Topic.ACTIONS,
        deed=Deed.INTENDED,
        title="Request while impersonating begun",
        label="Change begun",
    )
    ACTION_COMPLETED = EventKind(
        type="action.completed",
        when="A request was answered; with its status and duration.",
        topic=Topic.ACTIONS,
        deed=Deed.COMPLETED,
        title="Request while impersonating",
        label="Request made",
    )
    ACTION_BLOCKED = EventKind(
        type="action.blocked",
        when="The guard refused a request; `rule` says why.",
        topic=Topic.ACTIONS,
        deed=Deed.BLOCKED,
        title="Request while impersonating blocked",
        label="Request blocked",
        tone=Tone.BAD,
    )
    UNLOCK_ASKED = EventKind(
        type="unlock.asked",
        when="An actor asked that one blocked change be allowed.",
        topic=Topic.REQUESTS,
        deed=Deed.CREATED,
        title="Change while impersonating asked for",
        label="Change asked for",
        usual=True,
    )
    UNLOCK_ALLOWED = EventKind(
        type="unlock.allowed",
        when="Somebody else allowed one blocked change, once.",
        topic=Topic.REQUESTS,
        deed=Deed.ENABLED,
        title="Change while impersonating allowed",
        label="Change allowed",
        tone=Tone.CALM,
        usual=True,
    )
    UNLOCK_REFUSED = EventKind(
        type="unlock.refused",
        when="Somebody else refused a change that was asked for.",
        topic=Topic.REQUESTS,
        deed=Deed.REFUSED,
        title="Change while impersonating refused",
        label="Change refused",
        tone=Tone.BAD,
    )
    UNLOCK_SPENT = EventKind(
        type="unlock.spent",
        when="A change that was allowed was let through to the app; it is not again.",
        topic=Topic.REQUESTS,
        deed=Deed.OTHER,
        title="Allowed change let through",
        label="Change let through",
    )
    HONEY_TOUCHED = EventKind(
        type="honey.touched",
        when="Somebody asked to work as a honey user; they were told that there is no such user.",
        topic=Topic.ALERTS,
        deed=Deed.REFUSED,
        title="Honey user touched",
        label="Honey user touched",
        tone=Tone.BAD,
        alert=True,
    )
    TOKEN_REFUSED = EventKind(
        type="token.refused",
        when="A token or code was refused; `rule` says why.",
        topic=Topic.ALERTS,
        deed=Deed.REFUSED,
        title="Impersonation token refused",
        label="Token refused",
        tone=Tone.BAD,
    )
    TOKEN_REPLAYED = EventKind(
        type="token.replayed",
        when="A token or code was used a second time.",
        topic=Topic.ALERTS,
        deed=Deed.REFUSED,
        title="Impersonation token used twice",
        label="Token used twice",
        tone=Tone.BAD,
        alert=True,
    )
    ROW_FORGED = EventKind(
        type="row.forged",
        when="Rows were not as this installation wrote them, and count as not there.",
        topic=Topic.ALERTS,
        deed=Deed.REFUSED,
        title="Database rows changed from outside",
        label="Forged rows",
        tone=Tone.BAD,
        alert=True,
    )
    OPERATOR_INVITED = EventKind(
        type="operator.invited",
        when="An operator's account was made, or a fresh link for it.",
        topic=Topic.TEAM,
        deed=Deed.CREATED,
        label="Colleague invited",
        subscribable=False,
    )
    OPERATOR_JOINED = EventKind(
        type="operator.joined",
        when=(
            "An operator used a link and set a password, or came from the login of the app that "
            "embeds Understudy for the first time."
        ),
        topic=Topic.TEAM,
        deed=Deed.CHANGED,
        label="Colleague joined",
        subscribable=False,
    )
    OPERATOR_TAKEN_OVER = EventKind(
        type="operator.taken_over",
        when="Somebody set a new password by a fresh link for an account that had an owner.",
        topic=Topic.TEAM,
        deed=Deed.CHANGED,
        label="Account taken over",
        tone=Tone.BAD,
        alert=True,
    )
    OPERATOR_UPDATED = EventKind(
        type="operator.updated",
        when="An operator's name or roles changed, or their address was freed for somebody else.",
        topic=Topic.TEAM,
        deed=Deed.CHANGED,
        label="Colleague changed",
        subscribable=False,
    )
    OPERATOR_DISABLED = EventKind(
        type="operator.disabled",
        when="An operator was taken out. Sign-ins and sessions ended.",
        topic=Topic.TEAM,
        deed=Deed.DISABLED,
        label="Colleague disabled",
        subscribable=False,
    )
    OPERATOR_ENABLED = EventKind(
        type="operator.enabled",
        when="A disabled operator may come back.",
        topic=Topic.TEAM,
        deed=Deed.ENABLED,
        label="Colleague enabled",
        subscribable=False,
    )
    OPERATOR_SIGNED_IN = EventKind(
        type="operator.signed_in",
        when="An operator signed in.",
        topic=Topic.TEAM,
        deed=Deed.SIGNED_IN,
        label="Signed in",
        subscribable=False,
    )
    OPERATOR_SIGNED_OUT = EventKind(
        type="operator.signed_out",
        when="An operator signed out, or was signed out everywhere.",
        topic=Topic.TEAM,
        deed=Deed.SIGNED_OUT,
        label="Signed out",
        subscribable=False,
    )
    OPERATOR_SIGN_IN_FAILED = EventKind(
        type="operator.sign_in_failed",
        when="A wrong password, or an address without an account.",
        topic=Topic.TEAM,
        deed=Deed.SIGNED_IN,
        title="Operator sign-in failed",
        label="Sign-in failed",
        tone=Tone.BAD,
        subscribable=False,
    )
    OPERATOR_CONFIRMED = EventKind(
        type="operator.confirmed",
        when="An operator whom the app signed in said their password again before a start.",
        topic=Topic.TEAM,
        deed=Deed.SIGNED_IN,
        label="Password confirmed",
        subscribable=False,
    )
    OPERATOR_PASSWORD_CHANGED = EventKind(
        type="operator.password_changed",
        when="An operator chose another password.",
        topic=Topic.TEAM,
        deed=Deed.CHANGED,
        label="Password changed",
        subscribable=False,
    )
    APPLICATION_CREATED = EventKind(
        type="application.created",
        when="An app was registered.",
        topic=Topic.APPLICATIONS,
        deed=Deed.CREATED,
        lasts=True,
    )
    APPLICATION_UPDATED = EventKind(
        type="application.updated",
        when="An app's name or settings changed; the new ones are in it.",
        topic=Topic.APPLICATIONS,
        deed=Deed.CHANGED,
        label="Settings changed",
        lasts=True,
    )
    APPLICATION_DISABLED = EventKind(
        type="application.disabled",
        when="An app was switched off. Its sessions ended.",
        topic=Topic.APPLICATIONS,
        deed=Deed.DISABLED,
        lasts=True,
    )
    APPLICATION_SECRET_ROTATED = EventKind(
        type="application.secret_rotated",
        when="An app got a new secret.",
        topic=Topic.APPLICATIONS,
        deed=Deed.CHANGED,
        label="Secret rotated",
        lasts=True,
    )
    POLICIES_PROPOSED = EventKind(
        type="policies.proposed",
        when="Somebody wrote other policies, which wait to be confirmed.",
        topic=Topic.APPLICATIONS,
        deed=Deed.OTHER,
        usual=True,
        lasts=True,
    )
    POLICIES_CHANGED = EventKind(
        type="policies.changed",
        when="Other policies hold in an app; the difference is in it.",
        topic=Topic.APPLICATIONS,
        deed=Deed.CHANGED,
        tone=Tone.CALM,
        usual=True,
        lasts=True,
    )
    POLICIES_WITHDRAWN = EventKind(
        type="policies.withdrawn",
        when="Policies that waited to be confirmed were withdrawn.",
        topic=Topic.APPLICATIONS,
        deed=Deed.OTHER,
        usual=True,
        lasts=True,
    )
    WEBHOOK_CREATED = EventKind(
        type="webhook.created",
        when="A URL was registered that hears of events.",
        topic=Topic.WEBHOOKS,
        deed=Deed.CREATED,
        label="Webhook added",
        lasts=True,
    )
    WEBHOOK_UPDATED = EventKind(
        type="webhook.updated",
        when="A webhook's address, format or types changed.",
        topic=Topic.WEBHOOKS,
        deed=Deed.CHANGED,
        label="Webhook changed",
        lasts=True,
    )
    WEBHOOK_DISABLED = EventKind(
        type="webhook.disabled",
        when="A webhook was switched off; by whom, or by how long it failed.",
        topic=Topic.WEBHOOKS,
        deed=Deed.DISABLED,
        tone=Tone.BAD,
        lasts=True,
    )
    WEBHOOK_DELETED = EventKind(
        type="webhook.deleted",
        when="A webhook was removed.",
        topic=Topic.WEBHOOKS,
        deed=Deed.DELETED,
        lasts=True,
    )
    WEBHOOK_REPLAYED = EventKind(
        type="webhook.replayed",
        when="An operator had a message sent to a webhook again.",
        topic=Topic.WEBHOOKS,
        deed=Deed.OTHER,
        label="Delivery sent again",
    )
    WEBHOOK_SECRET_ROTATED = EventKind(
        type="webhook.secret_rotated",
        when="A webhook got a new signing secret.",
        topic=Topic.WEBHOOKS,
        deed=Deed.CHANGED,
        lasts=True,
    )
    SUBJECTS_IMPORTED = EventKind(
        type="subjects.imported",
        when="Users were imported from a file; how many.",
        topic=Topic.USERS,
        deed=Deed.CHANGED,
        title="Users imported",
    )
    SUBJECTS_READ = EventKind(
        type="subjects.read",
        when="More users were shown to an operator within an hour than work takes; how many.",
        topic=Topic.ALERTS,
        deed=Deed.READ,
        label="Many users read",
        tone=Tone.BAD,
        alert=True,
    )
    SUBJECTS_OPENED = EventKind(
        type="subjects.opened",
        when="An operator opened more users within an hour than the settings say is usual.",
        topic=Topic.ALERTS,
        deed=Deed.READ,
        title="Many users opened",
        tone=Tone.BAD,
        alert=True,
    )
    SUBJECT_SAVED = EventKind(
        type="subject.saved",
        when="A user was made or changed.",
        topic=Topic.USERS,
        deed=Deed.CHANGED,
        title="User saved",
    )
    SUBJECT_UNPROTECTED = EventKind(
        type="subject.unprotected",
        when="A user's protection was taken away: from now on they can be impersonated.",
        topic=Topic.USERS,
        deed=Deed.CHANGED,
        title="User protection removed",
        label="Protection taken away",
        tone=Tone.BAD,
    )
    HONEY_SET = EventKind(
        type="honey.set",
        when="An admin made a user a honey user: whoever asks to work as them is an alarm.",
        topic=Topic.USERS,
        deed=Deed.CHANGED,
        title="Honey user set",
        subscribable=False,
    )
    HONEY_LIFTED = EventKind(
        type="honey.lifted",
        when="An admin made a honey user a user like others.",
        topic=Topic.USERS,
        deed=Deed.CHANGED,
        title="Honey user lifted",
        subscribable=False,
    )
    SUBJECT_DELETED = EventKind(
        type="subject.deleted",
        when="A user was deleted.",
        topic=Topic.USERS,
        deed=Deed.DELETED,
        title="User deleted",
    )
    CONSENT_GIVEN = EventKind(
        type="consent.given",
        when="A user agreed that somebody works in their account: for a time, or this once.",
        topic=Topic.CONSENT,
        deed=Deed.CREATED,
        tone=Tone.CALM,
        usual=True,
        lasts=True,
    )
    CONSENT_WITHDRAWN = EventKind(
        type="consent.withdrawn",
        when="A user took back what they had agreed to; what stood on it ended.",
        topic=Topic.CONSENT,
        deed=Deed.DELETED,
        usual=True,
        lasts=True,
    )
    CONSENT_ASKED = EventKind(
        type="consent.asked",
        when="Somebody asked a user whether they may work in their account.",
        topic=Topic.CONSENT,
        deed=Deed.CREATED,
        usual=True,
    )
    CONSENT_DECLINED = EventKind(
        type="consent.declined",
        when="A user said no.",
        topic=Topic.CONSENT,
        deed=Deed.REFUSED,
        usual=True,
    )
    CONSENT_REFUSED = EventKind(
        type="consent.refused",
        when="Somebody who is not the user tried to agree in their place, or said a wrong code.",
        topic=Topic.CONSENT,
        deed=Deed.REFUSED,
        tone=Tone.BAD,
    )
    CODE_MADE = EventKind(
        type="consent.code_made",
        when="A user was shown a code to read out to whoever asked.",
        topic=Topic.CONSENT,
        deed=Deed.OTHER,
        title="Support code made",
    )
    CASE_OPENED = EventKind(
        type="case.opened",
        when="A user had not agreed to a session, or codes were guessed; the actor is frozen.",
        topic=Topic.ALERTS,
        deed=Deed.CREATED,
        tone=Tone.BAD,
        alert=True,
        lasts=True,
    )
    CASE_CLOSED = EventKind(
        type="case.closed",
        when="An admin has looked into a case; whether the actor may work again.",
        topic=Topic.CONSENT,
        deed=Deed.CHANGED,
        usual=True,
        lasts=True,
    )
    ORGANIZATION_SAVED = EventKind(
        type="organization.saved",
        when="An organization was made or changed.",
        topic=Topic.USERS,
        deed=Deed.CHANGED,
    )
    ORGANIZATION_DELETED = EventKind(
        type="organization.deleted",
        when="An organization was deleted.",
        topic=Topic.USERS,
        deed=Deed.DELETED,
    )
    HOLD_PLACED = EventKind(
        type="hold.placed",
        when="A legal hold: nothing that it covers is erased while it stands.",
        topic=Topic.LOG,
        deed=Deed.CREATED,
        title="Legal hold placed",
        tone=Tone.CALM,
        lasts=True,
    )
    HOLD_RELEASED = EventKind(
        type="hold.released",
        when="A legal hold was released.",
        topic=Topic.LOG,
        deed=Deed.RELEASED,
        title="Legal hold released",
        lasts=True,
    )
    INSTALLATION_CREATED = EventKind(
        type="installation.created",
        when="The database was set up.",
        topic=Topic.LOG,
        deed=Deed.CREATED,
        subscribable=False,
    )
    KEYS_ROTATED = EventKind(
        type="keys.rotated",
        when="New signing keys were announced.",
        topic=Topic.LOG,
        deed=Deed.CHANGED,
    )
    CLOCK_LEAPT = EventKind(
        type="clock.leapt",
        when="The clock is more than 2 s from where it should be. Nothing is erased meanwhile.",
        topic=Topic.ALERTS,
        deed=Deed.OTHER,
        label="Clock in doubt",
        tone=Tone.BAD,
        alert=True,
    )
    CLOCK_RETURNED = EventKind(
        type="clock.returned",
        when="The clock came back within a minute; nothing went by it meanwhile.",
        topic=Topic.LOG,
        deed=Deed.OTHER,
        label="Clock came back",
        subscribable=False,
    )
    CLOCK_ADOPTED = EventKind(
        type="clock.adopted",
        when="The clock stayed where it leapt to and is believed. Sessions and sign-ins ended.",
        topic=Topic.ALERTS,
        deed=Deed.CHANGED,
        label="Clock followed",
        tone=Tone.BAD,
        alert=True,
    )
    CLOCK_CONFIRMED = EventKind(
        type="clock.confirmed",
        when="An admin said that the clock is right, whatever the log has seen.",
        topic=Topic.LOG,
        deed=Deed.CHANGED,
        label="Clock confirmed",
        subscribable=False,
    )
    AUDIT_EXPORTED = EventKind(
        type="audit.exported",
        when="The log was exported; with the filter.",
        topic=Topic.LOG,
        deed=Deed.READ,
        title="Audit log exported",
        label="Log exported",
        lasts=True,
    )
    AUDIT_ERASED = EventKind(
        type="audit.erased",
        when="Payloads were erased; of which indexes.",
        topic=Topic.LOG,
        deed=Deed.DELETED,
        title="Audit log contents erased",
        label="Payloads erased",
        lasts=True,
    )
