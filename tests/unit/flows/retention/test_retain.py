from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.audit.entries.erasure import ErasedPart, Erasure
from understudy.audit.entries.findings import FindingCode
from understudy.core.ids import SubjectId
from understudy.core.notices.event_sets import LASTING
from understudy.core.notices.events import SYSTEM, Event, EventType, PartyKind
from understudy.core.notices.webhooks import (
    Attempt,
    DeliveryStatus,
    EndpointStatus,
    WebhookEndpoint,
)
from understudy.core.ports import DeliveryFilter, Entry, EntryFilter, GrantFilter, Hold, Unit
from understudy.errors import LogUnwritable
from understudy.flows.retention import holds, retain
from understudy.flows.retention.erase import erase_subject
from understudy.flows.retention.marks import mark_of
from understudy.flows.retention.retain import Due, Retained
from understudy.storage.log.ledger import StoreBatch

CANARY = "Zanzibar asked about her cardiology invoice"


def _step(world: World, *, batch: int = retain.BATCH) -> Retained:
    return world.run(lambda unit: retain.retain(unit, world.application.id, batch=batch))


def _run(world: World, *, batch: int = retain.BATCH) -> int:
    """Everything that is due; answers how many entries that were."""
    total = 0
    while (done := _step(world, batch=batch)).more:
        total += done.entries
    return total + done.entries


def _work(world: World, subject_id: str = "ada") -> None:
    world.end(world.session(subject_id, reason=CANARY, ticket="T-999", return_to="/cardiology"))


def _hold(world: World, subject_id: str | None) -> Hold:
    return world.run(
        lambda unit: holds.place(
            unit,
            world.application.id,
            subject_id=None if subject_id is None else SubjectId(subject_id),
            reason="Smith v. Acme",
            by=SYSTEM,
            origin=HERE,
        )
    )


def _release(world: World, hold: Hold) -> None:
    world.run(lambda unit: holds.release(unit, hold.id, by=SYSTEM, origin=HERE))


def _all(world: World) -> Sequence[Entry]:
    return list(world.engine.stream_entries(EntryFilter()))


def _of_app(world: World) -> Sequence[Entry]:
    return list(world.engine.stream_entries(EntryFilter(application_id=world.application.id)))


def _passing(world: World) -> list[int]:
    """The entries of which nothing is left in the end."""
    return [entry.index for entry in _of_app(world) if entry.type not in LASTING]


def _falling(world: World) -> list[int]:
    """The entries that retention takes something from."""
    return [entry.index for entry in _of_app(world) if entry.type not in LASTING or entry.personal]


def _told(world: World) -> list[Erasure]:
    found = world.engine.stream_entries(EntryFilter(types=frozenset({EventType.AUDIT_ERASED})))
    return [Erasure.from_details((entry.core or {}).get("details")) for entry in found]


def _indexes(erasures: Sequence[Erasure], part: ErasedPart) -> list[int]:
    return [
        index
        for erasure in erasures
        if erasure.part is part
        for first, last in erasure.ranges
        for index in range(first, last + 1)
    ]


def test_both_halves_go_once_an_entry_is_older_than_the_retention_of_its_application(
    installation: World,
) -> None:
    _work(installation)
    old, falling = _passing(installation), _falling(installation)
    others = {entry.index: entry for entry in _all(installation) if entry.index not in falling}
    installation.clock.forward(days=30, hours=1)
    assert _run(installation) == len(falling)
    for entry in _all(installation):
        if entry.index in old:
            assert (entry.core, entry.personal) == (None, None)
        elif entry.index in others:
            assert entry == others[entry.index]
    assert _indexes(_told(installation), ErasedPart.BOTH) == old


def test_the_very_last_moment_of_the_retention_still_counts(installation: World) -> None:
    installation.clock.forward(hours=1)
    started = installation.clock()
    _work(installation)
    young = [entry.index for entry in _of_app(installation) if entry.time == started]
    installation.clock.now = started + timedelta(days=30)
    _run(installation)
    kept = {entry.index for entry in _of_app(installation)}
    assert kept.issuperset(young)
    installation.clock.forward(milliseconds=1)
    _run(installation)
    assert not {entry.index for entry in _of_app(installation)}.intersection(young)


