from __future__ import annotations

import pytest

from understudy.errors import InvalidInput
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.files.paths import Path, Source

RECORD = {
    "name": {"first": "Ada", "last": "Lovelace"},
    "a.b": "as it is called",
    "mails": [{"to": "b@x.example"}, {"to": "a@x.example", "primary": True, "id": 7}],
    "main": 7,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("name.first", "Ada"),
        ("a.b", "as it is called"),
        ("mails[0].to", "b@x.example"),
        ("mails[*].to", ["b@x.example", "a@x.example"]),
        ("mails[primary].to", "a@x.example"),
        ("mails[to=b@x.example].to", "b@x.example"),
        ("mails[id=@main].to", "a@x.example"),
        ("mails[9].to", ABSENT),
        ("nobody", ABSENT),
        ("name.first.x", ABSENT),
        ("mails[", ABSENT),
    ],
)
def test_a_path_leads_to_what_stands_there(path: str, found: object) -> None:
    assert Path(path).look(RECORD) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name.first + name.last", "Ada Lovelace"),
        ("nobody | name.last", "Lovelace"),
        ("nobody", ABSENT),
        ("nobody + name.last", "Lovelace"),
    ],
)
def test_a_source_is_the_first_way_that_finds_something(text: str, found: object) -> None:
    source = Source.parse(text)
    assert str(source) == text
    assert source.find(lambda path: path.look(RECORD)) == found


@pytest.mark.parametrize("text", ["", "a + ", "x" * 501])
def test_a_source_that_names_no_column_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Source.parse(text)
    assert (refused.value.code, refused.value.facts["field"]) == ("invalid_input", "map")
