"""Every endpoint of the Clerk wire, and how its errors look where no endpoint is named."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.http.endpoint import Endpoint
from understudy.http.incoming import Shape
from understudy.wires.clerk import (
    accept_page,
    actor_token_calls,
    handshake_calls,
    key_calls,
    session_calls,
    ticket_calls,
    user_calls,
)
from understudy.wires.clerk.answers import on_error

ENDPOINTS: tuple[Endpoint, ...] = (
    *actor_token_calls.ENDPOINTS,
    *user_calls.ENDPOINTS,
    *session_calls.ENDPOINTS,
    *ticket_calls.ENDPOINTS,
    *accept_page.ENDPOINTS,
    *handshake_calls.ENDPOINTS,
    *key_calls.ENDPOINTS,
)

SHAPES: Mapping[str, Shape] = dict.fromkeys(("/clerk/", "/v1/client", "/v1/tickets/"), on_error)
