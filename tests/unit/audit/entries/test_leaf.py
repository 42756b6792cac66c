from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.audit.entries.leaf import (
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_TIME_MS,
    Json,
    Leaf,
    Part,
    canonical_json,
    commitment_to,
    parse_canonical,
    parse_payload,
)
from understudy.audit.tlog.tile import MAX_ENTRY_BYTES
from understudy.core.notices.events import EventType, Outcome
from understudy.errors import AuditError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
LEAF = Leaf(
    time_ms=1_767_225_600_000, type="session.started", core=b"\x01" * 32, personal=bytes(32)
)
LEAF_BYTES = (
    '{"core":"' + "01" * 32 + '","personal":"' + "00" * 32 + '",'
    '"t":1767225600000,"type":"session.started","v":1}'
).encode()


@given(JSON)
def test_values_come_back_from_their_canonical_json(value: Any) -> None:
    text = canonical_json(value)
    assert parse_canonical(text) == value
    assert canonical_json(json.loads(text)) == text


@given(JSON)
def test_canonical_json_is_json_to_everybody_else(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


def test_names_are_sorted_by_utf16_units_as_in_rfc_8785() -> None:
    # RFC 8785, section 3.2.3, values replaced by the names' descriptions there.
    value: Json = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert canonical_json(value).decode() == (
        '{"\\r":"Carriage Return","1":"One","\u0080":"Control",'
        '"\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign",'
        '"\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
    )


def test_utf16_order_holds_behind_a_common_beginning() -> None:
    assert canonical_json({"a\uff00": 1, "a\U0001f600": 2}).decode() == (
        '{"a\U0001f600":2,"a\uff00":1}'
    )


def test_strings_are_escaped_as_in_rfc_8785() -> None:
    # RFC 8785, section 3.2.2.2.
    value = "\u20ac$\u000f\nA'\u0042\u0022\u005c\\\"/\b\f\r\t\x7f\u2028"
    assert canonical_json(value).decode() == (
        '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\\b\\f\\r\\t\x7f\u2028"'
    )


def test_literals_numbers_lists_and_enumerations_are_plain() -> None:
    value: Json = {"b": [True, False, None, 0, -5, MAX_INTEGER], "a": Outcome.OK, "c": ({},)}
    assert canonical_json(value) == (
        b'{"a":"ok","b":[true,false,null,0,-5,9007199254740991],"c":[{}]}'
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.0, "float has no canonical JSON"),
        (float("nan"), "float has no canonical JSON"),
        ({"a": 0.5}, "float has no canonical JSON"),
        (b"bytes", "bytes has no canonical JSON"),
        ({1, 2}, "set has no canonical JSON"),
        (MAX_INTEGER + 1, "beyond 2\\^53"),
        ([-MAX_INTEGER - 1], "beyond 2\\^53"),
        ({1: "a"}, "names in a JSON object"),
        ({1: "a", "b": "c"}, "names in a JSON object"),
        ("\ud800", "lone surrogate"),
        ({"\udfff": 1}, "lone surrogate"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any, reason: str) -> None:
    with pytest.raises(AuditError, match=reason):
        canonical_json(value)


def test_nesting_ends_somewhere() -> None:
    value: Any = "deep"
    for _ in range(MAX_DEPTH):
        value = [value]
    assert parse_canonical(canonical_json(value)) == value
    for too_deep in ([value], {"a": value}):
        with pytest.raises(AuditError, match="nested deeper"):
            canonical_json(too_deep)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" {}",
        b"{} ",
        b"{}\n",
        b"{}{}",
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b"-0",
        b"01",
        b"+1",
        b"NaN",
        b"Infinity",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\\ud800"',
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        b"'a'",
        b"nul",
        b"9007199254740992",
        b"1" * 5000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        "{}".encode("utf-16"),
        "{}".encode("utf-32-le"),
    ],
)
def test_any_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(AuditError) as caught:
        parse_canonical(data)
    assert caught.value.code == "audit_invalid"


