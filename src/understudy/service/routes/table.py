"""Every endpoint of the service, in the order of the reference."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.service.endpoint import Endpoint
from understudy.service.incoming import Shape
from understudy.service.routes import (
    account,
    applications,
    audit,
    clerk_table,
    delegation,
    deliveries,
    directory,
    events,
    grants,
    history,
    holds,
    impersonations,
    log,
    meta,
    oauth,
    oauth_client,
    operators,
    sessions,
    stytch_table,
    webhooks,
)
from understudy.wire.oauth.metadata import INTROSPECT_PATH, REVOKE_PATH, TOKEN_PATH

ENDPOINTS: tuple[Endpoint, ...] = (
    *impersonations.ENDPOINTS,
    *sessions.ENDPOINTS,
    *events.ENDPOINTS,
    *grants.ENDPOINTS,
    *delegation.ENDPOINTS,
    *directory.ENDPOINTS,
    *history.ENDPOINTS,
    *audit.ENDPOINTS,
    *holds.ENDPOINTS,
    *applications.ENDPOINTS,
    *webhooks.ENDPOINTS,
    *deliveries.ENDPOINTS,
    *operators.ENDPOINTS,
    *account.ENDPOINTS,
    *oauth.ENDPOINTS,
    *log.ENDPOINTS,
    *meta.ENDPOINTS,
)

WIRES: tuple[Endpoint, ...] = (*clerk_table.ENDPOINTS, *stytch_table.ENDPOINTS)
"""The protocols of others, which are not ours to describe in the OpenAPI document."""

SHAPES: Mapping[str, Shape] = {
    **{path: oauth_client.on_error for path in (INTROSPECT_PATH, REVOKE_PATH, TOKEN_PATH)},
    **clerk_table.SHAPES,
    **stytch_table.SHAPES,
}
"""By the beginning of a path, longest first: how errors look where no endpoint is named."""
