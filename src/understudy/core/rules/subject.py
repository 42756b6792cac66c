"""Rules about the user in whose account somebody would work."""

from __future__ import annotations

from understudy.core.applications.application import UnrankedRoles
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.identities import identity_of_actor, identity_of_subject
from understudy.core.people.principals import Status
from understudy.core.rules.question import Question
from understudy.core.rules.ranking import rank_of, standing_of
from understudy.core.rules.rule import Lifter, Rule


def _unknown(question: Question) -> bool:
    subject = question.seen.subject
    return subject is None or subject.status is Status.DELETED


def _inactive(question: Question) -> bool:
    subject = question.seen.subject
    return subject is not None and subject.status is not Status.ACTIVE


def _is_actor(question: Question) -> bool:
    seen = question.seen
    if seen.subject is None:
        return False
    actor = identity_of_actor(question.actor, seen.operator, seen.account)
    return actor.is_same_as(identity_of_subject(seen.subject))


def _protected(question: Question) -> bool:
    subject = question.seen.subject
    return subject is not None and subject.protected


def _outranks(question: Question) -> bool:
    subject, settings = question.seen.subject, question.application.settings
    # Equals as well: two admins could otherwise work in each other's name, and each deny it.
    if subject is None:
        return False
    return rank_of(subject.roles, settings.role_ranks) >= question.actor.rank


def _unranked(question: Question) -> bool:
    subject, settings = question.seen.subject, question.application.settings
    # What a newer version may have chosen is no leave either.
    if subject is None or settings.unranked_roles is UnrankedRoles.ALLOW:
        return False
    return bool(standing_of(subject.roles, settings.role_ranks).unranked)


SUBJECT_UNKNOWN = Rule(
    code="subject_unknown",
    text="There is no such user in this application.",
    lifted_by=Lifter.APPLICATION,
    lift="Users come from the application; look for them there.",
    concealed=True,
    end_cause=EndCause.SUBJECT_INACTIVE,
    refuses=_unknown,
)
SUBJECT_INACTIVE = Rule(
    code="subject_inactive",
    text="This user is disabled or deleted.",
    lifted_by=Lifter.APPLICATION,
    concealed=True,
    end_cause=EndCause.SUBJECT_INACTIVE,
    refuses=_inactive,
)
SUBJECT_IS_ACTOR = Rule(
    code="subject_is_actor",
    text="This is the actor's own account in the app, and nobody can impersonate themselves.",
    lifted_by=Lifter.NOBODY,
    lift="Sign in to the app instead.",
    end_cause=EndCause.SUBJECT_PROTECTED,
    refuses=_is_actor,
)
SUBJECT_PROTECTED = Rule(
    code="subject_protected",
    text="This user is protected from impersonation.",
    lifted_by=Lifter.ADMIN,
    lift="An admin can lift the protection, in the menu beside the user.",
    concealed=True,
    end_cause=EndCause.SUBJECT_PROTECTED,
    refuses=_protected,
)
SUBJECT_OUTRANKS = Rule(
    code="subject_outranks",
    text="This user holds a role that ranks as high as yours, or higher.",
    lifted_by=Lifter.ADMIN,
    lift="An admin sets the ranks of roles in the application's settings.",
    concealed=True,
    end_cause=EndCause.SUBJECT_PROTECTED,
    refuses=_outranks,
)
SUBJECT_UNRANKED = Rule(
    code="subject_unranked",
    text="This user holds a role that has no rank here, and such roles are refused.",
    lifted_by=Lifter.ADMIN,
    lift="An admin can give the role a rank, or allow roles without one, in the application's"
    " settings.",
    concealed=True,
    end_cause=EndCause.SUBJECT_PROTECTED,
    refuses=_unranked,
)
SUBJECT_UNAVAILABLE = Rule(
    code="subject_unavailable",
    text="You cannot impersonate this user, or there is no such user.",
    lifted_by=Lifter.ADMIN,
    lift="Somebody who may see the directory can tell which.",
)
"""Stands for every concealed rule towards those who may not see the difference."""
