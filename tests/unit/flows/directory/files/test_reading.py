from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.ids import OrganizationId, SubjectId
from understudy.errors import InvalidInput
from understudy.flows.directory.files.layouts import COLUMNS
from understudy.flows.directory.files.reading import Kind, SubjectFile, read_subjects
from understudy.flows.directory.import_subjects import ImportRow
from understudy.flows.directory.maintain import SubjectFacts

HEADER = "id,email,name,organization_id,organization_name,roles,protected\n"


def read_csv(raw: bytes) -> SubjectFile:
    return read_subjects(raw, Kind.CSV)


def read_ndjson(raw: bytes) -> SubjectFile:
    return read_subjects(raw, Kind.NDJSON)


def _problems(file: SubjectFile) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in file.problems]


def _csv(*rows: str) -> SubjectFile:
    return read_csv((HEADER + "\n".join(rows)).encode())


def _ndjson(*lines: object) -> SubjectFile:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    return read_ndjson("\n".join(texts).encode())


def _ids(file: SubjectFile) -> list[str]:
    return [row.facts.id for row in file.rows]


def test_a_row_of_csv_is_read_whole() -> None:
    assert _csv("1,a@x.example, Ada ,acme,Acme,owner; finance;,TRUE").rows == [
        ImportRow(
            line=2,
            facts=SubjectFacts(
                id=SubjectId("1"),
                email="a@x.example",
                name="Ada",
                organization_id=OrganizationId("acme"),
                roles=("owner", "finance"),
                protected=True,
            ),
            organization_name="Acme",
        )
    ]


def test_only_the_id_is_needed_and_columns_come_in_any_order() -> None:
    assert read_csv(b"Protected, ID \nyes,1\n,2\n").rows == [
        ImportRow(line=2, facts=SubjectFacts(id=SubjectId("1"), protected=True)),
        ImportRow(line=3, facts=SubjectFacts(id=SubjectId("2"), protected=False)),
    ]
    assert read_csv(b"id\n1\n").rows == [
        ImportRow(line=2, facts=SubjectFacts(id=SubjectId("1"))),
    ]


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n1\n", b"email\na@x.example\n", b"id,id\n1,2\n", b'"id\n1\n'],
)
def test_a_file_without_a_usable_header_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_csv(raw)
    assert ",".join(COLUMNS) in refused.value.detail


@pytest.mark.parametrize("read", [read_csv, read_ndjson])
def test_bytes_that_are_not_utf_8_are_named_by_line(read: object) -> None:
    assert callable(read)
    with pytest.raises(InvalidInput) as refused:
        read(b"id\nok\n\xff\xfe\n")
    assert "line 3" in refused.value.detail


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert _ids(read_csv(b"\xef\xbb\xbfid\n1\n")) == ["1"]
    assert _ids(read_ndjson(b'\xef\xbb\xbf{"id": "1"}\n')) == ["1"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_newline_separates_rows(newline: str) -> None:
    raw = newline.join(["id,name", "1,Ada", "", "2,Bob", ""]).encode()
    assert [(row.line, row.facts.name) for row in read_csv(raw).rows] == [(2, "Ada"), (4, "Bob")]


def test_rows_after_a_quoted_newline_are_still_named_by_their_line() -> None:
    file = _csv('1,,"Ada\nLovelace",,,,', "2,nope,,,,,", "3,,,,,,")
    assert _problems(file) == [(2, "name_not_text"), (4, "email_malformed")]
    assert [(row.line, row.facts.id) for row in file.rows] == [(5, "3")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",a@x.example,,,,,", "id_missing"),
        ("1", "wrong_cell_count"),
        ("1,,,,,,,", "wrong_cell_count"),
        ("1,nope,,,,,", "email_malformed"),
        ("1,@x.example,,,,,", "email_malformed"),
        ("1,a b@x.example,,,,,", "email_malformed"),
        ("1,a@,,,,,", "email_malformed"),
        (f"1,{'a' * 243}@example.com,,,,,", "email_too_long"),
        (f"{'1' * 256},,,,,,", "id_too_long"),
        (f"1,,{'n' * 201},,,,", "name_too_long"),
        ("1,,Ada\x07,,,,", "name_not_text"),
        ("1,,Ada \u202eadA,,,,", "name_not_text"),
        ("1\x00,,,,,,", "id_not_text"),
        ("1,,,,Acme,,", "organization_id_missing"),
        (f"1,,,{'o' * 256},,,", "organization_id_too_long"),
        (f"1,,,o,{'O' * 201},,", "organization_name_too_long"),
        ("1,,,,,,maybe", "protected_not_boolean"),
        ("1,,,,,a\x1bb,", "roles_malformed"),
        ('1,,,,,"a\nb",', "roles_malformed"),
        (f"1,,,,,{'r' * 101},", "roles_malformed"),
        (f"1,,,,,{';'.join(map(str, range(51)))},", "roles_malformed"),
        ('1,,"Ada" Lovelace,,,,', "not_csv"),
    ],
)
def test_a_bad_row_of_csv_is_named_by_line_and_costs_no_other(row: str, code: str) -> None:
    file = _csv("first,,,,,,", row, "last,,,,,,")
    assert _problems(file) == [(3, code)]
    assert _ids(file) == ["first", "last"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "not_json"),
        ("[1]", "wrong_members"),
        ('"1"', "wrong_members"),
        ("null", "wrong_members"),
        ("[" * 100_000, "not_json"),
        ('{"id": "1", "id": "2"}', "member_repeated"),
        ({"email": "a@x.example"}, "id_missing"),
        ({"id": ""}, "id_missing"),
        ({"id": 7.0}, "id_not_text"),
        ({"id": True}, "id_not_text"),
        ('{"id": NaN}', "id_not_text"),
        ('{"id": "\\ud800"}', "id_not_text"),
        ({"id": "1", "name": "a\nb"}, "name_not_text"),
        ({"id": "1", "name": ["Ada"]}, "name_not_text"),
        ({"id": "1", "protected": "true"}, "protected_not_boolean"),
        ({"id": "1", "protected": 0}, "protected_not_boolean"),
        ({"id": "1", "protected": ""}, "protected_not_boolean"),
        ({"id": "1", "roles": 7}, "roles_not_texts"),
        ({"id": "1", "roles": 0}, "roles_not_texts"),
        ({"id": "1", "roles": ["a", 7]}, "roles_not_texts"),
        ({"id": "1", "roles": [""]}, "roles_not_texts"),
        ({"id": "1", "roles": ["a\nb"]}, "roles_malformed"),
        ({"id": "1", "organization_name": "Acme"}, "organization_id_missing"),
    ],
)
def test_a_bad_line_of_ndjson_is_named_and_costs_no_other(line: object, code: str) -> None:
    file = _ndjson({"id": "first"}, "", line, {"id": "last"})
    assert _problems(file) == [(3, code)]
    assert _ids(file) == ["first", "last"]