def test_each_erasure_is_an_entry_by_the_system_that_names_cause_and_days(
    installation: World,
) -> None:
    installation.set_up_application(retention_days=7)
    ordered = installation.entries(EventType.APPLICATION_UPDATED)[-1]
    installation.clock.forward(days=31)
    _work(installation)
    installation.clock.forward(days=8)
    _run(installation)
    entry = installation.entries(EventType.AUDIT_ERASED)[0]
    assert entry.core is not None
    assert entry.core["actor_kind"] == PartyKind.SYSTEM
    assert entry.core["application_id"] == installation.application.id
    details = entry.core["details"]
    assert isinstance(details, dict)
    assert (details["cause"], details["retention_days"]) == ("retention", 7)
    assert details["ordered_by"] == ordered.index
    assert entry.personal == {}


def test_a_shorter_retention_takes_nothing_that_was_promised_for_longer(
    installation: World,
) -> None:
    _work(installation)
    installation.set_up_application(retention_days=1)
    _work(installation)
    installation.clock.forward(days=29)
    assert _run(installation) == 0
    installation.set_up_application(retention_days=2)
    installation.set_up_application(retention_days=1)
    installation.clock.forward(days=1, hours=1)
    assert _run(installation) > 0
    assert _passing(installation) == []
    _work(installation)
    installation.clock.forward(days=1, hours=1)
    assert _run(installation) > 0


@pytest.mark.parametrize("days", [-1, 0, 4_000])
def test_days_that_nobody_could_have_set_erase_nothing(installation: World, days: int) -> None:
    _work(installation)

    def by_hand(unit: Unit) -> None:
        settings = replace(installation.application.settings, retention_days=days)
        unit.applications.save(replace(installation.application, settings=settings))

    installation.run(by_hand)
    installation.clock.forward(days=31)
    assert _run(installation) == 0


def test_who_lowered_the_retention_and_let_go_of_a_hold_is_told_for_good(
    installation: World,
) -> None:
    hold = _hold(installation, "ada")
    _work(installation)
    _release(installation, hold)
    installation.set_up_application(retention_days=1)
    lasting = [e.index for e in _of_app(installation) if e.type in LASTING]
    for _ in range(3):
        installation.clock.forward(days=31)
        _run(installation)
    with installation.engine.reading() as reader:
        kept = [reader.entries.get(index) for index in lasting]
    assert all(entry is not None and entry.core is not None for entry in kept)
    types = {entry.type for entry in kept if entry is not None}
    assert {"application.updated", "hold.placed", "hold.released"} <= types
    assert installation.engine.verify().ok


def test_what_tells_of_an_erasure_keeps_its_core_and_loses_who_asked_for_it(
    installation: World,
) -> None:
    _work(installation)
    by = installation.sam.party
    installation.run(
        lambda unit: erase_subject(
            unit, installation.application.id, SubjectId("ada"), by=by, origin=HERE
        )
    )
    told = installation.entries(EventType.AUDIT_ERASED)[0]
    assert told.personal
    installation.clock.forward(days=31)
    _run(installation)
    with installation.engine.reading() as reader:
        after = reader.entries.get(told.index)
    assert after is not None
    assert (after.core, after.personal) == (told.core, None)
    assert _indexes(_told(installation), ErasedPart.PERSONAL)[-1] == told.index
    assert installation.engine.verify().ok


def test_retention_comes_to_rest(installation: World) -> None:
    _work(installation)
    installation.clock.forward(days=31)
    _run(installation)
    for _ in range(3):
        size = len(_all(installation))
        installation.clock.forward(days=31)
        with installation.engine.reading() as reader:
            due = retain.due(reader, installation.clock())
        assert installation.application.id not in {one.application.id for one in due}
        assert _run(installation) == 0
        assert len(_all(installation)) == size


def test_what_is_written_after_one_retention_falls_due_for_the_next(installation: World) -> None:
    _work(installation)
    for _ in range(3):
        installation.clock.forward(days=31)
        _run(installation)
        with installation.engine.reading() as reader:
            mark = mark_of(reader, installation.application.id).next_index
            assert mark <= reader.entries.size()
        _work(installation)
        new = len(_passing(installation))
        assert new > 0
        installation.clock.forward(days=31)
        assert _run(installation) == new


