"""Every endpoint of the service, in the order of the reference."""

from __future__ import annotations

from understudy.service.endpoint import Endpoint
from understudy.service.routes import (
    account,
    applications,
    audit,
    directory,
    events,
    grants,
    impersonations,
    log,
    meta,
    oauth,
    operators,
    sessions,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *impersonations.ENDPOINTS,
    *sessions.ENDPOINTS,
    *events.ENDPOINTS,
    *grants.ENDPOINTS,
    *directory.ENDPOINTS,
    *audit.ENDPOINTS,
    *applications.ENDPOINTS,
    *operators.ENDPOINTS,
    *account.ENDPOINTS,
    *oauth.ENDPOINTS,
    *log.ENDPOINTS,
    *meta.ENDPOINTS,
)
