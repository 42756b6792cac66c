from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.audit.tlog import base64text
from understudy.errors import AuditError, MalformedNote


@given(st.binary(max_size=80))
def test_bytes_come_back(data: bytes) -> None:
    assert base64text.decode(base64text.encode(data)) == data


@pytest.mark.parametrize(
    "text",
    ["A", "AA", "AAA", "AB==", "AAE=\n", "\nAAE=", "AA E=", "!AAA", "_-8=", "AAE", "ÄAE=", "AAE=="],
)
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(AuditError, match="canonical base64"):
        base64text.decode(text)


def test_the_caller_chooses_the_error() -> None:
    with refusal_of(MalformedNote, "malformed_note"):
        base64text.decode("?", error=MalformedNote)
    with refusal_of(MalformedNote, "malformed_note"):
        base64text.decode("AB==", error=MalformedNote)
