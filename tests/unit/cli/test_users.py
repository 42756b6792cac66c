from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Prepared
from understudy.cli import users
from understudy.core.ids import SubjectId
from understudy.core.ports import SubjectFilter

UNRANKED = {
    "users": 3,
    "roles": [{"role": name, "users": 1} for name in ("finance", "member", "owner")],
}


def _file(prepared: Prepared, name: str, text: str | bytes) -> str:
    path = prepared.folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def _count(prepared: Prepared) -> int:
    where = SubjectFilter(application_id=prepared.app_id)
    counted: int = prepared.do(lambda unit: unit.subjects.count(where))
    return counted


def test_a_csv_is_imported_and_again_changes_nothing(prepared: Prepared) -> None:
    file = _file(prepared, "more.csv", "id,name\nnew,New\nada,Ada L.\n")
    words = ("users", "import", file, "--app", prepared.app_id)
    assert prepared.facts(*words) == {
        "saved": 2,
        "unchanged": 0,
        "removed": 0,
        "unread": [],
        "problems": [],
        "unranked": UNRANKED,
    }
    again = prepared.facts(*words)
    assert (again["saved"], again["unchanged"]) == (0, 2)
    assert _count(prepared) == 4


@pytest.mark.parametrize("name", ["more.ndjson", "more.jsonl"])
def test_the_ending_says_whether_it_is_ndjson(prepared: Prepared, name: str) -> None:
    lines = [json.dumps({"id": "n1", "roles": ["a"]}), json.dumps({"id": "n2"})]
    file = _file(prepared, name, "\n".join(lines))
    report = prepared.facts("users", "import", file, "--app", prepared.app_id)
    assert report["saved"] == 2


def test_bad_rows_are_named_and_nothing_is_imported(prepared: Prepared) -> None:
    file = _file(prepared, "bad.csv", "id,email\nnew,new@x.example\nodd,nope\n,a@x.example\n")
    words = ("users", "import", file, "--app", prepared.app_id)
    done = prepared.run(*words)
    assert done.exit_code == 1
    assert "line 3, column email: This is not an e-mail address. (email_malformed)" in done.stderr
    assert "line 4, column id: Every row needs an id. (id_missing)" in done.stderr
    assert "Nothing was imported" in done.stderr
    as_json = prepared.run(*words, "--json")
    assert as_json.exit_code == 1
    report = json.loads(as_json.stdout)
    assert (report["saved"], len(report["problems"])) == (0, 2)
    assert report["problems"][0] == {
        "line": 3,
        "row": None,
        "column": "email",
        "code": "email_malformed",
        "detail": "This is not an e-mail address.",
    }
    assert _count(prepared) == 3


def test_the_good_rows_are_imported_when_that_was_asked_for(prepared: Prepared) -> None:
    file = _file(prepared, "bad.csv", "id,email\nnew,new@x.example\nodd,nope\n")
    done = prepared.run("users", "import", file, "--app", prepared.app_id, "--partial")
    assert done.exit_code == 0
    assert "line 3" in done.stderr
    assert "saved" in done.stdout
    assert _count(prepared) == 4


def test_of_very_many_bad_rows_the_first_are_shown(prepared: Prepared) -> None:
    file = _file(prepared, "bad.csv", "id,email\n" + "x,nope\n" * 50)
    done = prepared.run("users", "import", file, "--app", prepared.app_id)
    assert done.stderr.count("email_malformed") == 20
    assert "… and 30 more" in done.stderr


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("latin.csv", b"id,name\n1,Zo\xeb\n", "not UTF-8"),
        ("head.csv", b"e-mail\na@x.example\n", "header"),
        ("empty.csv", b"", "header"),
        ("binary.ndjson", b"\x00\xff\x00", "not UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused(
    prepared: Prepared, name: str, raw: bytes, said: str
) -> None:
    file = _file(prepared, name, raw)
    assert said in prepared.refused("users", "import", file, "--app", prepared.app_id)


