from __future__ import annotations

import codecs

import pytest

from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.files.layouts import OWN
from understudy.flows.directory.files.reading import Kind, SubjectFile, read_subjects


def _read(text: str | bytes, *mapped: str) -> SubjectFile:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_subjects(raw, Kind.CSV, OWN.mapped(mapped))


def _people(file: SubjectFile) -> list[tuple[str, object, tuple[str, ...] | object]]:
    assert file.problems == []
    return [(row.facts.id, row.facts.name, row.facts.roles) for row in file.rows]


@pytest.mark.parametrize(
    "text",
    [
        'id;name;roles\n7;Ada, the first;"a;b"\n',
        "id\tname\troles\n7\tAda, the first\ta;b\n",
        "id|name|roles\n7|Ada, the first|a;b\n",
        'sep=;\r\nid;name;roles\r\n7;Ada, the first;"a;b"\r\n',
        '"sep=\t"\nid\tname\troles\n7\tAda, the first\ta;b\n',
        'id,name,roles\n7,"Ada, the first",a;b\n',
        'id,name,roles\n7,"Ada, the first","[""a"", ""b""]"\n',
        '"id","name","roles"\n"7","Ada, the first","a;b"\n',
    ],
)
def test_a_table_is_read_whatever_separates_its_cells(text: str) -> None:
    assert _people(_read(text)) == [("7", "Ada, the first", ("a", "b"))]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_table_in_utf_16_is_read_by_its_byte_order_mark(encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    file = _read(mark + "id\tname\r\n7\tZoë Łuk\r\n".encode(encoding))
    assert _people(file) == [("7", "Zoë Łuk", ABSENT)]
    with pytest.raises(InvalidInput) as refused:
        _read(mark + "id\n7\n".encode(encoding) + b"\x00")
    assert "line 3" in refused.value.detail


def test_blank_rows_and_columns_without_a_name_are_no_users() -> None:
    file = _read("id,name,,\n7,Ada,,\n,,,\n  , ,,\n\n8,Bob,,x\n,,,\n")
    assert _people(file) == [("7", "Ada", ABSENT), ("8", "Bob", ABSENT)]
    assert [row.line for row in file.rows] == [2, 6]


def test_lines_count_the_one_that_names_the_separator() -> None:
    file = _read("sep=;\nid;email\n7;a@x.example\n8;nope\n9;x;y\n")
    assert [(one.line, one.column, one.code) for one in file.problems] == [
        (4, "email", "email_malformed"),
        (5, None, "wrong_cell_count"),
    ]


def test_columns_that_nobody_asked_for_are_told_and_not_read() -> None:
    file = _read("plan,ID,Name\npro,7,Ada\n")
    assert _people(file) == [("7", "Ada", ABSENT)]
    assert (file.columns, file.unread) == (("plan", "ID", "Name"), ("plan",))
    assert file.read == {"id": "id", "name": "name"}


@pytest.mark.parametrize(
    ("column", "ours"), [("protectd", "protected"), ("Role", "roles"), ("e-mail", "email")]
)
def test_a_column_that_is_nearly_ours_is_a_slip_and_never_left_out_in_silence(
    column: str, ours: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        _read(f"id,{column}\n7,\n")
    assert ours in refused.value.detail
    assert refused.value.facts == {"field": "map"}
    assert _read(f"id,{column}\n7,\n", f"{ours}={column}").read[ours] == column
    assert _read(f"id,{column}\n7,\n", f"{ours}=").read == {"id": "id"}
    assert len(_read(f"id,{column},{ours}\n7,,\n").rows) == 1


def test_our_columns_are_read_from_theirs() -> None:
    file = _read(
        "uid;First Name;Last Name;vip;grp\n7;Ada;;yes;x\n8;;;no;\n9; Bob ;Roe;;y\n",
        "id=uid",
        "name=first name + last name",
        "protected=vip",
        "roles=grp",
    )
    assert [(row.facts.id, row.facts.name) for row in file.rows] == [
        ("7", "Ada"),
        ("8", None),
        ("9", "Bob Roe"),
    ]
    assert [row.facts.protected for row in file.rows] == [True, False, False]
    assert [row.facts.roles for row in file.rows] == [("x",), (), ("y",)]


def test_protection_and_roles_are_read_from_no_column_that_is_not_mapped() -> None:
    file = _read("id,roles,protected\n7,owner,true\n", "roles=", "protected=")
    assert (file.rows[0].facts.roles, file.rows[0].facts.protected) == (ABSENT, ABSENT)
    assert file.unread == ("roles", "protected")


@pytest.mark.parametrize(
    "pairs",
    [
        ("name",),
        ("plan=x",),
        ("name=a", "name=b"),
        ("id=",),
        ("name=a + ",),
        ("name= | a",),
        ("name=" + "n" * 501,),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(pairs: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as refused:
        OWN.mapped(pairs)
    assert refused.value.facts == {"field": "map"}


def test_a_mapped_column_has_to_be_there() -> None:
    with pytest.raises(InvalidInput) as refused:
        _read("id,name\n7,Ada\n", "protected=vip")
    assert "vip" in refused.value.detail
    assert refused.value.facts == {"field": "map"}


def test_an_id_that_a_spreadsheet_has_shortened_is_refused() -> None:
    file = _read("id,organization_id\n1.23457E+11,\n7,4E+08\n12E,acme\n")
    assert [(one.line, one.code) for one in file.problems] == [
        (2, "id_shortened"),
        (3, "organization_id_shortened"),
    ]
    assert file.rows[0].facts.id == "12E"


def test_a_list_of_roles_that_is_none_is_text() -> None:
    file = _read("id,roles\n7,[a\n8,[;b]\n")
    assert [row.facts.roles for row in file.rows] == [("[a",), ("[", "b]")]
