"""Every endpoint of the service, in the order of the reference."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.http.endpoint import Endpoint
from understudy.http.incoming import Shape
from understudy.wires.clerk import table as clerk
from understudy.wires.native import (
    account,
    applications,
    audit,
    deliveries,
    directory,
    events,
    grants,
    history,
    holds,
    impersonations,
    log,
    meta,
    operators,
    sessions,
    webhooks,
)
from understudy.wires.oauth import authorize_calls, client, delegation_calls
from understudy.wires.oauth.metadata import INTROSPECT_PATH, REVOKE_PATH, TOKEN_PATH
from understudy.wires.stytch import table as stytch

ENDPOINTS: tuple[Endpoint, ...] = (
    *impersonations.ENDPOINTS,
    *sessions.ENDPOINTS,
    *events.ENDPOINTS,
    *grants.ENDPOINTS,
    *delegation_calls.ENDPOINTS,
    *directory.ENDPOINTS,
    *history.ENDPOINTS,
    *audit.ENDPOINTS,
    *holds.ENDPOINTS,
    *applications.ENDPOINTS,
    *webhooks.ENDPOINTS,
    *deliveries.ENDPOINTS,
    *operators.ENDPOINTS,
    *account.ENDPOINTS,
    *authorize_calls.ENDPOINTS,
    *log.ENDPOINTS,
    *meta.ENDPOINTS,
)

WIRES: tuple[Endpoint, ...] = (*clerk.ENDPOINTS, *stytch.ENDPOINTS)
"""The protocols of others, which are not ours to describe in the OpenAPI document."""

SHAPES: Mapping[str, Shape] = {
    **{path: client.on_error for path in (INTROSPECT_PATH, REVOKE_PATH, TOKEN_PATH)},
    **clerk.SHAPES,
    **stytch.SHAPES,
}
"""By the beginning of a path, longest first: how errors look where no endpoint is named."""
