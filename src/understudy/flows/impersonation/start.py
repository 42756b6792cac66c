"""Ask to become a subject, and get the token to go on with, in one unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from understudy.core.applications.application import Application
from understudy.core.impersonation.grants import (
    Grant,
    GrantStatus,
    ImpersonationRequest,
)
from understudy.core.impersonation.token_kinds import TokenKind
from understudy.core.ports import Unit
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.mint import Minted, mint
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
    kind_for: Callable[[Application | None], TokenKind],
    life: timedelta | None = None,
    can_wait: bool = True,
    origin: Origin,
) -> Started | Denied:
    """The grant for ``ask``, and ``with_token`` a token of it as soon as it may be used.

    Where others have to agree it waits for them, unless nobody ``can_wait``: then it is refused.
    ``kind_for`` says which kind the application takes; None stands for one that does not exist.
    """
    kind = kind_for(unit.applications.get(ask.application_id))
    asked = replace(ask, wire=kind.name)
    granted = request(unit, asked, can_wait=can_wait, origin=origin)
    if isinstance(granted, Denied):
        return granted
    grant = granted.grant
    handed_out = with_token and grant.status is GrantStatus.READY
    token = mint(unit, grant, kind=kind, life=life) if handed_out else None
    return Started(grant=grant, token=token)
