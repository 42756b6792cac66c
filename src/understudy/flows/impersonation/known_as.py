"""By what those who take part in a grant are known by now, here and in the app."""

from __future__ import annotations

from understudy.core.ids import OperatorId, SubjectId, SubjectRef
from understudy.core.impersonation.grants import Grant
from understudy.core.people.identities import (
    Identity,
    identity_of_actor,
    identity_of_former_subject,
    identity_of_operator,
    identity_of_subject,
    name_in_app,
)
from understudy.core.people.principals import Actor, ActorKind, Operator, Subject
from understudy.core.ports import Reader
from understudy.core.rules.approval import Judged
from understudy.core.text import as_seen


def judged(reader: Reader, grant: Grant) -> Judged:
    """Whose work ``grant`` is, and in whose account: nobody judges their own."""
    return Judged(
        actor=actor_known_as(reader, grant.application_id, grant.actor),
        subject=subject_known_as(reader, grant.application_id, grant.subject_id, grant.subject_ref),
    )


def actor_known_as(reader: Reader, application_id: str, actor: Actor) -> Identity:
    """``actor``, as they are known in the application with this id."""
    operator = None
    if actor.kind is ActorKind.OPERATOR:
        operator = reader.operators.get(OperatorId(actor.ref))
    account = account_of(reader, application_id, actor, operator)
    return identity_of_actor(actor, operator, account)


def operator_known_as(reader: Reader, operator: Operator, application_id: str) -> Identity:
    """``operator``, as they are known in the application with this id."""
    return identity_of_operator(operator, _called(reader, application_id, operator.staff_id))


def account_of(
    reader: Reader, application_id: str, actor: Actor, operator: Operator | None
) -> Subject | None:
    """The actor's own account in the app, deleted or not; None where nobody knows it by name."""
    return _called(reader, application_id, name_in_app(actor, operator))


def subject_known_as(
    reader: Reader, application_id: str, subject_id: SubjectId, ref: SubjectRef
) -> Identity:
    """The user who had this id when a grant or a case with ``ref`` was made."""
    subject = reader.subjects.get(application_id, subject_id)
    if subject is not None and subject.ref == ref:
        return identity_of_subject(subject)
    # Whoever has the id by now is somebody else.
    return identity_of_former_subject(ref, subject_id)


def _called(reader: Reader, application_id: str, name: str | None) -> Subject | None:
    names = () if name is None else dict.fromkeys((name, as_seen(name)))
    found = (reader.subjects.get(application_id, SubjectId(one)) for one in names)
    return next(filter(None, found), None)