def test_in_small_steps_it_comes_to_the_same(installation: World) -> None:
    for _ in range(4):
        _work(installation)
    old, falling = _passing(installation), _falling(installation)
    installation.clock.forward(days=31)
    assert _run(installation, batch=3) == len(falling)
    told = _told(installation)
    assert _indexes(told, ErasedPart.BOTH) == old
    assert sorted(_indexes(told, ErasedPart.PERSONAL) + _indexes(told, ErasedPart.BOTH)) == falling
    with installation.engine.reading() as reader:
        grants = reader.grants.search(GrantFilter(application_id=installation.application.id))
    assert {(grant.reason, grant.actor.name) for grant in grants} == {("(erased)", None)}


def test_what_is_due_can_be_asked_before(installation: World) -> None:
    _work(installation)
    expected = len(_falling(installation))
    installation.clock.forward(days=31)

    def due() -> dict[str, int]:
        with installation.engine.reading() as reader:
            found: Sequence[Due] = retain.due(reader, installation.clock())
        return {one.application.id: one.entries for one in found}

    other = installation.other_application.id
    assert due() == {installation.application.id: expected, other: 1}
    _hold(installation, None)
    assert due() == {other: 1}


def test_a_held_subject_is_passed_over_and_caught_up_with_after_the_release(
    installation: World,
) -> None:
    _work(installation, "ada")
    _work(installation, "bob")
    about_ada = [
        entry.index
        for entry in _of_app(installation)
        if (entry.personal or {}).get("subject_id") == "ada"
    ]
    hold = _hold(installation, "ada")
    installation.clock.forward(days=31)
    for batch in (2, retain.BATCH):
        _run(installation, batch=batch)
        kept = {entry.index: entry for entry in _of_app(installation)}
        assert {i for i, entry in kept.items() if entry.type not in LASTING} == {*about_ada}
        assert all(kept[index].personal for index in about_ada)
    with installation.engine.reading() as reader:
        reasons = {grant.subject_id: grant.reason for grant in reader.grants.search(GrantFilter())}
    assert reasons == {"ada": CANARY, "bob": "(erased)"}
    _release(installation, hold)
    _run(installation, batch=2)
    with installation.engine.reading() as reader:
        assert {grant.reason for grant in reader.grants.search(GrantFilter())} == {"(erased)"}
        assert all(
            found is not None and found.core is None for found in map(reader.entries.get, about_ada)
        )


def test_nothing_of_a_held_application_goes_until_its_last_hold_is_released(
    installation: World,
) -> None:
    _work(installation)
    holds_placed = [_hold(installation, None), _hold(installation, None)]
    before = _of_app(installation)
    installation.clock.forward(days=31)
    for hold in holds_placed:
        assert _step(installation) == Retained()
        assert list(_of_app(installation))[: len(before)] == list(before)
        _release(installation, hold)
    assert _run(installation) == len(before)


def test_open_grants_keep_their_words_until_they_are_closed(installation: World) -> None:
    grant = installation.granted("ada", reason=CANARY)
    installation.clock.forward(days=31)
    _run(installation)
    with installation.engine.reading() as reader:
        kept = reader.grants.get(grant.id)
    assert kept is not None
    assert kept.reason == CANARY
    closed = replace(kept, status="closed")  # type: ignore[arg-type]
    installation.run(lambda unit: unit.grants.save(closed))
    _run(installation)
    with installation.engine.reading() as reader:
        gone = reader.grants.get(grant.id)
    assert gone is not None
    assert (gone.reason, gone.ticket, gone.actor.email, gone.actor.name) == (
        "(erased)",
        None,
        None,
        None,
    )


