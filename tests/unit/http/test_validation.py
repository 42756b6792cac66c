from __future__ import annotations

import msgspec
import pytest

from understudy.http.validation import invalid
from understudy.wires.native.schemas.directory import SaveSubject
from understudy.wires.native.schemas.impersonations import StartImpersonation


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"subject_id":"a"}', "reason"),
        (b'{"subject_id":"a","reason":"r","what":1}', "what"),
        (b'{"subject_id":"a","reason":"r","actor":{"email":"x@y"}}', "actor.id"),
        (b'{"subject_id":"a","reason":"r","actor":{"id":"k","email":"none"}}', "actor.email"),
        (b'{"subject_id":"","reason":"r"}', "subject_id"),
        (b"[]", None),
    ],
)
def test_the_field_is_named_and_patterns_are_not_quoted(body: bytes, field: str | None) -> None:
    with pytest.raises(msgspec.ValidationError) as found:
        msgspec.json.decode(body, type=StartImpersonation)
    error = invalid(found.value)
    assert error.facts == {"field": field}
    assert "regex" not in error.detail
    assert "`" not in error.detail


def test_what_was_sent_is_not_repeated_at_length() -> None:
    body = msgspec.json.encode({"subject_id": "a", "reason": "r", "x" * 5000: 1})
    with pytest.raises(msgspec.ValidationError) as found:
        msgspec.json.decode(body, type=StartImpersonation)
    assert len(invalid(found.value).detail) < 700


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"subject_id": "a\x1bb", "reason": "r"}, "U+001B (a control character) at character 2"),
        ({"subject_id": "a", "reason": "r", "actor": {"id": "\x7f"}}, "U+007F"),
    ],
)
def test_a_character_that_is_no_text_is_named(given: dict[str, object], said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as found:
        msgspec.convert(given, StartImpersonation)
    assert said in invalid(found.value, given).detail


def test_a_character_is_named_within_a_list_and_nothing_where_nothing_is() -> None:
    with pytest.raises(msgspec.ValidationError) as found:
        msgspec.convert({"roles": ["ok", "a\x1bb"]}, SaveSubject)
    assert "U+001B" in invalid(found.value, {"roles": ["ok", "a\x1bb"]}).detail
    for other in ({"roles": ["ok"]}, {"roles": "ok"}, {}, None):
        assert "U+" not in invalid(found.value, other).detail
