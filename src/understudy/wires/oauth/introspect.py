"""Introspection (RFC 7662): whether a session JWT or a session token is good right now.

About a token that is not the caller's own, that is over or was never one, nothing is told but that
it is not active (section 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from understudy.core.applications.application import Application
from understudy.core.ports import Reader, Vault
from understudy.flows.impersonation.open_session import (
    Fallen,
    OpenSession,
    Over,
    look_again,
    refresh,
)
from understudy.keys.jwt import described
from understudy.keys.session_keys import SessionKeys
from understudy.wires.oauth.verify import verified


@dataclass(frozen=True, kw_only=True)
class Active:
    """What is told of a good token. ``bearer`` is False for a session token, which is for the
    token endpoint and no resource.
    """

    claims: Mapping[str, Any]
    bearer: bool


def introspect(
    reader: Reader,
    token: str,
    *,
    application: Application,
    issuer: str,
    keys: SessionKeys,
    vault: Vault,
    now: datetime,
) -> Active | Over | Fallen:
    """What ``token`` is to ``application``; hints about its kind are not needed."""
    if "." in token:
        return _introspect_jwt(
            reader, token, application=application, issuer=issuer, keys=keys, vault=vault, now=now
        )
    opened = refresh(reader, vault, token, application=application, now=now)
    if isinstance(opened, OpenSession):
        return Active(claims=described(opened, issuer=issuer), bearer=False)
    return opened


def _introspect_jwt(
    reader: Reader,
    token: str,
    *,
    application: Application,
    issuer: str,
    keys: SessionKeys,
    vault: Vault,
    now: datetime,
) -> Active | Over | Fallen:
    found = verified(
        token, reader=reader, keys=keys, issuer=issuer, application_id=application.id, now=now
    )
    if found is None or found.expired:
        return Over(cause=None)
    session = reader.sessions.get(found.session_id)
    opened = look_again(reader, vault, session, application=application, now=now)
    if isinstance(opened, OpenSession):
        return Active(claims=found.claims, bearer=True)
    return opened
