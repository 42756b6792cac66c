"""The user hears that somebody has begun to work in their account, from the app itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime

from understudy.core.impersonation.restrictions import Scope
from understudy.last_resort import LastResort
from understudy.sdk.values import Opened, Subject

_LOG = logging.getLogger("understudy")


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionNotice:
    """What the app is to tell ``subject``. ``by`` is the name of whoever works in their account, or
    what the application's settings put in its place: nothing else of them is here.
    """

    session_id: str
    subject: Subject
    by: str
    reason: str
    scope: Scope
    started_at: datetime
    ends_at: datetime


TellUser = Callable[[SessionNotice], object]


def telling(tell: TellUser, opened: Opened) -> None:
    """Have ``tell`` called, on a thread of its own, where the application tells its users.

    Whatever becomes of that, the session has begun: a failure is logged.
    """
    if opened.told_as is None:
        return
    session = opened.session
    notice = SessionNotice(
        session_id=session.id,
        subject=session.subject,
        by=opened.told_as,
        reason=session.reason,
        scope=session.restrictions.scope,
        started_at=session.started_at,
        ends_at=session.ends_at,
    )
    # Nobody is impersonated in it, whatever has begun the session.
    threading.Thread(target=Context().run, args=(_told, tell, notice), daemon=True).start()


def _told(tell: TellUser, notice: SessionNotice) -> None:
    with LastResort(
        _LOG,
        "the app could not tell a user of a session in their account",
        action="tell_user",
        # Its words may say more of the user than a log should have.
        name_only=True,
        session_id=notice.session_id,
    ):
        tell(notice)
