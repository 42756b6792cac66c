"""Who is written to about an entry: those who can do something about it, and nobody it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from understudy.core.applications.application import Application
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.notices.events import EventType
from understudy.core.people.mail import mailbox
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Operator
from understudy.core.ports import Entry, Reader
from understudy.core.rules.approval import why_not_reviewer
from understudy.flows.governance.turned_away import why_not_decide
from understudy.flows.impersonation.known_as import judged, operator_known_as

Wanted = Callable[[Operator], bool]


def addressees(
    reader: Reader, application: Application, entry: Entry | None, now: datetime
) -> Sequence[str]:
    """The mailboxes of those to write to, as they are ``now``; a test goes to who may ask for it.

    Of a request that nobody has to decide on any more nobody is told.
    """
    wanted = _wanted(reader, application, entry, now)
    found = (mailbox(one.email) for one in reader.operators.list() if one.active and wanted(one))
    return sorted({address for address in found if address is not None})


def _wanted(reader: Reader, application: Application, entry: Entry | None, now: datetime) -> Wanted:
    if entry is None:
        return lambda operator: operator.may(Permission.WEBHOOKS_WRITE)
    grant = _grant_of(reader, entry)
    if entry.type == EventType.GRANT_REQUESTED:
        return lambda operator: grant is not None and _decides(reader, grant, operator, now)
    if entry.type == EventType.GLASS_BROKEN:
        return lambda operator: grant is not None and _reviews(reader, grant, operator)
    return lambda operator: _watches(entry, operator) and not _is_of(reader, grant, operator)


def _decides(reader: Reader, grant: Grant, operator: Operator, now: datetime) -> bool:
    waits = grant.status is GrantStatus.PENDING
    return waits and why_not_decide(reader, grant, operator, now) is None


def _reviews(reader: Reader, grant: Grant, operator: Operator) -> bool:
    known_as = operator_known_as(reader, operator, grant.application_id)
    may = operator.may(Permission.REVIEWS_CLOSE)
    return may and why_not_reviewer(known_as, judged(reader, grant)) is None


def _watches(entry: Entry, operator: Operator) -> bool:
    # Whoever is tested by an alarm is not told of it.
    core = entry.core or {}
    involved = {core.get("actor_ref"), core.get("doer_ref"), core.get("subject_ref")}
    return operator.may(Permission.AUDIT_READ) and operator.id not in involved


def _is_of(reader: Reader, grant: Grant | None, operator: Operator) -> bool:
    if grant is None:
        return False
    known_as = operator_known_as(reader, operator, grant.application_id)
    return why_not_reviewer(known_as, judged(reader, grant)) is not None


def _grant_of(reader: Reader, entry: Entry) -> Grant | None:
    grant_id = (entry.core or {}).get("grant_id")
    return None if grant_id is None else reader.grants.get(GrantId(str(grant_id)))