def _deliver(world: World) -> str:
    """Let an endpoint hear of Ada's sessions, and one message be tried; answers its id."""

    def prepare(unit: Unit) -> None:
        unit.webhook_endpoints.add(
            WebhookEndpoint(
                id="whe_1",
                application_id=world.application.id,
                url="https://hooks.example/",
                description="",
                format="native",
                types=frozenset({EventType.SESSION_STARTED}),
                personal=True,
                status=EndpointStatus.ACTIVE,
                secret_encrypted=b"",
                created_at=unit.now,
                updated_at=unit.now,
            )
        )

    def attempt(unit: Unit) -> str:
        (delivery,) = unit.deliveries.search(DeliveryFilter(endpoint_id="whe_1"))
        unit.deliveries.add_attempt(
            Attempt(
                delivery_id=delivery.id,
                number=1,
                at=unit.now,
                duration_ms=1,
                url="https://hooks.example/",
                request=CANARY,
                status=500,
                answer=f"No: {CANARY}",
                error=None,
            )
        )
        return delivery.id

    world.run(prepare)
    _work(world)
    return world.run(attempt)


@pytest.mark.parametrize("way", ["by age", "by request"])
def test_what_was_delivered_of_an_entry_is_forgotten_with_it(installation: World, way: str) -> None:
    delivery_id = _deliver(installation)
    if way == "by age":
        installation.clock.forward(days=31)
        _run(installation)
    else:
        app = installation.application.id
        installation.run(
            lambda unit: erase_subject(unit, app, SubjectId("ada"), by=SYSTEM, origin=HERE)
        )
    with installation.engine.reading() as reader:
        delivery = reader.deliveries.get(delivery_id)
        (attempt,) = reader.deliveries.attempts_of(delivery_id)
    assert delivery is not None
    assert delivery.status is DeliveryStatus.CANCELLED
    assert (attempt.request, attempt.answer, attempt.status) == (None, None, 500)


def test_nothing_of_it_is_left_in_the_files(installation: World, tmp_path: Path) -> None:
    needles = [word.encode() for word in (CANARY, "T-999", "/cardiology")]

    def found() -> list[bytes]:
        files = b"".join(path.read_bytes() for path in tmp_path.glob("understudy.db*"))
        return [needle for needle in needles if needle in files]

    _deliver(installation)
    assert found() == needles
    installation.clock.forward(days=31)
    _run(installation)
    assert found() == []


def test_old_receipts_and_checkpoints_go_on_verifying(installation: World) -> None:
    _work(installation)
    engine = installation.engine
    started = installation.entries(EventType.SESSION_STARTED)[0]
    before = engine.receipt(started.index)
    installation.clock.forward(days=31)
    _run(installation)
    after = engine.receipt(started.index)
    verifier = engine.verifiers()[-1]
    checkpoints = [
        receipt.verify(started.leaf, verifier=verifier, origin=engine.origin)
        for receipt in (before, after)
    ]
    report = engine.verify(older=checkpoints)
    assert report.ok
    assert report.erased_personal >= report.erased_core > 0


def test_one_more_row_erased_than_was_told_is_an_alarm(installation: World) -> None:
    _work(installation)
    installation.clock.forward(days=31)
    _run(installation)
    stolen = next(entry.index for entry in _all(installation) if entry.core is not None)
    with installation.engine._database.writing() as transaction:
        transaction.run_many("entries_erase_both", [(stolen,)])
    found = installation.engine.verify().findings
    assert {(finding.code, finding.index) for finding in found} == {
        (FindingCode.PAYLOAD_MISSING, stolen)
    }
    # The fixture wants a log that verifies in the end, as every other test leaves one.
    installation.run(
        lambda unit: unit.record(
            Event(
                type=EventType.AUDIT_ERASED,
                details=Erasure(part=ErasedPart.BOTH, ranges=((stolen, stolen),)).to_details(),
            )
        )
    )


def test_an_erasure_that_cannot_be_told_does_not_happen(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _work(installation)
    before = _all(installation)
    installation.clock.forward(days=31)

    def full(batch: StoreBatch) -> None:
        raise LogUnwritable

    with monkeypatch.context() as patched:
        patched.setattr(StoreBatch, "seal", full)
        with refusal_of(LogUnwritable, "log_unwritable"):
            _step(installation)
    assert _all(installation) == before
    with installation.engine.reading() as reader:
        assert mark_of(reader, installation.application.id).next_index == 0
        assert reader.grants.search(GrantFilter())[0].reason == CANARY


def test_an_application_that_is_not_there_has_nothing_to_forget(installation: World) -> None:
    assert installation.run(lambda unit: retain.retain(unit, "app_nobody")) == Retained()
