"""django-hijack, as its own guide sets it up."""

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
        ["hijack"],
        ["hijack.middleware.HijackUserMiddleware"],
        "tests.integration.attack.django_library_urls",
        LIBRARY_URLS="hijack.urls",
        HIJACK_PERMISSION_CHECK="hijack.permissions.superusers_and_staff",
    )


@pytest.fixture
def understudy_attack_target() -> Iterator[AttackTarget]:
    yield from target(
        app(),
        start=lambda user: Sending(method="POST", path="/as/acquire/", form={"user_pk": user}),
        stop=Sending(method="POST", path="/as/release/", form={}),
    )
