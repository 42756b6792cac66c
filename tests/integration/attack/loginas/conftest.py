"""django-loginas, as its own guide sets it up."""

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
        ["django.contrib.admin", "loginas"],
        [],
        "tests.integration.attack.django_library_urls",
        LIBRARY_URLS="loginas.urls",
        CAN_LOGIN_AS=lambda request, user: request.user.is_staff and not user.is_superuser,
    )


@pytest.fixture
def understudy_attack_target() -> Iterator[AttackTarget]:
    yield from target(
        app(),
        start=lambda user: Sending(method="POST", path=f"/as/login/user/{user}/", form={}),
        stop=Sending(method="POST", path="/as/logout/", form={}),
    )