@given(st.binary(max_size=40))
def test_arbitrary_bytes_are_a_value_or_an_audit_error(data: bytes) -> None:
    try:
        value = parse_canonical(data)
    except AuditError:
        return
    assert canonical_json(value) == data


@pytest.mark.parametrize("data", [b"[]", b"1", b'"a"', b"null"])
def test_a_payload_is_an_object(data: bytes) -> None:
    assert parse_payload(b'{"a":1}') == {"a": 1}
    with pytest.raises(AuditError, match="a payload is a JSON object"):
        parse_payload(data)


def test_a_leaf_is_its_own_canonical_json() -> None:
    assert LEAF.to_bytes() == LEAF_BYTES
    assert canonical_json(json.loads(LEAF_BYTES)) == LEAF_BYTES
    assert Leaf.from_bytes(LEAF_BYTES) == LEAF


@given(
    st.builds(
        Leaf,
        time_ms=st.integers(0, MAX_TIME_MS),
        type=st.sampled_from([str(one) for one in EventType]),
        core=st.binary(min_size=32, max_size=32),
        personal=st.binary(min_size=32, max_size=32),
    )
)
def test_leaves_come_back_from_bytes(leaf: Leaf) -> None:
    assert Leaf.from_bytes(leaf.to_bytes()) == leaf


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"{}",
        LEAF_BYTES + b"\n",
        b" " + LEAF_BYTES,
        LEAF_BYTES.replace(b'"v":1', b'"v":2'),
        LEAF_BYTES.replace(b'"v":1', b'"v":1,"w":1'),
        LEAF_BYTES.replace(b'"t":', b'"t":0'),
        LEAF_BYTES.replace(b'"t":', b'"t":-'),
        LEAF_BYTES.replace(b"1767225600000", b"253402300800000"),
        LEAF_BYTES.replace(b"1767225600000", b"1767225600000.0"),
        LEAF_BYTES.replace(b"session.started", b"session"),
        LEAF_BYTES.replace(b"session.started", b"Session.Started"),
        LEAF_BYTES.replace(b"session.started", b"session.started.now"),
        LEAF_BYTES.replace(b"01", b"0A", 1),
        LEAF_BYTES.replace(b'"01', b'"', 1),
        LEAF_BYTES.replace(b"core", b"c\\u006fre"),
        LEAF_BYTES.replace(b"core", b"Core"),
    ],
)
def test_any_other_leaf_is_refused(entry: bytes) -> None:
    with refusal_of(AuditError, "audit_invalid"):
        Leaf.from_bytes(entry)


@pytest.mark.parametrize(
    ("time_ms", "name"),
    [(-1, "session.started"), (MAX_TIME_MS + 1, "session.started"), (0, 'a.b"'), (0, "a.b\n")],
)
def test_a_leaf_that_could_not_be_read_back_cannot_be_built(time_ms: int, name: str) -> None:
    with pytest.raises(AuditError, match="a leaf has a time"):
        Leaf(time_ms=time_ms, type=name, core=bytes(32), personal=bytes(32))


def test_a_commitment_covers_version_part_salt_and_payload() -> None:
    payload, salt = b'{"a":1}', b"s" * 32
    expected = hashlib.sha256(b"understudy/audit/v1\ncore\n" + b"s" * 32 + b'{"a":1}').digest()
    assert commitment_to(payload, salt, Part.CORE) == expected
    others = {
        commitment_to(payload, salt, Part.PERSONAL),
        commitment_to(b'{"a":2}', salt, Part.CORE),
        commitment_to(payload, b"t" * 32, Part.CORE),
    }
    assert len(others | {expected}) == 4


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_has_32_bytes(length: int) -> None:
    with pytest.raises(AuditError, match="32 bytes"):
        commitment_to(b"{}", bytes(length), Part.CORE)


def test_a_payload_is_no_longer_than_an_entry_may_be() -> None:
    commitment_to(bytes(MAX_ENTRY_BYTES), bytes(32), Part.CORE)
    with pytest.raises(AuditError, match="65535 bytes"):
        commitment_to(bytes(MAX_ENTRY_BYTES + 1), bytes(32), Part.CORE)
