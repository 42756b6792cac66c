"""Every endpoint of the Clerk wire, and how its errors look where no endpoint is named."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.service.endpoint import Endpoint
from understudy.service.incoming import Shape
from understudy.service.routes import (
    clerk_accept,
    clerk_actor_tokens,
    clerk_handshake,
    clerk_keys,
    clerk_sessions,
    clerk_tickets,
    clerk_users,
)
from understudy.service.routes.clerk_answers import on_error

ENDPOINTS: tuple[Endpoint, ...] = (
    *clerk_actor_tokens.ENDPOINTS,
    *clerk_users.ENDPOINTS,
    *clerk_sessions.ENDPOINTS,
    *clerk_tickets.ENDPOINTS,
    *clerk_accept.ENDPOINTS,
    *clerk_handshake.ENDPOINTS,
    *clerk_keys.ENDPOINTS,
)

SHAPES: Mapping[str, Shape] = dict.fromkeys(("/clerk/", "/v1/client", "/v1/tickets/"), on_error)
