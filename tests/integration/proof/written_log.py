"""A log with everything in it that a log usually holds, and its tables kept aside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from tests.contract.rules.world import HERE, REASON, World, named, world
from tests.integration.proof.outside import hand_in_mail, hear_of_tickets
from tests.integration.proof.place import Place, connect
from understudy.audit.entries.findings import Report
from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.core.governance.consents import ConsentTerms
from understudy.core.ids import SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, Action, Event, EventType
from understudy.core.notices.receivers import NOTHING_INTERNAL
from understudy.core.notices.webhooks import EndpointStatus
from understudy.core.ports import EntryFilter, Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.directory.import_subjects import ImportRow, import_subjects
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.expire import expire
from understudy.flows.impersonation.launch import OperatorAtBrowser, launch
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.record_actions import Phase, RecordedAction, record_actions
from understudy.flows.notices import subscribe
from understudy.flows.notices.subscribe import EndpointChange
from understudy.flows.people import sign_in
from understudy.flows.retention import holds
from understudy.flows.retention.erase import erase_subject
from understudy.service.table import WIRES
from understudy.storage.data_directory import CHECKPOINT_FILE, KEY_FILE
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.log.exports import ExportKind

TABLES = ("log_entries", "log_tiles", "log_head")
ACTIONS = 520
"""So many that the tree has tiles of two levels, and more than one of the first."""


@dataclass(frozen=True, kw_only=True)
class WrittenLog:
    """A finished log. ``early`` is the checkpoint after its first ``early_size`` entries.

    ``engine`` lies over the same database and remembers nothing of it.
    """

    place: Place = field(repr=False)
    engine: StoreEngine = field(repr=False)
    size: int
    types: frozenset[str]
    erased: int
    early: bytes
    early_size: int
    early_export: bytes
    latest: bytes

    def verify(self, *older: Checkpoint) -> Report:
        """What verification says of it as it is now, to somebody who knows ``older`` alone."""
        return self.engine.verify(older=older)

    def restore(self, *, as_of: str = "finished") -> None:
        """Put the tables back, or back to how they once were: ``finished`` or ``early``."""
        with self.place.sql() as sql, sql.together():
            for table in TABLES:
                sql.change(f"DELETE FROM {table}")
                sql.change(f"INSERT INTO {table} SELECT * FROM {as_of}_{table}")


@contextmanager
def written_log(database_url: str, folder: Path) -> Iterator[WrittenLog]:
    """A log at ``database_url``; whoever tampers with it restores it."""
    with world(database_url, folder) as made:
        _administrate(made)
        early = made.engine.checkpoint()
        with made.engine.reading() as reader:
            early_size = reader.entries.size()
        early_export = b"".join(made.engine.export(ExportKind.NDJSON, EntryFilter()))
        _keep(database_url, "early")
        _impersonate(made)
        _act(made)
        erased = made.run(
            lambda unit: erase_subject(
                unit, made.application.id, SubjectId("bob"), by=SYSTEM, origin=HERE
            )
        )
        latest = made.engine.checkpoint()
        with made.engine.reading() as reader:
            entries = reader.entries.after(-1, limit=100_000)
        _keep(database_url, "finished")
        place = Place(
            database_url=database_url,
            folder=folder,
            key=(folder / "data" / KEY_FILE).read_text().strip(),
            application_id=made.application.id,
            secret=made.secret,
        )
    with place.engine(data_dir=_forgetful(place)) as engine:
        yield WrittenLog(
            place=place,
            engine=engine,
            size=len(entries),
            types=frozenset(entry.type for entry in entries),
            erased=erased.entries,
            early=early,
            early_size=early_size,
            early_export=early_export,
            latest=latest,
        )


def _forgetful(place: Place) -> Path:
    """A data directory like the installation's, but without its highest checkpoint."""
    directory = place.folder / "forgetful"
    shutil.copytree(place.data_dir, directory)
    (directory / CHECKPOINT_FILE).unlink()
    return directory


def _keep(database_url: str, name: str) -> None:
    sql = connect(database_url)
    for table in TABLES:
        sql.change(f"CREATE TABLE {name}_{table} AS SELECT * FROM {table}")
    sql.close()


def _administrate(made: World) -> None:
    """What happens on other days: people, settings, keys."""
    run, application = made.run, made.application
    run(lambda unit: sign_in.sign_in_failed(unit, "sam@support.example", origin=HERE))
    signed_in = run(lambda unit: sign_in.signed_in(unit, made.sam, origin=HERE))
    assert signed_in is not None
    run(lambda unit: sign_in.sign_out(unit, made.sam, signed_in.session, origin=HERE))
    made.change_operator(name="Sam Ortiz")
    made.set_up_application(idle_minutes=9, consent=ConsentTerms(tell=True))
    run(
        lambda unit: administer.rotate_secret(
            unit, application.id, overlap=timedelta(minutes=5), by=SYSTEM, origin=HERE
        )
    )
    rows = [ImportRow(line=2, facts=SubjectFacts(id=SubjectId("cy"), email="cy@acme.example"))]
    run(
        lambda unit: import_subjects(unit, application, rows, partial=False, by=SYSTEM, origin=HERE)
    )
    run(
        lambda unit: maintain.delete_subject(
            unit, application, SubjectId("cy"), by=SYSTEM, origin=HERE
        )
    )
    _hold(made)
    _tell(made)
    hand_in_mail(made)
    made.engine.rotate_log_key(overlap=timedelta())


