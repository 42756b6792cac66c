"""What one process of the app has opened of its installation. Never crosses a fork."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from understudy.embedded.application import settle
from understudy.embedded.gateway import InProcessGateway
from understudy.embedded.plan import APPLICATION_ID, Plan
from understudy.embedded.staff import AppStaffing
from understudy.embedded.upkeep import Upkeep
from understudy.embedded.users import AppUsersOf
from understudy.errors import SetupError
from understudy.service.app import Service, create_app, decision_points
from understudy.service.opening import open_to_serve
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Database
from understudy.storage.engine.engine import StoreEngine


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The engine and its database; ``halted`` says why they are good for ending sessions only."""

    engine: StoreEngine
    database: Database
    halted: str | None


class Process:
    """Opens at first use; whoever comes meanwhile waits. What failed is tried again."""

    def __init__(
        self, plan: Plan, *, app_loop: Callable[[], asyncio.AbstractEventLoop | None]
    ) -> None:
        self._plan = plan
        self._users = AppUsersOf(plan.users, app_loop)
        self._lock = threading.RLock()
        self._opened: Opened | None = None
        self._gateway: InProcessGateway | None = None
        self._upkeep = Upkeep(self._service)
        self._stops: list[Callable[[], None]] = []

    def opened(self) -> Opened:
        """What is open, for whoever needs it.

        :raises SetupError: it cannot be opened as it was set up.
        :raises Unavailable: the database cannot be reached.
        """
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def gateway(self) -> InProcessGateway:
        """The guard's way to it, one for this process, whose upkeep begins with it."""
        with self._lock:
            if self._gateway is None:
                engine = self.opened().engine
                self._gateway = InProcessGateway(
                    engine,
                    APPLICATION_ID,
                    users=self._users,
                    ask=decision_points(engine, self._plan.settings).ask,
                )
                self._upkeep.start()
            return self._gateway

    def service(self) -> Service:
        """A new service, for the event loop of whoever asks; the upkeep is its own from now on."""
        service = self._service()
        self._upkeep.stop()
        return service

    def before_close(self, stop: Callable[[], None]) -> None:
        """Have ``stop`` called before anything is closed."""
        with self._lock:
            self._stops.append(stop)

    def end_news(self) -> None:
        """End what the guard is told."""
        if self._gateway is not None:
            self._gateway.close()

    def close(self) -> None:
        """Stop what runs, the last one first, and close what is open."""
        with self._lock, ExitStack() as closing:
            opened, self._opened = self._opened, None
            gateway, self._gateway = self._gateway, None
            if opened is not None:
                closing.callback(opened.engine.close)
            if gateway is not None:
                closing.callback(gateway.close)
            closing.callback(self._upkeep.stop)
            for stop in self._stops:
                closing.callback(stop)
            self._stops = []

    def _service(self) -> Service:
        opened = self.opened()
        return create_app(
            opened.engine,
            opened.database,
            self._plan.settings,
            app_users=self._users,
            staffing=AppStaffing(self._plan),
            halted=opened.halted,
        )

    def _open(self) -> Opened:
        settings = self._plan.settings
        engine, database, halted = open_to_serve(settings)
        with ExitStack() as unless_settled:
            unless_settled.callback(engine.close)
            if halted is None:
                settle(engine, self._plan)
            # Links that the command line prints lead here; that is no reason not to serve.
            with suppress(SetupError):
                DataDirectory(settings.data_dir).note_served_at(settings.public_url)
            unless_settled.pop_all()
        return Opened(engine=engine, database=database, halted=halted)
