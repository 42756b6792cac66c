from __future__ import annotations

import json

import pytest

from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.files import reading
from understudy.flows.directory.files.layouts import OWN, layout
from understudy.flows.directory.files.paths import Path
from understudy.flows.directory.files.reading import Kind, SubjectFile, read_subjects

PAGED = layout({"id": "id"}, total=Path("total"), more=(Path("meta.next"),))


def _read(value: object, *mapped: str) -> SubjectFile:
    text = value if isinstance(value, str) else json.dumps(value)
    return read_subjects(text.encode(), None, OWN.mapped(mapped))


def _ids(file: SubjectFile) -> list[str]:
    return [row.facts.id for row in file.rows]


def _problems(file: SubjectFile) -> list[tuple[int, int | None, str]]:
    return [(one.line, one.row, one.code) for one in file.problems]


PEOPLE = [{"id": "1"}, {"id": 2, "plan": "pro"}]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PEOPLE),
        json.dumps(PEOPLE, indent=2),
        json.dumps({"users": PEOPLE}),
        json.dumps({"kind": ["x"], "Resources": PEOPLE, "after": {"a": [1]}}, indent=1),
        json.dumps({"items": PEOPLE[:1], "data": PEOPLE[1:]}),
        "\n".join(map(json.dumps, PEOPLE)),
        "\n \n" + "\r\n".join(map(json.dumps, PEOPLE)) + "\r\n\r\n",
    ],
)
def test_a_document_is_a_list_a_list_within_an_object_or_one_object_a_line(text: str) -> None:
    file = _read(text)
    assert (_ids(file), file.problems) == (["1", "2"], [])
    assert (file.columns, file.unread) == (("id", "plan"), ("plan",))


def test_a_list_of_nobody_is_nobody() -> None:
    for empty in ("[]", '{"users": []}', " [ ] \n"):
        assert (_read(empty).rows, _read(empty).problems) == ([], [])


def test_a_line_with_a_list_in_it_is_one_user_among_others() -> None:
    assert _ids(_read('{"id": "1", "items": [{"id": "x"}]}\n{"id": "2"}\n')) == ["1", "2"]


def test_a_bad_element_is_named_by_row_and_line_and_costs_no_other() -> None:
    text = '[\n {"id": "1"},\n {"id": "2", "id": "3"}, 7,\n {"id": "1"},\n {"id": "4"}]'
    file = _read(text)
    assert _problems(file) == [
        (3, 2, "member_repeated"),
        (3, 3, "wrong_members"),
        (4, 4, "id_repeated"),
    ]
    assert "row 1, line 2" in file.problems[2].detail
    assert _ids(file) == ["1", "4"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('[{"id": "1"}, {"id": "2"', ["1"]),
        ('[{"id": "1"}', ["1"]),
        ('[{"id": "1"}] x', ["1"]),
        ('[{"id": "1"} {"id": "2"}]', ["1"]),
        ('{"users": [{"id": "1"}', ["1"]),
        ('{"users": [{"id": "1"}]', ["1"]),
        ('{"users": [{"id": "1"}], 7: 8}', ["1"]),
        ('{"users": [{"id": "1"}]} {}', ["1"]),
        ("[" * 100_000, []),
    ],
)
def test_what_is_cut_off_is_told_as_such(text: str, ids: list[str]) -> None:
    file = _read(text)
    assert [problem.code for problem in file.problems] == ["not_json"]
    assert "Nothing after it was read" in file.problems[0].detail
    assert _ids(file) == ids


@pytest.mark.parametrize("text", ['{"a": ', "{", '{"1"', "{7: 8}", '{"a": 1}', '{"a": [1]}'])
def test_an_object_without_users_has_none(text: str) -> None:
    file = _read(text)
    assert file.rows == []
    assert {problem.code for problem in file.problems} <= {"not_json", "id_missing"}
    assert file.problems


