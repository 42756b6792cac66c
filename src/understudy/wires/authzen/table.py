"""AuthZEN, by which an application asks for decisions alone."""

from __future__ import annotations

from understudy.http.wire import Wire
from understudy.wires.authzen.evaluation import ENDPOINTS, on_error

WIRE = Wire(name="authzen", endpoints=ENDPOINTS, described=True, shapes={"/access/": on_error})
