"""The site, and a service in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.fixtures.django_site import site
from understudy.testing import FakeGateway

# Before the tests are imported, which bring models with them.
site.set_up()


@pytest.fixture
def gateway() -> FakeGateway:
    """A service in memory."""
    return FakeGateway()


@pytest.fixture
def installed_site(gateway: FakeGateway) -> Iterator[None]:
    """The site with the guard in it."""
    understudy = gateway.understudy()
    with override_settings(
        MIDDLEWARE=[site.GUARD, *site.MIDDLEWARE], UNDERSTUDY={"UNDERSTUDY": understudy}
    ):
        yield
    understudy.close()
