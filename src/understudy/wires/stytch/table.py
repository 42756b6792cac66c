"""Every endpoint of the Stytch wire, at the root of the host: its SDKs drop any path prefix."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.http.endpoint import Endpoint
from understudy.http.incoming import Shape
from understudy.wires.stytch import (
    browser_calls,
    key_calls,
    organization_calls,
    project_calls,
    session_calls,
    user_calls,
)
from understudy.wires.stytch.answers import on_error

ENDPOINTS: tuple[Endpoint, ...] = (
    *session_calls.ENDPOINTS,
    *key_calls.ENDPOINTS,
    *organization_calls.ENDPOINTS,
    *user_calls.ENDPOINTS,
    *project_calls.ENDPOINTS,
    *browser_calls.ENDPOINTS,
)

SHAPES: Mapping[str, Shape] = {"/sdk/v1": on_error, "/v1": on_error}
"""Paths of another wire below ``/v1`` go before these."""
