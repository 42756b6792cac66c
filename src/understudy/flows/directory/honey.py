"""Honey users: nobody has a reason to work in their accounts, so that whoever tries is an alarm.

Only admins know who they are. What tells of them in the log is the installation's, and not the
application's, whose backend would read it.
"""

from __future__ import annotations

from dataclasses import replace

from understudy.core.ids import SubjectId
from understudy.core.notices.events import Event, EventType, Party, PartyKind
from understudy.core.people.principals import Status, Subject
from understudy.core.ports import FIRST_PAGE, GrantFilter, Unit
from understudy.core.times import to_ms
from understudy.errors import NotFound
from understudy.flows.impersonation.cancel import OPEN, cancel
from understudy.flows.origin import Origin


def set_honey(
    unit: Unit,
    application_id: str,
    subject_id: SubjectId,
    *,
    honey: bool,
    by: Party,
    origin: Origin,
) -> Subject:
    """Make somebody a honey user, or no longer one; what was granted about them before is over.

    :raises NotFound: the application has no such subject.
    """
    subject = unit.subjects.get(application_id, subject_id)
    if subject is None or subject.status is Status.DELETED:
        raise NotFound
    if (subject.honey_since is not None) == honey:
        return subject
    # Not `updated_at`: everybody sees that.
    changed = replace(subject, honey_since=unit.now if honey else None)
    unit.subjects.save(changed)
    unit.record(
        Event(
            type=EventType.HONEY_SET if honey else EventType.HONEY_LIFTED,
            actor=by,
            # No name: nobody would erase it here.
            subject=Party(kind=PartyKind.SUBJECT, ref=subject.ref),
            address=origin.address,
            user_agent=origin.user_agent,
            details={"application_id": application_id},
        )
    )
    if honey:
        _cancel_all(unit, changed, by=by, origin=origin)
    return changed


def _cancel_all(unit: Unit, subject: Subject, *, by: Party, origin: Origin) -> None:
    where = GrantFilter(subject_ref=subject.ref, statuses=OPEN)
    page = FIRST_PAGE
    while grants := unit.grants.search(where, page):
        for grant in grants:
            cancel(unit, grant.id, by=by, origin=origin)
        # On by the last key: what is only rehearsed changes no row.
        last = grants[-1]
        page = replace(page, after=(str(to_ms(last.created_at)), last.id))
