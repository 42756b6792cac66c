from __future__ import annotations

import pytest

from tests.contract.rules.world import HERE, World
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Subject
from understudy.errors import InvalidInput, RemovalUnconfirmed
from understudy.flows.directory.files.reading import Kind, read_subjects
from understudy.flows.directory.import_slices import NOTHING, Import
from understudy.flows.directory.import_subjects import ImportReport
from understudy.flows.directory.remove_absent import Sync

HEADER = "id,name,organization_id,organization_name,protected\n"
ROWS = [f"n{number},New {number},,," for number in range(5)]


def _asked(world: World, *rows: str, sync: Sync | None = None, partial: bool = False) -> Import:
    file = read_subjects((HEADER + "\n".join(rows)).encode(), Kind.CSV)
    return Import(
        rows=file.rows,
        problems=file.problems,
        partial=partial,
        by=SYSTEM,
        origin=HERE,
        sync=sync,
        application=lambda reader: (
            reader.applications.get(world.application.id) or world.application
        ),
        limit=2,
    )


def _run(world: World, asked: Import) -> ImportReport:
    report = NOTHING
    for one in asked.slices():
        report = report.and_then(world.run(one))
    return report


def _subject(world: World, subject_id: str) -> Subject | None:
    with world.engine.reading() as reader:
        return reader.subjects.get(world.application.id, SubjectId(subject_id))


def _ids(world: World) -> set[str]:
    with world.engine.reading() as reader:
        return set(reader.subjects.ids(world.application.id))


def _told(world: World, name: str) -> list[object]:
    entries = world.entries(EventType.SUBJECTS_IMPORTED)[::-1]
    return [dict((entry.core or {})["details"]).get(name) for entry in entries]  # type: ignore[arg-type]


def test_others_write_between_two_slices_and_each_slice_is_an_entry(installation: World) -> None:
    report = NOTHING
    for number, one in enumerate(_asked(installation, *ROWS).slices()):
        report = report.and_then(installation.run(one))
        assert len(_told(installation, "saved")) == number + 1
        # Nobody has to wait for the end of the file.
        installation.end(installation.session("ada"))
    assert report == ImportReport(saved=5, unchanged=0, problems=())
    assert _told(installation, "saved") == [2, 2, 1]
    assert all(_subject(installation, f"n{number}") for number in range(5))


def test_the_same_file_goes_on_where_it_was_cut_off(installation: World) -> None:
    first, *_ = _asked(installation, *ROWS).slices()
    installation.run(first)
    assert _run(installation, _asked(installation, *ROWS)) == ImportReport(
        saved=3, unchanged=2, problems=()
    )


def test_what_is_wrong_anywhere_is_found_before_the_first_slice(installation: World) -> None:
    before = _ids(installation)
    for bad in ("n9,New,nowhere,,", ",Nobody,,,"):
        report = _run(installation, _asked(installation, *ROWS, bad))
        assert [problem.line for problem in report.problems] == [7]
        assert (report.saved, report.unchanged) == (0, 0)
    assert _ids(installation) == before
    assert _told(installation, "saved") == []


def test_the_good_rows_are_saved_when_that_was_asked_for(installation: World) -> None:
    report = _run(installation, _asked(installation, "n9,New,nowhere,,", *ROWS, partial=True))
    assert (report.saved, [problem.line for problem in report.problems]) == (5, [2])
    assert _told(installation, "refused") == [1, 0, 0]


def test_a_row_may_be_in_an_organization_that_a_later_slice_names(installation: World) -> None:
    report = _run(installation, _asked(installation, "n8,,new,,", *ROWS, "n9,,new,New Ltd,"))
    assert report == ImportReport(saved=7, unchanged=0, problems=())
    found = _subject(installation, "n8")
    assert found is not None
    with installation.engine.reading() as reader:
        named = reader.organizations.get(installation.application.id, OrganizationId("new"))
    assert named is not None
    assert (found.organization_id, named.name) == ("new", "New Ltd")


def test_protection_in_a_slice_ends_the_session_there(installation: World) -> None:
    opened = installation.session("ada")
    first, *_ = _asked(installation, "ada,Ada,,,true", *ROWS).slices()
    installation.run(first)
    assert installation.stored(opened).end_cause == "subject_protected"


def test_whoever_is_not_in_the_file_goes_in_slices_behind_those_who_are(
    installation: World,
) -> None:
    gone = _ids(installation)
    asked = _asked(installation, *ROWS, sync=Sync(at_most=len(gone)))
    report = _run(installation, asked)
    assert report == ImportReport(saved=5, unchanged=0, removed=len(gone), problems=())
    assert _ids(installation) == {f"n{number}" for number in range(5)}
    assert len(installation.entries(EventType.SUBJECT_DELETED)) == len(gone)
    # Again there is nobody left to go.
    assert _run(installation, asked).removed == 0


def test_a_removal_that_nobody_agreed_to_saves_nothing(installation: World) -> None:
    before = _ids(installation)
    with pytest.raises(RemovalUnconfirmed) as refused:
        _run(installation, _asked(installation, *ROWS, sync=Sync()))
    assert refused.value.code == "removal_unconfirmed"
    with pytest.raises(InvalidInput) as unfit:
        _run(installation, _asked(installation, *ROWS, sync=Sync(), partial=True))
    assert unfit.value.facts["field"] == "partial"
    assert _ids(installation) == before


def test_a_small_file_is_one_slice_and_one_entry(installation: World) -> None:
    asked = _asked(installation, *ROWS[:2], sync=Sync(at_most=100))
    asked.limit = 100
    assert len(list(map(installation.run, asked.slices()))) == 1
    assert len(_told(installation, "removed")) == 1
