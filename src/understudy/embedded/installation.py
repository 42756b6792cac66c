"""The installation of an app that has no service beside it: one for each process, opened late."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from understudy.embedded.plan import Plan
from understudy.sdk.closing import close_at_exit, need_not_close

if TYPE_CHECKING:
    import asyncio

    from understudy.embedded.gateway import InProcessGateway
    from understudy.embedded.process import Process
    from understudy.service.app import Service
    from understudy.storage.engine.engine import StoreEngine


class Installation:
    """Engine, database and service of whichever process asks.

    Each process opens its own at first use. What a forked child finds of its parent it neither uses
    nor closes. Any thread may call; every verb may block while something is opened.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._processes: dict[int, Process] = {}
        self.closing: Callable[[], None] = self.close
        """What a process calls before its end: ``close`` behind whatever still needs this."""
        self._loops: dict[int, asyncio.AbstractEventLoop] = {}

    @property
    def path(self) -> str:
        """Where browsers find the dashboard on its host, without a slash at the end."""
        return self.plan.settings.path

    def engine(self) -> StoreEngine:
        """This process's engine.

        :raises SetupError: it cannot be opened as it was set up.
        :raises Unavailable: the database cannot be reached; the next call tries again.
        """
        return self._process().opened().engine

    def gateway(self) -> InProcessGateway:
        """The guard's way to it.

        :raises SetupError: see ``engine``.
        :raises Unavailable: see ``engine``.
        """
        return self._process().gateway()

    def service(self) -> Service:
        """A service over the engine, made for the caller, whose event loop it shall live in.

        The caller starts it there, once, and stops it at the latest when ``before_close`` says so.

        :raises SetupError: see ``engine``.
        :raises Unavailable: see ``engine``.
        """
        return self._process().service()

    def runs_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """The app of this process runs in ``loop``, and is asked there for what takes its time."""
        self._loops[os.getpid()] = loop

    def before_close(self, stop: Callable[[], None]) -> None:
        """Have ``stop`` called before this process closes what it has opened."""
        self._process().before_close(stop)

    def end_news(self) -> None:
        """End what this process's guard is told, if it has begun to listen; opens nothing."""
        process = self._processes.get(os.getpid())
        if process is not None:
            process.end_news()

    def close(self) -> None:
        """Stop what runs and close what this process has opened; the next use opens it again."""
        process = self._processes.pop(os.getpid(), None)
        if process is not None:
            need_not_close(self.closing)
            process.close()

    def _process(self) -> Process:
        pid = os.getpid()
        process = self._processes.get(pid)
        if process is None:
            # The engine with everything below it: an app whose sessions are none never loads it.
            from understudy.embedded.process import Process

            # One of several threads that come first wins; it holds nothing before its first use.
            # What a parent has left stays in the dictionary: to let go of it would be to close it.
            process = self._processes.setdefault(
                pid, Process(self.plan, app_loop=lambda: self._loops.get(os.getpid()))
            )
            close_at_exit(self.closing)
        return process
