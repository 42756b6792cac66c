"""AuthZEN, by which an application asks for decisions alone."""

from __future__ import annotations

from understudy.http.wire import Wire
from understudy.wires.authzen import boxcar, evaluation
from understudy.wires.authzen.evaluation import on_error

ENDPOINTS = (*evaluation.ENDPOINTS, *boxcar.ENDPOINTS)
WIRE = Wire(name="authzen", endpoints=ENDPOINTS, described=True, shapes={"/access/": on_error})
