"""Every endpoint of the Stytch wire, at the root of the host: its SDKs drop any path prefix."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.service.endpoint import Endpoint
from understudy.service.incoming import Shape
from understudy.service.routes import (
    stytch_browser,
    stytch_keys,
    stytch_organizations,
    stytch_project,
    stytch_sessions,
    stytch_users,
)
from understudy.service.routes.stytch_calls import on_error

ENDPOINTS: tuple[Endpoint, ...] = (
    *stytch_sessions.ENDPOINTS,
    *stytch_keys.ENDPOINTS,
    *stytch_organizations.ENDPOINTS,
    *stytch_users.ENDPOINTS,
    *stytch_project.ENDPOINTS,
    *stytch_browser.ENDPOINTS,
)

SHAPES: Mapping[str, Shape] = {"/sdk/v1": on_error, "/v1": on_error}
"""Paths of another wire below ``/v1`` go before these."""