def test_a_file_that_cannot_be_read_is_refused(prepared: Prepared, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        said = prepared.refused("users", "import", str(path), "--app", prepared.app_id)
        assert "cannot be read" in said


def test_an_unknown_app_is_refused_and_the_known_ones_are_named(prepared: Prepared) -> None:
    file = _file(prepared, "more.csv", "id\nnew\n")
    said = prepared.refused("users", "import", file, "--app", "app_nobody")
    assert prepared.app_id in said
    assert said.endswith("[not_found]")


def test_text_that_looks_like_markup_is_shown_as_it_is(prepared: Prepared) -> None:
    file = _file(prepared, "more.csv", "id\nnew\n")
    said = prepared.refused("users", "import", file, "--app", "[/red][bold]x\x1b[31m")
    assert "[/red][bold]x\\x1b[31m" in said


def test_an_import_says_which_roles_have_no_rank_and_how_many_hold_them(
    prepared: Prepared,
) -> None:
    file = _file(prepared, "roles.csv", "id,roles\nnew,Editor\nada,editor;viewer\n")
    words = ("users", "import", file, "--app", prepared.app_id)
    said = prepared.run(*words).stderr
    assert "4 users hold roles without a rank: editor (2), finance (1), owner (1)" in said
    report = prepared.facts(*words)
    assert report["unranked"]["users"] == 4
    assert report["unranked"]["roles"][0] == {"role": "editor", "users": 2}


AUTH0 = (
    '{"user_id":"auth0|1","email":"ada@x.example","name":"Ada L.","app_metadata":{"roles":["x"]}}\n'
    '{"user_id":"auth0|2","email":"bob@x.example","name":"Bob"}\n'
)


def test_an_export_is_read_by_the_name_of_the_platform_packed_as_it_comes(
    prepared: Prepared,
) -> None:
    file = _file(prepared, "export.json.gz", gzip.compress(AUTH0.encode()))
    words = ("users", "import", file, "--app", prepared.app_id, "--preset", "auth0")
    report = prepared.facts(*words, "--map", "roles=app_metadata.roles")
    assert {name: value for name, value in report.items() if name != "unranked"} == {
        "saved": 2,
        "unchanged": 0,
        "removed": 0,
        "unread": [],
        "problems": [],
    }
    found = prepared.do(lambda unit: unit.subjects.get(prepared.app_id, SubjectId("auth0|1")))
    assert (found.name, found.roles) == ("Ada L.", ("x",))


def test_a_preview_shows_what_would_be_read_and_saves_nothing(prepared: Prepared) -> None:
    file = _file(prepared, "odd.csv", "sep=;\nuid;full name;plan\n7;Ada L.;pro\n;x;\n")
    words = ("users", "import", file, "--app", prepared.app_id, "--preview")
    mapped = ("--map", "id=uid", "--map", "name=full name")
    before = _count(prepared)
    shown = prepared.facts(*words, *mapped)
    assert (shown["read"], shown["unread"]) == ({"id": "uid", "name": "full name"}, ["plan"])
    assert shown["rows"] == [{"id": "7", "name": "Ada L."}]
    assert [(one["line"], one["column"]) for one in shown["problems"]] == [(4, "uid")]
    told = prepared.run(*words, *mapped)
    assert "1 users. Nothing was imported." in told.stderr
    assert "Ada L." in told.stdout
    assert _count(prepared) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--preset", "acme"), "The presets are auth0"),
        (("--map", "plan=plan"), "A mapping is ours=theirs"),
        (("--map", "name=nickname"), "Nothing in this file is nickname"),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(
    prepared: Prepared, words: tuple[str, ...], said: str
) -> None:
    file = _file(prepared, "more.csv", "id\nnew\n")
    refused = prepared.refused("users", "import", file, "--app", prepared.app_id, *words)
    assert said in refused


def test_a_packed_file_that_is_not_whole_is_refused(prepared: Prepared) -> None:
    packed = gzip.compress(b"id\n" + b"x" * 100)
    for raw in (packed[:-9], packed[:12] + b"\xff" * 20):
        file = _file(prepared, "more.csv.gz", raw)
        said = prepared.refused("users", "import", file, "--app", prepared.app_id)
        assert "cannot be read" in said


def test_a_file_is_bounded_in_memory(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "_MOST_BYTES", 2**20)
    file = _file(prepared, "more.csv.gz", gzip.compress(b"id\n" + b"x" * 2**20))
    said = prepared.refused("users", "import", file, "--app", prepared.app_id)
    assert "larger than 1 MB" in said


def test_a_sync_removes_whoever_is_not_in_the_file_when_somebody_agrees(
    prepared: Prepared,
) -> None:
    file = _file(prepared, "all.csv", "id\nada\nnew\n")
    words = ("users", "import", file, "--app", prepared.app_id, "--sync")
    before = _count(prepared)
    said = prepared.refused(*words)
    assert f"remove {before - 1} of {before} users" in said
    assert said.endswith("[removal_unconfirmed]")
    assert _count(prepared) == before
    done = prepared.facts(*words, "--remove-at-most", str(before - 1))
    assert (done["saved"], done["removed"]) == (1, before - 1)
    assert _count(prepared) == 2
    assert "asked of whole files only" in prepared.refused(*words, "--partial")
