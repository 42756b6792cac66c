"""Tell a user that somebody began to work in their account: a notice, for a webhook to take on."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.applications.application import Application
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import Session
from understudy.core.notices.events import EventType, Party, PartyKind
from understudy.core.ports import Unit
from understudy.core.times import to_ms
from understudy.flows.impersonation.about import about
from understudy.flows.origin import Origin


def tell_subject(unit: Unit, application: Application, grant: Grant, session: Session) -> None:
    """Record what the user is to hear of ``session``, where the application wants that.

    It says what they may know: a name, or what stands for it, and neither id nor address of
    whoever works there.
    """
    shown = application.settings.consent.told_as(grant.actor.name)
    if shown is None:
        return
    who = Party(kind=PartyKind(grant.actor.kind), ref=grant.actor.ref, name=shown)
    notice = about(
        unit,
        grant,
        EventType.SUBJECT_TOLD,
        origin=Origin(),
        session_id=session.id,
        details={
            "scope": grant.scope,
            "minutes": grant.minutes,
            "until_ms": to_ms(session.ends_at),
        },
    )
    unit.record(replace(notice, actor=who))
