"""JSON without what is hidden in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.core.redaction.masks import HIDDEN
from understudy.core.redaction.rules import Deed, Redaction, RedactionRule, RuleKind
from understudy.core.redaction.rulings import Rulings, rulings
from understudy.sdk.redaction.json_body import hidden_in_json
from understudy.sdk.redaction.unreadable import Unreadable

CANARY = "a@x.test"


def ruled(*rules: str) -> Rulings:
    """Rulings of rules such as ``field email`` or ``drop path a.b``."""
    parts = [rule.removeprefix("drop ").split() for rule in rules]
    made = rulings(
        Redaction(
            rules=tuple(
                RedactionRule(
                    kind=RuleKind(kind),
                    match=match,
                    deed=Deed.DROP if rule.startswith("drop") else Deed.MASK,
                )
                for rule, (kind, match) in zip(rules, parts, strict=True)
            )
        )
    )
    assert made is not None
    return made


BY_NAME = ruled("field email")
BY_LOOK = ruled("detector email")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"email":"a@x.test"}', '{"email":"HiddenByUnderstudy"}'),
        ('{ "email" :\t"a" , "n":1.10}', '{ "email" :\t"HiddenByUnderstudy" , "n":1.10}'),
        ('{"\\u0065mail":"a"}', '{"\\u0065mail":"HiddenByUnderstudy"}'),
        (
            '{"email":"a","email":"b"}',
            '{"email":"HiddenByUnderstudy","email":"HiddenByUnderstudy"}',
        ),
        ('{"E-Mail":"a"}', '{"E-Mail":"HiddenByUnderstudy"}'),
        ('{"email":12}', '{"email":null}'),
        ('{"email":true}', '{"email":null}'),
        ('{"email":null}', '{"email":null}'),
        ('{"email":{"a":"}"},"b":1}', '{"email":{},"b":1}'),
        ('{"email":["a","]"],"b":1}', '{"email":[],"b":1}'),
        ('{"email":{"email":[{"a":1}]}}', '{"email":{}}'),
        ('{"a":"\\"email\\":1"}', '{"a":"\\"email\\":1"}'),
        ('{"id":100000000000000000000,"b":1e400}', '{"id":100000000000000000000,"b":1e400}'),
    ],
)
def test_a_field_is_hidden_and_every_other_byte_stays(body: str, shown: str) -> None:
    assert hidden_in_json(body.encode(), BY_NAME).decode() == shown


@pytest.mark.parametrize(
    "value",
    [
        {"fields": [{"name": "email", "value": CANARY}]},
        {"fields": [{"value": CANARY, "label": "E-Mail"}]},
        {"columns": ["id", "email"], "rows": [[1, CANARY], [2, CANARY]]},
        {"rows": [[1, CANARY]], "columns": [{"name": "id"}, {"name": "email"}]},
        [["id", "email"], [1, CANARY]],
        {"blob": json.dumps({"email": CANARY})},
        {"blob": json.dumps({"b": json.dumps([{"email": CANARY}])})},
        {"changes": [{"field": "email", "old": CANARY, "new": CANARY}]},
    ],
)
def test_names_are_found_where_they_are_no_keys(value: Any) -> None:
    assert CANARY not in hidden_in_json(json.dumps(value).encode(), BY_NAME).decode()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"n":"ask a@x.test now"}', '{"n":"ask HiddenByUnderstudy now"}'),
        ('{"n":"a\\u0040x.test"}', '{"n":"HiddenByUnderstudy"}'),
        ('{"a@x.test":1,"b@x.test":2}', '{"HiddenByUnderstudy1":1,"HiddenByUnderstudy2":2}'),
        ('"a@x.test"', '"HiddenByUnderstudy"'),
        ('{"n":"[a@x.test]"}', '{"n":"[HiddenByUnderstudy]"}'),
    ],
)
def test_what_a_detector_knows_is_hidden_in_any_text(body: str, shown: str) -> None:
    assert hidden_in_json(body.encode(), BY_LOOK).decode() == shown


def test_a_detector_leaves_numbers_alone() -> None:
    body = b'{"id":4111111111111111}'
    assert hidden_in_json(body, ruled("detector card")) == body


def test_a_path_finds_its_values_in_lists_as_well() -> None:
    body = b'{"a":[{"street":"x","s":1},{"street":5}],"street":"y","a.0.street":"z"}'
    shown = hidden_in_json(body, ruled("path a.*.street"))
    assert shown == (
        b'{"a":[{"street":"HiddenByUnderstudy","s":1},{"street":null}],"street":"y","a.0.street":"z"}'
    )


def test_what_is_dropped_is_null() -> None:
    assert hidden_in_json(b'{"email":"a","b":[]}', ruled("drop field email", "drop path b")) == (
        b'{"email":null,"b":null}'
    )


def test_what_keeps_json_from_being_a_script_stays() -> None:
    body = b")]}',\n" + b'{"email":"a"}'
    assert hidden_in_json(body, BY_NAME) == b")]}',\n" + b'{"email":"HiddenByUnderstudy"}'


def test_an_empty_body_is_none() -> None:
    assert hidden_in_json(b" \n", BY_NAME) == b" \n"


@pytest.mark.parametrize(
    "body",
    [
        b'{"email":}',
        b'{"a":1}{"email":"a"}',
        b'{"a":"\xff"}',
        b'{"a":NaN}',
        b'{"a":1,}',
        b'{"email":"a"',
        '{"email":"a"}'.encode("utf-16"),
        b"[" * 100_000 + b"]" * 100_000,
    ],
)
def test_what_is_no_json_is_not_passed_on(body: bytes) -> None:
    with pytest.raises(Unreadable):
        hidden_in_json(body, BY_NAME)


def test_json_too_deep_in_json_is_not_passed_on() -> None:
    body = json.dumps({"email": CANARY})
    for _ in range(4):
        body = json.dumps({"b": body})
    with pytest.raises(Unreadable):
        hidden_in_json(body.encode(), BY_NAME)


KEYS = st.sampled_from(["email", "Email", "k", "é", "\\", '"', "e\nmail"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.sampled_from('ab"\\,:{}é\n'), max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def expected(value: Any) -> Any:
    """``value`` as it is hidden by the plainest of all ways."""
    if isinstance(value, dict):
        plain = {"email", "Email"}
        return {key: masked(one) if key in plain else expected(one) for key, one in value.items()}
    return [expected(one) for one in value] if isinstance(value, list) else value


def masked(value: Any) -> Any:
    if isinstance(value, str):
        return HIDDEN
    return type(value)() if isinstance(value, list | dict) else None


@settings(max_examples=150, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_any_document_is_hidden_as_by_reading_it(
    value: Any, is_ascii: bool, indent: int | None
) -> None:
    body = json.dumps(value, ensure_ascii=is_ascii, indent=indent).encode()
    assert json.loads(hidden_in_json(body, BY_NAME)) == expected(value)


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("field Straße", '{"straße":"x 1"}'),
        ("field Straße", '{"Stra\\u00dfe":"x 1"}'),
        ("field password", '{"paßword":"x 1"}'),
        ("field email", '{"e\\u0020mail":"x 1"}'),
        ("field a/b", '{"a\\/b":"x 1"}'),
        ("field email", '{"blob":" {\\"email\\":\\"x 1\\"}"}'),
        ("field email", '{"blob":"{\\"email\\":\\"x 1\\",\\"n\\":NaN}"}'),
        ("detector card", '{"n":"4111\\u00201111\\u00201111\\u00201111","k":"x 1"}'),
    ],
)
def test_however_it_is_spelled_it_is_hidden(rule: str, body: str) -> None:
    shown = hidden_in_json(body.encode(), ruled(rule)).decode()
    assert HIDDEN in shown
    assert "x 1" not in shown or rule == "detector card"
    assert "4111" not in shown
