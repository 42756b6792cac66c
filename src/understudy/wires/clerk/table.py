"""The Clerk wire."""

from __future__ import annotations

from understudy.http.wire import Wire
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
from understudy.wires.clerk.jwt import KEY_USE
from understudy.wires.clerk.settings import NAME, SETTINGS
from understudy.wires.clerk.tickets import SIGN_IN_TICKET

WIRE = Wire(
    name=NAME,
    endpoints=(
        *actor_token_calls.ENDPOINTS,
        *user_calls.ENDPOINTS,
        *session_calls.ENDPOINTS,
        *ticket_calls.ENDPOINTS,
        *accept_page.ENDPOINTS,
        *handshake_calls.ENDPOINTS,
        *key_calls.ENDPOINTS,
    ),
    shapes=dict.fromkeys(("/clerk/", "/v1/client", "/v1/tickets/"), on_error),
    token_kinds=(SIGN_IN_TICKET,),
    key_uses=(KEY_USE,),
    settings=SETTINGS,
)
