"""OAuth 2.0, as any library of the app's speaks it."""

from __future__ import annotations

from understudy.core.impersonation.token_kinds import CODE, DELEGATED
from understudy.core.ports import KeyUse
from understudy.http.wire import Wire
from understudy.wires.oauth import authorize_calls, client, delegation_calls
from understudy.wires.oauth.logout import logout
from understudy.wires.oauth.metadata import INTROSPECT_PATH, REVOKE_PATH, TOKEN_PATH

WIRE = Wire(
    name="oauth",
    endpoints=(*delegation_calls.ENDPOINTS, *authorize_calls.ENDPOINTS),
    described=True,
    shapes=dict.fromkeys((INTROSPECT_PATH, REVOKE_PATH, TOKEN_PATH), client.on_error),
    token_kinds=(CODE, DELEGATED),
    key_uses=(KeyUse.LOGOUT,),
    logout=logout,
)
