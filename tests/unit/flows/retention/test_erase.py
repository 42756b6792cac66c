from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Actor
from understudy.core.ports import GrantFilter, Page, Unit
from understudy.errors import Conflict, NotFound
from understudy.flows.directory import maintain
from understudy.flows.impersonation.request import Granted, request
from understudy.flows.retention.erase import Erased, erase_subject

SECRET_REASON = "Zanzibar asked about her cardiology invoice"


def _erase(world: World, subject_id: str = "ada", *, application_id: str | None = None) -> Erased:
    where = application_id or world.application.id
    return world.run(
        lambda unit: erase_subject(unit, where, SubjectId(subject_id), by=SYSTEM, origin=HERE)
    )


def _delete(world: World, subject_id: str) -> None:
    world.run(
        lambda unit: maintain.delete_subject(
            unit, world.application, SubjectId(subject_id), by=SYSTEM, origin=HERE
        )
    )


def _worked_as_ada(world: World) -> None:
    world.end(world.session("ada", reason=SECRET_REASON, ticket="T-999", return_to="/cardiology"))


def test_what_names_the_person_is_gone_from_every_entry_and_grant(installation: World) -> None:
    _worked_as_ada(installation)
    others = [entry for entry in installation.entries() if "subject_ref" not in (entry.core or {})]
    erased = _erase(installation)
    about = [
        entry
        for entry in installation.entries()
        if (entry.core or {}).get("subject_ref") is not None and entry.personal is None
    ]
    assert erased == Erased(entries=len(about), grants=1)
    assert {entry.type for entry in about} == {
        EventType.SUBJECT_SAVED,
        EventType.GRANT_CREATED,
        EventType.SESSION_STARTED,
        EventType.SESSION_ENDED,
    }
    assert all(entry.core is not None for entry in about)
    with installation.engine.reading() as reader:
        for entry in others:
            assert reader.entries.get(entry.index) == entry
        grant = reader.grants.search(GrantFilter())[0]
    assert (grant.reason, grant.ticket, grant.return_to) == ("(erased)", None, None)


def test_the_actor_as_a_wire_was_given_it_goes_with_the_person(installation: World) -> None:
    given = {"sub": "kim", "note": "for Ada Lovett, 12 Harley Street"}
    grant = installation.granted(actor_as_given=given)
    other = installation.granted("bob", actor_as_given=given)
    _erase(installation)
    with installation.engine.reading() as reader:
        erased, untouched = reader.grants.get(grant.id), reader.grants.get(other.id)
    assert erased is not None
    assert erased.actor_as_given is None
    assert untouched is not None
    assert untouched.actor_as_given == given


def test_an_erasure_is_an_entry_that_names_the_indexes_and_nobody(installation: World) -> None:
    _worked_as_ada(installation)
    count = _erase(installation).entries
    entry = installation.entries()[0]
    assert entry.type == EventType.AUDIT_ERASED
    assert entry.core is not None
    details = entry.core["details"]
    assert isinstance(details, dict)
    assert details["part"] == "personal"
    ranges = [part.split("-") for part in str(details["indexes"]).split(",")]
    assert sum(int(one[-1]) - int(one[0]) + 1 for one in ranges) == count
    assert "ada" not in str(entry.core) + str(entry.personal)


def test_receipts_and_checkpoints_from_before_still_verify(installation: World) -> None:
    _worked_as_ada(installation)
    engine = installation.engine
    started = installation.entries(EventType.SESSION_STARTED)[0]
    before = engine.receipt(started.index)
    _erase(installation)
    with engine.reading() as reader:
        after = reader.entries.get(started.index)
    assert after is not None
    assert after.leaf == started.leaf
    verifier = engine.verifiers()[-1]
    for receipt in (before, engine.receipt(started.index)):
        checkpoint = receipt.verify(after.leaf, verifier=verifier, origin=engine.origin)
        assert checkpoint.size > started.index
    report = engine.verify()
    assert report.ok
    assert report.erased_personal > 0


def test_nothing_of_it_is_left_in_the_files(installation: World, tmp_path: Path) -> None:
    needles = [word.encode() for word in (SECRET_REASON, "T-999", "/cardiology", "ada@acme")]

    def found() -> list[bytes]:
        files = b"".join(path.read_bytes() for path in tmp_path.glob("understudy.db*"))
        return [needle for needle in needles if needle in files]

    _worked_as_ada(installation)
    assert found() == needles
    _delete(installation, "ada")
    _erase(installation)
    assert found() == []


def test_a_person_is_forgotten_in_slices_that_let_others_write(installation: World) -> None:
    _worked_as_ada(installation)
    application = installation.application.id
    from_index: int | None = 0
    erased: list[int] = []
    while from_index is not None:
        start = from_index

        def one(unit: Unit) -> Erased:
            return erase_subject(
                unit,
                application,
                SubjectId("ada"),
                by=SYSTEM,
                origin=HERE,
                from_index=start,  # noqa: B023  # run before the next turn
                limit=2,
            )

        done = installation.run(one)
        erased.append(done.entries)
        assert (done.grants == 0) == (done.next_index is not None)
        from_index = done.next_index
        # Between two slices the log is whole, and somebody else has a turn.
        assert installation.engine.verify().ok
        installation.granted("bob")
    assert erased == [2, 2, 0]
    assert _erase(installation).entries == 0
    with installation.engine.reading() as reader:
        reasons = {grant.reason for grant in reader.grants.search(GrantFilter())}
    assert SECRET_REASON not in reasons


def test_a_second_erasure_has_nothing_to_do(installation: World) -> None:
    _worked_as_ada(installation)
    _erase(installation)
    entries = len(installation.entries())
    assert _erase(installation).entries == 0
    assert len(installation.entries()) == entries


def test_nobody_is_erased_while_somebody_works_as_them(installation: World) -> None:
    opened = installation.session("ada")
    with pytest.raises(Conflict) as refused:
        _erase(installation)
    assert "Revoke" in refused.value.detail
    installation.end(opened)
    assert _erase(installation).entries > 0


def test_the_subject_must_be_one_of_that_application(installation: World) -> None:
    for subject_id, application_id in (
        ("nobody", None),
        ("ada", installation.other_application.id),
        ("ada", "app_nobody"),
    ):
        with refusal_of(NotFound, "not_found"):
            _erase(installation, subject_id, application_id=application_id)


def test_another_applications_subject_of_the_same_id_is_left_alone(installation: World) -> None:
    installation.run(
        lambda unit: maintain.save_subject(
            unit,
            installation.other_application,
            maintain.SubjectFacts(id=SubjectId("ada"), email="ada@elsewhere.example"),
            by=SYSTEM,
            origin=HERE,
        )
    )
    _erase(installation)
    kept = installation.entries(EventType.SUBJECT_SAVED)[0]
    assert kept.personal is not None
    assert kept.personal["subject_email"] == "ada@elsewhere.example"


def test_all_of_very_many_grants_of_one_instant_are_erased(installation: World) -> None:
    ask = ImpersonationRequest(
        application_id=installation.application.id,
        actor=Actor.from_operator(installation.sam),
        subject_id=SubjectId("ada"),
        reason=SECRET_REASON,
    )
    waiting = [
        installation.engine.submit(lambda unit: request(unit, ask, origin=HERE)) for _ in range(504)
    ]
    assert all(isinstance(future.result(), Granted) for future in waiting)
    assert _erase(installation).grants == 504
    with installation.engine.reading() as reader:
        newest = reader.grants.search(GrantFilter(), Page(limit=1_000))
    assert {grant.reason for grant in newest} == {"(erased)"}
