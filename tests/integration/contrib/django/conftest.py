"""Two people, a database, and a browser in which the agent is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.cache import cache
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases

from tests.contract.rules.world import World, world
from tests.fixtures.django_project import project
from tests.fixtures.django_site import site
from tests.integration.contrib.django.browser import Browser, People
from tests.integration.sdk.remote_gateways import remote_gateway
from understudy.contrib.django.conf import installed
from understudy.testing import FakeGateway

site.set_up()


@pytest.fixture
def gateway() -> FakeGateway:
    """The service of a whole project (``tests.fixtures.django_project``)."""
    return FakeGateway()


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """The site's tables, in memory."""
    before = setup_databases(verbosity=0, interactive=False)
    yield
    teardown_databases(before, verbosity=0)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where sessions are kept as files; Django asks for it once in a process."""
    return tmp_path_factory.mktemp("sessions")


@pytest.fixture
def people(database: None) -> Iterator[People]:
    """An agent and a customer."""
    found = People.made()
    yield found
    found.gone()
    cache.clear()


@pytest.fixture
def browser(people: People, files: Path) -> Iterator[Browser]:
    """The agent's, before anybody has signed in."""
    gateway = FakeGateway()
    understudy = gateway.understudy()
    with override_settings(
        MIDDLEWARE=[site.GUARD, *site.MIDDLEWARE],
        ROOT_URLCONF="tests.integration.contrib.django.views",
        SESSION_FILE_PATH=str(files),
        UNDERSTUDY={"UNDERSTUDY": understudy},
    ):
        yield Browser(gateway, people)
    understudy.close()


@pytest.fixture
def installation(tmp_path: Path, gateway: FakeGateway) -> Iterator[World]:
    """A service, and a project that is set up to use it."""
    with (
        world(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path) as made,
        remote_gateway(made, tmp_path, httpx.HTTPTransport) as link,
        project(tmp_path, urls="tests.integration.contrib.django.admin_urls", gateway=gateway),
        override_settings(
            UNDERSTUDY={
                "URL": link._url,
                "APPLICATION_ID": made.application.id,
                "SECRET": made.secret,
            }
        ),
    ):
        yield made
        installed().understudy.close()