@pytest.mark.parametrize(
    ("around", "whole"),
    [
        ({}, True),
        ({"total": 2}, True),
        ({"total": 3}, False),
        ({"meta": {"next": ""}}, True),
        ({"meta": {"next": None}}, True),
        ({"meta": {"next": "abc"}}, False),
    ],
)
def test_a_page_of_a_longer_list_is_told_as_such(around: dict[str, object], whole: bool) -> None:
    for document in ({"users": PEOPLE, **around}, {**around, "users": PEOPLE}):
        file = read_subjects(json.dumps(document).encode(), Kind.JSON, PAGED)
        assert _ids(file) == ["1", "2"]
        assert [one.code for one in file.problems] == ([] if whole else ["file_incomplete"])


def test_facts_are_found_where_others_keep_them() -> None:
    record = {
        "id": 7,
        "profile": {"first": "Ada", "last": "L."},
        "mails": [{"v": "a@x.example"}, {"v": "b@x.example", "main": True}],
        "groups": [{"n": "x"}, {"n": "y"}, {}],
        "org": 12,
        "flags": {"vip": True},
        "main": "b",
    }
    file = _read(
        [record],
        "name=nick | profile.first + profile.last",
        "email=mails[main].v",
        "roles=groups[*].n",
        "organization_id=org",
        "protected=flags.vip",
    )
    assert file.problems == []
    facts = file.rows[0].facts
    assert (facts.name, facts.email, facts.roles) == ("Ada L.", "b@x.example", ("x", "y"))
    assert (facts.id, facts.organization_id, facts.protected) == ("7", "12", True)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b", 1),
        ("a.b.c", None),
        ("l[1]", "two"),
        ("l[9]", None),
        ("l[99999999999]", None),
        ("a[0]", None),
        ("o[k=x].v", 5),
        ("o[k=@who].v", 6),
        ("o[k=z].v", None),
        ("o[*].v", [5, 6]),
        ("a[*].v", None),
        ("x.y", "literal"),
        ("a..b", None),
        ("[", None),
    ],
)
def test_a_path_leads_somewhere_or_nowhere(path: str, value: object) -> None:
    members = {
        "a": {"b": 1},
        "l": ["one", "two"],
        "o": [{"k": "x", "v": 5}, {"k": "y", "v": 6}],
        "who": "y",
        "x.y": "literal",
    }
    found = Path(path).look(members)
    assert (None if found is ABSENT else found) == value


def test_a_member_that_is_nearly_ours_is_a_slip() -> None:
    with pytest.raises(InvalidInput) as refused:
        _read([{"id": "1"}, {"id": "2", "protect": True}])
    assert "protected" in refused.value.detail


def test_a_mapped_member_has_to_be_somewhere() -> None:
    assert _ids(_read([{"id": "1"}, {"id": "2", "vip": True}], "protected=vip")) == ["1", "2"]
    with pytest.raises(InvalidInput) as refused:
        _read([{"id": "1"}], "protected=vip")
    assert refused.value.facts == {"field": "map"}
    assert _read([], "protected=vip").rows == []


def test_a_name_of_parts_that_are_no_texts_is_refused() -> None:
    file = _read([{"id": "1", "a": 7, "b": "x"}, {"id": "2", "a": None, "b": "x"}], "name=a + b")
    assert [(one.row, one.column, one.code) for one in file.problems] == [
        (1, "a + b", "name_not_text")
    ]
    assert file.rows[0].facts.name == "x"


def test_a_file_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert len(_read(PEOPLE).rows) == 2
    for text in (json.dumps([*PEOPLE, {"id": 3}]), "id\n1\n2\n3\n"):
        with pytest.raises(InvalidInput) as refused:
            _read(text)
        assert "at most 2 rows" in refused.value.detail


@pytest.mark.parametrize("text", ["", " ", "7", "null", '"id"', "id,name\n1,Ada\n"])
def test_what_is_neither_a_list_nor_an_object_is_no_document(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_subjects(text.encode(), Kind.JSON)
    assert "not JSON" in refused.value.detail
