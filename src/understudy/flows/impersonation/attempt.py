"""An exchange whose answer got lost, asked for once more under the same name."""

from __future__ import annotations

import hmac
from datetime import timedelta

from understudy.core.applications.application import Application
from understudy.core.impersonation.grants import ImpersonationToken
from understudy.core.ports import Unit, Vault
from understudy.flows.impersonation.open_session import OpenSession, look_again

REPEATED_WITHIN = timedelta(seconds=60)
"""So long after the first use the same attempt gets the same answer."""
_PURPOSE = "exchange attempt"


def attempt_hash(vault: Vault, attempt: str | None) -> bytes | None:
    """What is kept in place of ``attempt``."""
    return None if attempt is None else vault.keyed_hash(_PURPOSE, attempt)


def same_attempt(
    unit: Unit,
    token: ImpersonationToken,
    attempt: str | None,
    *,
    application: Application,
    hides: bool,
) -> OpenSession | None:
    """The session that this very attempt has begun; None if it is a second use of ``token``.

    Wire and binding were compared before, and would not do alone: who has read one request could
    fetch its session at any time.
    """
    given = attempt_hash(unit.vault, attempt)
    if given is None or token.attempt is None or token.used_at is None or token.session_id is None:
        return None
    is_same = hmac.compare_digest(given, token.attempt)
    if not is_same or unit.now >= token.used_at + REPEATED_WITHIN:
        return None
    found = look_again(
        unit,
        unit.vault,
        unit.sessions.get(token.session_id),
        application=unit.applications.get(token.application_id) or application,
        now=unit.now,
        hides=hides,
    )
    return found if isinstance(found, OpenSession) else None
