"""An installation of Understudy to measure: an application, its users, and the service."""

from __future__ import annotations

import base64
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.servers import HOST, free_port, python, running
from understudy.config import Settings
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin
from understudy.service.opening import open_installation
from understudy.storage.engine.engine import StoreEngine

REDIRECT_URL = "https://app.example/_understudy/callback"
REASON = "Looking at the missing invoice"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """``application`` may be impersonated in; its users are ``user-0``, ``user-1`` and so on."""

    settings: Settings
    application: Application
    secret: str = field(repr=False)

    @property
    def url(self) -> str:
        """Where the service will be."""
        return f"http://{HOST}:{self.settings.port}"

    def headers(self) -> dict[str, str]:
        """What the application's backend sends with each request; its id and secret among it."""
        pair = f"{self.application.id}:{self.secret}".encode()
        return {
            "Host": f"localhost:{self.settings.port}",
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/json",
        }

    @contextmanager
    def engine(self) -> Iterator[StoreEngine]:
        """An engine of this very process over the installation, beside the service's own."""
        with closing(open_installation(self.settings)) as engine:
            yield engine

    @contextmanager
    def service(self) -> Iterator[subprocess.Popen[bytes]]:
        """One process of the service, as ``understudy serve`` starts it, without rate limits."""
        settings = self.settings
        command = python("understudy", "serve", "--port", str(settings.port))
        command += ["--data-dir", str(settings.data_dir)]
        command += ["--database-url", settings.database_url] if settings.database_url else []
        environment = {"UNDERSTUDY_RATE_MULTIPLIER": "0"}
        with running(command, port=settings.port, environment=environment) as process:
            yield process


@contextmanager
def installed(*, users: int, database_url: str | None = None) -> Iterator[Installation]:
    """A new installation in a temporary folder, on SQLite unless an address is given."""
    with tempfile.TemporaryDirectory(prefix="understudy-benchmark-") as folder:
        settings = Settings(
            port=free_port(), data_dir=Path(folder) / "data", database_url=database_url
        )
        with closing(open_installation(settings)) as engine:
            made = engine.run(_make_application)
            engine.run(lambda unit: _make_users(unit, made.application, users))
        yield Installation(settings=settings, application=made.application, secret=made.secret)


def _make_application(unit: Unit) -> administer.WithSecret:
    settings = ApplicationSettings(impersonation_allowed=True, redirect_urls=(REDIRECT_URL,))
    return administer.create(
        unit,
        name="Benchmark",
        vertical=Vertical.CONSUMER,
        settings=settings,
        by=SYSTEM,
        origin=Origin(),
    )


def _make_users(unit: Unit, application: Application, count: int) -> None:
    for number in range(count):
        facts = maintain.SubjectFacts(
            id=SubjectId(f"user-{number}"),
            email=f"user-{number}@example.com",
            name=f"User {number}",
        )
        maintain.save_subject(unit, application, facts, by=SYSTEM, origin=Origin())
