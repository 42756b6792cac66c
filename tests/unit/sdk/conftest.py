"""What tests of the SDK's own pages stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.sdk.visiting import App


@pytest.fixture
def app() -> Iterator[App]:
    app = App()
    yield app
    app.understudy.close()