def _hold(made: World) -> None:
    """A legal hold that stands for a while."""
    hold = made.run(
        lambda unit: holds.place(
            unit,
            made.application.id,
            subject_id=SubjectId("bob"),
            reason="Dispute 17",
            by=SYSTEM,
            origin=HERE,
        )
    )
    made.run(lambda unit: holds.release(unit, hold.id, by=SYSTEM, origin=HERE))


def _tell(made: World) -> None:
    """A webhook from its beginning to its end."""
    run = made.run
    there = run(
        lambda unit: subscribe.create(
            unit,
            made.application.id,
            url="https://hooks.acme.example/understudy",
            description="",
            format="native",
            formats=WIRES.formats,
            types=None,
            personal=False,
            internal=NOTHING_INTERNAL,
            by=SYSTEM,
            origin=HERE,
        )
    ).endpoint
    changes = (
        EndpointChange(description="Security"),
        EndpointChange(status=EndpointStatus.DISABLED),
        EndpointChange(status=EndpointStatus.ACTIVE),
    )
    for change in changes:
        update = partial(
            subscribe.update,
            endpoint_id=there.id,
            change=change,
            formats=WIRES.formats,
            internal=NOTHING_INTERNAL,
            by=SYSTEM,
            origin=HERE,
        )
        run(update)
    run(
        lambda unit: subscribe.rotate_secret(
            unit, there.id, overlap=timedelta(hours=1), by=SYSTEM, origin=HERE
        )
    )
    tried = run(lambda unit: subscribe.send_test(unit, there.id))
    run(lambda unit: subscribe.replay(unit, there.id, tried.id, by=SYSTEM, origin=HERE))
    run(lambda unit: subscribe.delete(unit, there.id, by=SYSTEM, origin=HERE))


def _impersonate(made: World) -> None:
    """Every way in which an impersonation begins, does not begin, and ends."""
    made.ask("vip")
    launched = made.granted("ada", ticket="HELP-7")
    at_browser = made.run(lambda unit: _at_browser(unit, made))
    made.run(lambda unit: launch(unit, launched.id, who=at_browser, origin=HERE))
    made.run(lambda unit: cancel(unit, launched.id, by=SYSTEM, origin=HERE))
    hear_of_tickets(made)
    for cause in (EndCause.ENDED_BY_ACTOR, EndCause.REVOKED):
        made.end(made.session("bob"), cause)
    token = made.token(made.granted("ada"))
    for _ in range(2):
        made.exchange(token)
    made.exchange("usi_unknown")
    made.session("ada")
    made.granted("bob")
    made.clock.forward(minutes=20)
    made.run(expire)
    exported = Event(type=EventType.AUDIT_EXPORTED, actor=SYSTEM, details={"format": "ndjson"})
    made.run(lambda unit: unit.record(exported))


def _at_browser(unit: Unit, made: World) -> OperatorAtBrowser:
    signed_in = sign_in.signed_in(unit, made.sam, origin=HERE)
    assert signed_in is not None
    return OperatorAtBrowser(operator=made.sam, session=signed_in.session)


def _act(made: World) -> None:
    """Many requests of two sessions, taking turns."""
    for subject_id in ("ada", "bob"):
        opened = made.session(subject_id, actor=named(), reason=REASON, scope=None)
        for start in range(0, ACTIONS // 2, 65):
            _record(made, opened, [_action(made, number) for number in range(start, start + 65)])
        made.end(opened)


def _record(made: World, opened: OpenSession, actions: list[RecordedAction]) -> None:
    made.run(lambda unit: record_actions(unit, made.application.id, opened.session.id, actions))


def _action(made: World, number: int) -> RecordedAction:
    phase = list(Phase)[number % len(Phase)]
    action = Action(
        id=f"action-{number:04}",
        method="POST" if phase is Phase.INTENDED else "GET",
        route="/orders/{id}" if number % 4 else None,
        path=f"/orders/{number}",
        status=None if phase is Phase.INTENDED else 200 + number % 300,
        duration_ms=None if phase is Phase.INTENDED else number,
    )
    rule = "action_blocked" if phase is Phase.BLOCKED else None
    return RecordedAction(action=action, phase=phase, at=made.clock(), rule=rule, origin=HERE)
