"""Ask to become a subject, and get the token to go on with, in one unit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from understudy.core.impersonation.grants import (
    Grant,
    GrantStatus,
    ImpersonationRequest,
    TokenWire,
)
from understudy.core.ports import Unit
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.mint import Minted, mint, wire_of_hand_off
from understudy.flows.impersonation.request import request
from understudy.flows.origin import Origin


@dataclass(frozen=True, kw_only=True)
class Started:
    """A grant and its token; None while the grant waits, and for whoever launches it instead."""

    grant: Grant
    token: Minted | None = field(repr=False)


def start(
    unit: Unit,
    ask: ImpersonationRequest,
    *,
    with_token: bool,
    wire: TokenWire | None = None,
    life: timedelta | None = None,
    origin: Origin,
) -> Started | Denied:
    """The grant for ``ask``, and ``with_token`` a token of it as soon as it may be used.

    The token is for ``wire``, or for the protocol by which the application takes them.
    """
    wire = wire or _taken_by(unit, ask.application_id)
    granted = request(unit, replace(ask, wire=wire), origin=origin)
    if isinstance(granted, Denied):
        return granted
    grant = granted.grant
    handed_out = with_token and grant.status is GrantStatus.READY
    token = mint(unit, grant, wire=wire, life=life) if handed_out else None
    return Started(grant=grant, token=token)


def _taken_by(unit: Unit, application_id: str) -> TokenWire:
    application = unit.applications.get(application_id)
    return wire_of_hand_off(application.settings.hand_off) if application else TokenWire.NATIVE
