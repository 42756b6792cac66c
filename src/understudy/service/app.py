"""Puts the service together: one ASGI app over one engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from understudy.config import Settings
from understudy.core.ports import Entry
from understudy.http.access_log import LogAccess, log_access
from understudy.http.app_users import AppUsers
from understudy.http.dispatch import Dispatcher
from understudy.http.hosts import Hosts
from understudy.http.known_applications import CHANGES, KnownApplications
from understudy.http.last_seen import FORGETS, LastSeen
from understudy.http.look_ups import LookUps
from understudy.http.metrics import Metrics
from understudy.http.node import Node
from understudy.http.nonces import RequestIds, new_nonce, process_name
from understudy.http.outsiders import Outsiders
from understudy.http.rate_limits import RateLimits
from understudy.http.readings import Readings
from understudy.http.rim import Rim
from understudy.http.security_headers import SecurityHeaders
from understudy.http.staffing import Staffing
from understudy.http.stream import TYPES, Stream
from understudy.http.submissions import Submissions
from understudy.http.wire import Wire, gathered, shapes
from understudy.keys.session_keys import SessionKeys
from understudy.sdk.boot_time import seconds_since_boot
from understudy.service.background import Background
from understudy.service.dashboard import STATIC
from understudy.service.site import Site
from understudy.service.staff_entrance import StaffEntrance
from understudy.service.table import TABLE
from understudy.storage.database.connection import Database, Dialect
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.engine.follower import Follower
from understudy.webhooks.authorities import tls_context
from understudy.webhooks.decision_points import DecisionPoints
from understudy.webhooks.worker import Worker


class Service:
    """The ASGI app. Its lifespan follows the log and does the background work.

    The engine belongs to the caller, who closes it after the app has shut down.
    """

    def __init__(
        self,
        node: Node,
        database: Database,
        *,
        wires: Sequence[Wire],
        folder: Path,
        log: LogAccess = log_access,
    ) -> None:
        self.node = node
        self._follower = _follower(node, database)
        self._background = Background(node)
        self._database = database
        self._app = _around(node, wires, folder, log)
        _measure(node, self._background.deliveries)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or live through a lifespan."""
        if scope["type"] == "http":
            await self._app(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def start(self) -> None:
        """Begin to follow the log and to work in the background, in the running event loop."""
        self.node.stream.open()
        self._hear_endings()
        self._follower = _follower(self.node, self._database)
        self._follower.start()
        self._background.start()

    async def stop(self) -> None:
        """End all streams and all work of one's own."""
        self.node.stream.close()
        await self._background.stop()
        self._follower.stop()

    def abandon(self) -> None:
        """Stop what runs beside an event loop that is gone, where ``stop`` cannot run any more."""
        self._follower.stop()
        self._background.deliveries.stop()

    def _hear_endings(self) -> None:
        """Have room for endings, and let listeners hear of each at once."""
        engine, stream = self.node.engine, self.node.stream
        if stream.on_endings not in engine.endings.spool.listeners:
            engine.endings.spool.listeners.append(stream.on_endings)
        stream.in_force = engine.endings.spool.in_force.all
        engine.endings.spool.open()
        engine.endings.replays.wake()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def create_app(
    engine: StoreEngine,
    database: Database,
    settings: Settings,
    *,
    timer: Callable[[], float] = seconds_since_boot,
    folder: Path = STATIC,
    log: LogAccess = log_access,
    wires: Sequence[Wire] = TABLE,
    app_users: AppUsers | None = None,
    halted: str | None = None,
    staffing: Staffing | None = None,
) -> Service:
    """The service over ``engine``, speaking ``wires``; ``folder`` holds the built dashboard,
    ``log`` takes a line for each request. Where it is a part of an app, ``app_users`` are the app's
    own, and ``staffing`` says who is staff. ``halted`` says why it is to do nothing but end
    sessions.
    """
    stream = Stream(timer=timer)
    node = Node(
        engine=engine,
        settings=settings,
        reads_wait=database.dialect is not Dialect.SQLITE,
        hosts=Hosts(public_url=settings.public_url),
        rate_limits=RateLimits(multiplier=settings.rate_multiplier, timer=timer),
        readings=Readings(timer=timer),
        look_ups=LookUps(timer=timer),
        metrics=Metrics(),
        stream=stream,
        session_keys=SessionKeys(engine.vault),
        submissions=Submissions(engine.submit_all),
        first_submissions=Submissions(engine.submit_first),
        last_seen=LastSeen(),
        known_applications=KnownApplications(followed=stream.is_fresh),
        wires=gathered(wires),
        outsiders=Outsiders(decision_points(engine, settings).ask),
        app_users=app_users,
        staffing=staffing,
        halted=halted,
    )
    return Service(node, database, wires=wires, folder=folder, log=log)


def decision_points(engine: StoreEngine, settings: Settings) -> DecisionPoints:
    """Those of the installation's applications, as far as ``settings`` let it reach them."""
    return DecisionPoints(
        vault=engine.vault,
        internal=settings.internal_targets,
        tls=tls_context,
        timer=time.monotonic,
    )


def _around(node: Node, wires: Sequence[Wire], folder: Path, log: LogAccess) -> ASGIApp:
    """The layers of the app, the innermost first."""
    settings = node.settings
    app: ASGIApp = Dispatcher(
        node, [endpoint for wire in wires for endpoint in wire.endpoints], shapes=shapes(wires)
    )
    staffing = node.staffing
    app = Site(app, hosts=node.hosts, nonce=new_nonce, folder=folder, staffing=staffing)
    if staffing is not None:
        app = StaffEntrance(app, node, staffing)
    return Rim(
        app,
        new_id=RequestIds(process_name()),
        trusted=settings.trusted_proxies,
        # What browsers are told of a whole host is for the app to say that has it.
        security=SecurityHeaders(https=settings.https and not settings.embedded),
        metrics=node.metrics,
        timer=time.perf_counter,
        log=log,
    )


def _follower(node: Node, database: Database) -> Follower:
    stream, known = node.stream, node.known_applications

    def on_entries(entries: Sequence[Entry]) -> None:
        # Before anybody hears of it and asks again.
        if any(entry.type in CHANGES for entry in entries):
            known.forget()
        node.last_seen.on_entries(entries)
        stream.on_entries([entry for entry in entries if entry.type in TYPES])

    return Follower(
        database,
        on_entries,
        stream.on_heartbeat,
        types=TYPES | CHANGES | FORGETS,
        hear=node.engine.endings.hear,
    )


def _measure(node: Node, deliveries: Worker) -> None:
    writer = node.engine.writer

    def counters() -> dict[str, float]:
        return {
            "writer_groups": writer.groups,
            "writer_flows": writer.flows,
            "writer_entries": writer.entries,
            "writer_rerun_groups": writer.rerun_groups,
            "writer_seconds": writer.seconds,
            "webhook_attempts_accepted": deliveries.accepted,
            "webhook_attempts_failed": deliveries.failed,
        }

    def gauges() -> dict[str, float]:
        with node.engine.reading() as reader:
            live, size = reader.sessions.count_live(), reader.entries.size()
            pending = reader.deliveries.pending()
        return {
            "webhook_deliveries_pending": pending,
            "live_sessions": live,
            "log_entries": size,
            "stream_listeners": node.stream.listeners,
        }

    node.metrics.ask(counters=counters, gauges=gauges)
