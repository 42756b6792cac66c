"""Processes of a cluster, and threads, at one port: each hears of what the others begin and end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.visitor import Visitor
from tests.integration.node.desk import NodeApp, node_app

SEVERAL = 2
PATIENCE_SECONDS = 20.0
AFTER = 20
"""Requests over connections of their own: that none of these meets one of two is one in 500,000."""


@pytest.fixture(scope="module", params=["cluster", "threads"])
def several(desk: tuple[Path, str], request: pytest.FixtureRequest) -> Iterator[NodeApp]:
    """The app that keeps its logins in cookies, which all of them read."""
    with node_app(*desk, "several.mjs", request.param, "express4", "cookie-session") as found:
        _met_by_all(found.visitor(), None)
        yield found


def _met_by_all(visitor: Visitor, name: str | None) -> None:
    """Return once each has served ``visitor``, as the user of that name."""
    met: set[str] = set()
    until = time.monotonic() + PATIENCE_SECONDS
    while len(met) < SEVERAL:
        assert time.monotonic() < until, met
        answer = visitor.ask("GET", "/where").json()
        assert answer["me"] == name
        met.add(answer["where"])


def _over_everywhere(visitor: Visitor) -> None:
    """Return once nobody is served: neither by who knows already nor by who has yet to hear."""
    until = time.monotonic() + PATIENCE_SECONDS
    refused = 0
    while refused < AFTER:
        assert time.monotonic() < until
        answer = visitor.ask("GET", "/where")
        assert answer.status_code in (200, 401)
        refused = refused + 1 if answer.status_code == 401 else 0


def test_each_serves_a_session_that_one_has_begun_until_it_is_revoked(several: NodeApp) -> None:
    sam = several.impersonating()
    _met_by_all(sam, "Ada")
    several.revoke(sam)
    _over_everywhere(sam)


def test_what_one_has_ended_is_over_in_all(several: NodeApp) -> None:
    sam = several.impersonating()
    _met_by_all(sam, "Ada")
    kept = sam.cookies()
    sam.end()
    for name, value in kept.items():
        sam.keep(name, value)
    _over_everywhere(sam)
