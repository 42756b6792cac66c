"""The protocols that the service speaks. This is the one list of them."""

from __future__ import annotations

from understudy.http.wire import Wire, gathered
from understudy.wires.authzen.table import WIRE as AUTHZEN
from understudy.wires.clerk.table import WIRE as CLERK
from understudy.wires.native.table import WIRE as NATIVE
from understudy.wires.oauth.table import WIRE as OAUTH
from understudy.wires.stytch.table import WIRE as STYTCH

TABLE: tuple[Wire, ...] = (NATIVE, STYTCH, CLERK, OAUTH, AUTHZEN)
WIRES = gathered(TABLE)
"""What they bring, taken together."""
