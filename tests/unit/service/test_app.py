from __future__ import annotations

import inspect

from understudy.sdk.boot_time import seconds_since_boot
from understudy.service.app import create_app


def test_news_grow_stale_while_the_machine_sleeps() -> None:
    assert inspect.signature(create_app).parameters["timer"].default is seconds_since_boot
