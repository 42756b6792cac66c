"""django-impersonate, as its own guide sets it up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from tests.integration.attack.django_library import site, target
from understudy.testing.attack import AttackTarget, Sending


@lru_cache
def app() -> Any:
    return site(
        ["impersonate"],
        ["impersonate.middleware.ImpersonateMiddleware"],
        "tests.integration.attack.django_library_urls",
        LIBRARY_URLS="impersonate.urls",
    )


@pytest.fixture
def understudy_attack_target() -> Iterator[AttackTarget]:
    yield from target(
        app(),
        start=lambda user: Sending(method="GET", path=f"/as/{user}/"),
        stop=Sending(method="GET", path="/as/stop/"),
    )