def test_a_line_of_ndjson_is_read_whole() -> None:
    whole = {
        "id": "1",
        "email": "a@x.example",
        "name": "Ada",
        "organization_id": "acme",
        "organization_name": "Acme",
        "roles": ["owner", "finance"],
        "protected": True,
    }
    texts = {**whole, "id": "2", "roles": "owner; finance"}
    empty = {"id": "3", "email": None, "roles": None, "protected": None}
    first, second, third = _ndjson(whole, texts, empty).rows
    assert first.facts.roles == second.facts.roles == ("owner", "finance")
    assert first.facts.protected
    assert first.organization_name == "Acme"
    assert third == ImportRow(
        line=3,
        facts=SubjectFacts(id=SubjectId("3"), email=None, roles=(), protected=False),
    )


def test_a_name_may_be_written_with_joiners_and_what_tells_people_apart_may_not() -> None:
    name = "\u0646\u06cc\u0644\u0648\u0641\u0631\u200c\u067e\u0648\u0631"
    fine = _csv(f"1,,{name},acme,{name},,")
    assert _problems(fine) == []
    assert fine.rows[0].facts.name == fine.rows[0].organization_name == name
    refused = _csv("a\u200db,,,,,,", "2,a\u200db@x.example,,,,,", "3,,,,,a\u200db,")
    codes = [code for _, code in _problems(refused)]
    assert codes == ["id_not_text", "email_not_text", "roles_malformed"]


def test_a_problem_names_the_character_that_is_no_text_and_where_it_stands() -> None:
    problem = _csv("1,,Ada \u202eadA,,,,").problems[0]
    assert "U+202E (RIGHT-TO-LEFT OVERRIDE) at character 5" in problem.detail


def test_line_separators_of_unicode_do_not_separate_lines() -> None:
    assert _problems(_ndjson('{"id": "1", "name": "a\u2028b"}\n{"id": "2"}')) == [
        (1, "name_not_text")
    ]


@pytest.mark.parametrize(
    "file",
    [
        _csv("1,,,,,,", "2,,,,,,", " 1 ,,Other,,,,", "3,,,,,,"),
        _ndjson({"id": "1"}, {"id": "2"}, {"id": "1", "name": "Other"}, {"id": "3"}),
    ],
    ids=["csv", "ndjson"],
)
def test_a_repeated_id_is_refused_and_says_where_the_first_one_stands(file: SubjectFile) -> None:
    problem, first = file.problems[0], file.rows[0]
    assert problem.code == "id_repeated"
    assert problem.line == first.line + 2
    assert f"line {first.line}" in problem.detail
    assert _ids(file) == ["1", "2", "3"]


def test_a_quote_that_never_closes_swallows_no_row_in_silence() -> None:
    file = _csv("1,,,,,,", '2,,"Bob,,,,', "3,,,,,,")
    assert _problems(file) == [(3, "not_csv")]
    assert "Nothing after it was read." in file.problems[0].detail
    assert _ids(file) == ["1"]


def test_what_stands_inside_an_overlong_cell_is_never_taken_for_rows() -> None:
    cell = "x" * 200_000 + "\nadmin,,,,,owner,\n"
    file = _csv("1,,,,,,", f'2,,"{cell}",,,,', "3,,,,,,")
    assert _problems(file) == [(3, "not_csv")]
    assert _ids(file) == ["1"]


def test_many_rows_are_read() -> None:
    rows = [f"{n},u{n}@x.example,User {n},o{n % 7},O,member,no" for n in range(100_000)]
    rows[41_234] = "bad,row"
    file = _csv(*rows)
    assert len(file.rows) == 99_999
    assert _problems(file) == [(41_236, "wrong_cell_count")]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for read in (read_csv, read_ndjson):
        for text in (raw, HEADER.encode() + raw):
            with suppress(InvalidInput):
                file = read(text)
                assert all(row.facts.id for row in file.rows)


_CELL = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30
).map(str.strip)


@given(st.lists(st.tuples(_CELL, _CELL), max_size=8, unique_by=lambda pair: pair[0]))
def test_what_a_spreadsheet_writes_is_read_back(pairs: list[tuple[str, str]]) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    raw = "id,name\r\n" + "".join(f"{quoted(i)},{quoted(n)}\r\n" for i, n in pairs)
    file = read_csv(raw.encode())
    wanted = [(i, n or None) for i, n in pairs if i]
    assert [(row.facts.id, row.facts.name) for row in file.rows] == wanted
