"""The shop in a process whose threads are greenlets, loaded before they became so; see the test.

gunicorn does the same with ``--preload``. Tells how long its process took to stop.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from gevent import monkey

import understudy.service.app  # noqa: F401
from tests.fixtures.embedded import REASON, Shop
from tests.integration.embedded.clock import given
from understudy import Actor
from understudy.embedded.link import installation_of
from understudy.sdk.asks import Ask
from understudy.sdk.values import Presented, SessionClosed


def main(folder: str, database: str) -> None:
    """Begin a session, let its time pass, hear of its end, and stop."""
    monkey.patch_all()
    clock = given(pytest.MonkeyPatch())
    shop = Shop().understudy(Path(folder), database=database or None)
    gateway = installation_of(shop).gateway()
    actor = Actor(id="sam", email="sam@shop.example", name="Sam")
    granted = gateway.request(Ask(actor=actor, subject_id="ada", reason=REASON))
    gateway.exchange(Presented(token=granted.token))
    clock.ahead = timedelta(hours=2)
    closed = next(news for news in gateway.follow(None) if isinstance(news, SessionClosed))
    began = time.monotonic()
    shop.close()
    print(closed.cause, round(time.monotonic() - began, 2))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
