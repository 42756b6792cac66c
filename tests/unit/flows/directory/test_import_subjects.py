from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.rules.world import HERE, World
from tests.unit.flows.directory.importing import import_text
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Subject
from understudy.core.ports import Entry, SubjectFilter
from understudy.flows.directory import maintain
from understudy.flows.directory.files.reading import Kind, read_subjects
from understudy.flows.directory.import_subjects import ImportReport, import_subjects

HEADER = "id,email,name,organization_id,organization_name,roles,protected\n"


def _import(world: World, *rows: str, partial: bool = False) -> ImportReport:
    return import_text(world, HEADER + "\n".join(rows), Kind.CSV, partial=partial)


def _subject(world: World, subject_id: str) -> Subject | None:
    with world.engine.reading() as reader:
        return reader.subjects.get(world.application.id, SubjectId(subject_id))


def _count(world: World) -> int:
    with world.engine.reading() as reader:
        return reader.subjects.count(SubjectFilter(application_id=world.application.id))


def test_an_import_saves_and_counts_and_is_one_entry(installation: World) -> None:
    before = _count(installation)
    report = _import(
        installation, "n1,,New,new,New Ltd,,", "n2,,,new,,,", "bob,bob@acme.example,Bob,acme,,,"
    )
    assert report == ImportReport(saved=2, unchanged=1, problems=())
    assert _count(installation) == before + 2
    entry = installation.entries()[0]
    assert entry.type == EventType.SUBJECTS_IMPORTED
    assert entry.core is not None
    assert entry.core["details"] == {
        "saved": 2,
        "unchanged": 1,
        "refused": 0,
        "power_changed": 0,
        "unprotected": 0,
        "told": 0,
    }


def test_the_same_file_again_changes_nothing(installation: World) -> None:
    rows = ("n1,,New,new,New Ltd,a;b,", "n2,,,,,,true")
    _import(installation, *rows)
    before = _subject(installation, "n1")
    installation.clock.forward(minutes=1)
    assert _import(installation, *rows) == ImportReport(saved=0, unchanged=2, problems=())
    assert _subject(installation, "n1") == before


def test_one_bad_row_and_nothing_is_saved_and_nothing_is_written_down(
    installation: World,
) -> None:
    before, entries = _count(installation), len(installation.entries())
    report = _import(
        installation, "n1,,,new,New Ltd,,", "n2,nope,,,,,", "n3,,,nowhere,,,", "n4,,,nowhere,,,"
    )
    assert (report.saved, report.unchanged) == (0, 0)
    assert [(problem.line, problem.code) for problem in report.problems] == [
        (3, "email_malformed"),
        (4, "organization_unknown"),
        (5, "organization_unknown"),
    ]
    assert _count(installation) == before
    assert len(installation.entries()) == entries
    with installation.engine.reading() as reader:
        assert reader.organizations.get(installation.application.id, OrganizationId("new")) is None


def test_the_good_rows_are_saved_when_that_was_asked_for(installation: World) -> None:
    report = _import(
        installation, "n1,,,,,,", "n2,nope,,,,,", "n3,,,nowhere,,,", "n4,,,,,,", partial=True
    )
    assert (report.saved, len(report.problems)) == (2, 2)
    assert _subject(installation, "n1") is not None
    assert _subject(installation, "n3") is None
    entry = installation.entries(EventType.SUBJECTS_IMPORTED)[0]
    assert entry.core is not None
    assert entry.core["details"] == {
        "saved": 2,
        "unchanged": 0,
        "refused": 2,
        "power_changed": 0,
        "unprotected": 0,
        "told": 0,
    }


def test_a_bad_row_of_a_list_on_one_line_costs_no_other(installation: World) -> None:
    people = [{"id": "n1"}, {"id": "n2", "organization_id": "nowhere"}, {"id": "n3"}]
    file = read_subjects(json.dumps(people).encode())
    report = installation.run(
        lambda unit: import_subjects(
            unit,
            installation.application,
            file.rows,
            file.problems,
            partial=True,
            by=SYSTEM,
            origin=HERE,
        )
    )
    assert [(one.row, one.code) for one in report.problems] == [(2, "organization_unknown")]
    assert report.saved == 2
    assert _subject(installation, "n3") is not None


def test_an_organization_may_be_named_on_any_of_its_rows(installation: World) -> None:
    report = _import(installation, "n1,,,new,,,", "n2,,,new,New Ltd,,")
    assert report.saved == 2
    with installation.engine.reading() as reader:
        made = reader.organizations.get(installation.application.id, OrganizationId("new"))
    assert made is not None
    assert made.name == "New Ltd"


def test_a_deleted_organization_is_unknown_by_line(installation: World) -> None:
    installation.run(
        lambda unit: maintain.delete_organization(
            unit, installation.application, OrganizationId("globex"), by=SYSTEM, origin=HERE
        )
    )
    report = _import(installation, "n1,,,acme,,,", "n2,,,globex,,,", partial=True)
    assert [(problem.line, problem.code) for problem in report.problems] == [
        (3, "organization_unknown")
    ]
    assert _import(installation, "n2,,,globex,Globex again,,").saved == 1


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ("ada,ada@acme.example,Ada,acme,,,true", EndCause.SUBJECT_PROTECTED),
        ("ada,ada@acme.example,Ada,acme,,owner,", EndCause.SUBJECT_PROTECTED),
        ("ada,ada@acme.example,Ada,globex,,,", EndCause.SUBJECT_INACTIVE),
        ("ada,ada@acme.example,Ada,acme,Acme renamed,,", None),
    ],
)
def test_sessions_follow_an_import_at_once(
    installation: World, row: str, cause: EndCause | None
) -> None:
    opened = installation.session("ada")
    _import(installation, row)
    assert installation.stored(opened).end_cause is cause


def test_a_disabled_subject_stays_so(installation: World) -> None:
    _import(installation, "gone,,Gone,acme,,,")
    subject = _subject(installation, "gone")
    assert subject is not None
    assert subject.status == "disabled"


def test_an_empty_file_is_no_error(installation: World) -> None:
    assert _import(installation) == ImportReport(saved=0, unchanged=0, problems=())


def test_many_rows_are_saved_in_one_unit(installation: World) -> None:
    before = _count(installation)
    rows = [f"u{n},u{n}@x.example,User {n},o{n % 10},O {n % 10},m," for n in range(10_000)]
    assert _import(installation, *rows).saved == 10_000
    assert _count(installation) == before + 10_000
    assert len(installation.entries(EventType.SUBJECTS_IMPORTED)) == 1


def test_an_import_tells_each_user_whom_rules_judge_otherwise_now(installation: World) -> None:
    _import(
        installation,
        "ada,ada@acme.example,Ada,acme,,finance,",
        "bob,bob@acme.example,Bob,acme,,,true",
        "vip,,,acme,,,false",
    )
    told = installation.entries(EventType.SUBJECT_SAVED)[:3]
    facts = {(entry.personal or {})["subject_id"]: _details(entry) for entry in told}
    assert (facts["ada"]["roles_before"], facts["ada"]["rank"]) == ("", 10)
    assert (facts["ada"]["rank_before"], facts["bob"]["protected_before"]) == (0, False)
    counted = _details(installation.entries(EventType.SUBJECTS_IMPORTED)[0])
    assert (counted["power_changed"], counted["unprotected"], counted["told"]) == (3, 1, 3)


def _details(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = (entry.core or {})["details"]  # type: ignore[assignment]
    return found
