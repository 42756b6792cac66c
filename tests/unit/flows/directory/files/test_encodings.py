from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import InvalidInput
from understudy.flows.directory.files.encodings import text_of


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16"], ids=["plain", "with a mark", "of two bytes"]
)
def test_the_usual_encodings_are_read(encoding: str) -> None:
    assert text_of("id\nzoë\n".encode(encoding)) == "id\nzoë\n"


@pytest.mark.parametrize(
    "raw", [b"id\nzo\xeb\n", "id\nzoë".encode("utf-16")[:-1]], ids=["latin", "cut off"]
)
def test_others_are_refused_with_the_line(raw: bytes) -> None:
    with refusal_of(InvalidInput, "invalid_input") as refused:
        text_of(raw)
    assert "line 2" in refused.value.detail
