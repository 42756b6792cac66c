"""By what people are known, and whether two of them are one and the same person.

Whoever judges others' work (agrees, reviews, allows a change, closes a case) is compared with
whoever did it, and with whom it is about. One function does so for all of them, since a way to be
known that one comparison forgets is a way to agree with oneself.
"""

from __future__ import annotations

from dataclasses import dataclass

from understudy.core.ids import SubjectId, SubjectRef
from understudy.core.people.addresses import (
    addresses_in,
    addresses_of_actor,
    addresses_of_subject,
)
from understudy.core.people.principals import Actor, ActorKind, Operator, Subject
from understudy.core.text import as_seen


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Everything by which somebody may be known.

    ``refs`` are our own references, ``names`` ids in the app as they are seen, and ``mailboxes``
    addresses in the spelling of ``addresses_in``.
    """

    refs: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    mailboxes: frozenset[str] = frozenset()

    def is_same_as(self, other: Identity) -> bool:
        """Whether both are known by any one thing."""
        return not (
            self.refs.isdisjoint(other.refs)
            and self.names.isdisjoint(other.names)
            and self.mailboxes.isdisjoint(other.mailboxes)
        )


def identity_of_subject(subject: Subject) -> Identity:
    """A user of the app."""
    return Identity(
        refs=frozenset({subject.ref}),
        names=_seen(subject.id),
        mailboxes=addresses_of_subject(subject),
    )


def identity_of_former_subject(ref: SubjectRef, subject_id: SubjectId) -> Identity:
    """A user of whom nothing is left but our reference and the id that they had."""
    return Identity(
        refs=frozenset({ref}), names=_seen(subject_id), mailboxes=addresses_in(subject_id)
    )


def identity_of_operator(operator: Operator, account: Subject | None) -> Identity:
    """An operator, and the ``account`` that is theirs in the app, where one is known."""
    return Identity(
        refs=frozenset({operator.actor_ref}) | _refs(account),
        # Only whom the app itself signs in here is called alike in both.
        names=frozenset() if operator.staff_id is None else _seen(operator.staff_id),
        mailboxes=addresses_in(operator.email) | _mailboxes(account),
    )


def identity_of_actor(actor: Actor, operator: Operator | None, account: Subject | None) -> Identity:
    """Who acts: as granted, as the ``operator`` that they are by now, and by their ``account``."""
    as_granted = addresses_of_actor(actor)
    if actor.kind is ActorKind.NAMED_BY_APPLICATION:
        return Identity(
            refs=frozenset({actor.ref}) | _refs(account),
            names=_seen(actor.id),
            mailboxes=as_granted | _mailboxes(account),
        )
    by_now = Identity() if operator is None else identity_of_operator(operator, account)
    return Identity(
        refs=by_now.refs | {actor.ref},
        names=by_now.names,
        mailboxes=as_granted | by_now.mailboxes,
    )


def name_in_app(actor: Actor, operator: Operator | None) -> str | None:
    """How the app calls whoever acts; None for an operator whom it does not sign in."""
    if actor.kind is ActorKind.NAMED_BY_APPLICATION:
        return actor.id
    return None if operator is None else operator.staff_id


def _seen(name: str) -> frozenset[str]:
    return frozenset({as_seen(name)})


def _refs(account: Subject | None) -> frozenset[str]:
    return frozenset() if account is None else frozenset({account.ref})


def _mailboxes(account: Subject | None) -> frozenset[str]:
    return frozenset() if account is None else addresses_of_subject(account)
