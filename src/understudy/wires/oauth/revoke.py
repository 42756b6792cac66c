"""Revocation (RFC 7009): whichever half is revoked, the whole session is over."""

from __future__ import annotations

from understudy.core.applications.application import Application
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.ports import Unit
from understudy.flows.impersonation.end import end
from understudy.flows.origin import Origin
from understudy.keys.session_keys import SessionKeys
from understudy.wires.oauth.verify import verified


def revoke(
    unit: Unit,
    token: str,
    *,
    application: Application,
    issuer: str,
    keys: SessionKeys,
    origin: Origin,
) -> None:
    """End the session behind ``token``, if it is one of the application's; else do nothing.

    Nobody is told which (section 2.2). A session JWT that has expired still says which session.
    """
    session = _session(unit, token, application=application, issuer=issuer, keys=keys)
    if session is not None and session.application_id == application.id:
        end(
            unit,
            session.id,
            cause=EndCause.REVOKED,
            by=application.party,
            origin=origin,
            application_id=application.id,
        )


def _session(
    unit: Unit, token: str, *, application: Application, issuer: str, keys: SessionKeys
) -> Session | None:
    if "." not in token:
        return unit.sessions.by_token(token)
    found = verified(
        token, reader=unit, keys=keys, issuer=issuer, application_id=application.id, now=unit.latest
    )
    return None if found is None else unit.sessions.get(found.session_id)
