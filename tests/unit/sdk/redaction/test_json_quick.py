"""The quick way hides what a walk hides, or leaves it to the walk."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.core.redaction.rules import Redaction
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_quick import Quick, quick
from understudy.sdk.redaction.json_walk import walked
from understudy.sdk.redaction.unreadable import Unreadable

RULES = ruled("field email", "drop field tax_id", "detector email", "detector card")
BY_NAMES = ruled("field *mail", "field Straße", "field a/b", "detector phone", "detector token")
BY_PATHS = ruled("path a.email", "drop path **.k.tax_id", "path *.k", "detector iban")


def way(rulings: Rulings = RULES) -> Quick:
    """A quick way that has seen nothing yet."""
    found = quick.__wrapped__(rulings)
    assert isinstance(found, Quick)
    return found


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":1,"email":"a","n":1.10}',
        b'{"E-Mail" : "a", "email":null, "email": 12,"tax_id":"x"}',
        b'[{"email":true},{"TaxId":5},{"email":"b\\n"}]',
        b'{"email":"x@y.test"}',
        b'{"n":"plain \\"quoted\\" text"}',
        b"{}",
        b'"email"',
        b'{"\\u0065mail":"a"}',
        b'{"e\\u0020mail":"a"}',
        b'{"email":{"a":[1,"}"]},"b":"a@x.test"}',
        b'{"email":["a"]}',
        b'{"blob":"{\\"email\\":\\"a\\"}"}',
        b'{"blob":" \\n{\\"email\\":\\"a\\"}"}',
        b'{"blob":"{\\"email\\":\\"a\\", NaN}"}',
        b'{"note":"a@x.test"}',
        b'{"note":"4111 1111 1111 1111","id":4111111111111111}',
        b'{"note":"4111\\u00201111\\u00201111\\u00201111"}',
        b'{"note":",4111111111111111,","a":":4111111111111111"}',
        b'{"a\\\\":"\\\\","b":"\\\\\\"4111111111111111"}',
        b'{"x\\"email":"a","email":"b"}',
        b'{"channel":"email","kinds":["email","tax_id"]}',
    ],
)
def test_what_stands_out_is_hidden_without_a_walk(body: bytes) -> None:
    quickly = way()
    # Once more, as then it expects what it has found before.
    many = b"[" + b",".join([body] * 30) + b"]"
    assert [quickly.hidden(one) for one in (body, many, many, body)] == [
        walked(one, RULES) for one in (body, many, many, body)
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'{"fields":[{"name":"email","value":"a"}]}',
        b'[["id","email"],[1,"a"]]',
        b'{"a@x.test":1}',
        b'{"type":"email","value":"a"}',
    ],
)
def test_what_takes_a_walk_is_left_to_it(body: bytes) -> None:
    quickly = way()
    assert quickly.hidden(body) is None
    assert quickly.hidden(b'{"email":"a"}') == b'{"email":"HiddenByUnderstudy"}'
    assert quickly.hidden(body) is None


def test_paths_to_anything_or_to_places_in_lists_take_a_walk() -> None:
    assert quick.__wrapped__(ruled("path a.*")) is None
    assert quick.__wrapped__(ruled("path a.0.b")) is None
    assert quick.__wrapped__(ruled("path a.*.b")) is not None


def test_a_name_that_can_be_spelled_in_too_many_ways_takes_a_walk() -> None:
    assert quick.__wrapped__(ruled("field " + "ss" * 12)) is None
    assert quick.__wrapped__(ruled("field password")) is not None


NAMES = st.sampled_from(
    [
        "email",
        "E_mail",
        "k",
        "é",
        "tax_id",
        '"',
        "\\",
        "a",
        "xmail",
        "STRASSE",
        "a/b",
        "straße",
        'a"mail',
        "\\mail",
        "a@x.test",
        "name",
        "value",
        "0",
        "true",
    ]
) | st.just("email x")
TEXTS = st.sampled_from(
    [
        "a",
        "email",
        "a@x.test",
        '{"email":1}',
        '\\"',
        "4111111111111111",
        "x\\",
        "a/b",
        '"email":"x"',
        ",4111111111111111,",
        "tax_id",
    ]
) | st.sampled_from(["", "é\n", ' [{"k": "a@x.test"}]', "+49 30 1234567", "[1", 'a"}', ":{"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(4111111111111111) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
SEEN = [(rulings, way(rulings)) for rulings in (RULES, BY_NAMES, BY_PATHS)]


def outcome(hidden: Any, *given: Any) -> bytes | str | None:
    """What comes of it, or that it cannot be read."""
    try:
        return hidden(*given)  # type: ignore[no-any-return]
    except Unreadable:
        return "unreadable"


@settings(max_examples=300, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 1]), st.sampled_from([1, 30]))
def test_no_document_is_hidden_otherwise_than_by_a_walk(
    value: Any, is_ascii: bool, indent: int | None, times: int
) -> None:
    text = json.dumps([value] * times, ensure_ascii=is_ascii, indent=indent)
    for body in (text.encode(), text.replace("/", "\\/").replace("ma", "\\u006da").encode()):
        for rulings, quickly in SEEN:
            found = outcome(quickly.hidden, body)
            assert found in (None, outcome(walked, body, rulings))


def test_names_of_secrets_are_found_as_quickly() -> None:
    secrets = Rulings(Redaction(secrets=True))
    assert way(secrets).hidden(b'{"apiKey":"a"}') == b'{"apiKey":"HiddenByUnderstudy"}'
    # What only begins like a token is none.
    body = b'{"next":"eyJpZCI6MX0"}'
    assert way(secrets).hidden(body) == body


def test_an_object_that_is_hidden_takes_with_it_what_was_expected_in_it() -> None:
    rulings = ruled("field address", "field email")
    one = b'{"address":{"email":"a","zip":[{"email":"b"}]},"email":"c","n":1.10}'
    body = b"[" + b",".join([one] * 40) + b"]"
    quickly = way(rulings)
    assert [quickly.hidden(body) for _ in range(3)] == [walked(body, rulings)] * 3


def test_what_stands_between_two_texts_is_not_taken_for_a_name() -> None:
    rulings = ruled("field a", "field ,*")
    quickly = way(rulings)
    keys = b"[" + b",".join([b'{"a":1,",":2}'] * 30) + b"]"
    texts = b"[" + b",".join([b'["abc,",":true"],{"b":1,"c":"d"}'] * 30) + b"]"
    assert [quickly.hidden(one) for one in (keys, texts, keys)] == [
        walked(one, rulings) for one in (keys, texts, keys)
    ]


@pytest.mark.parametrize("front", [b"", b'"x":1,'])
def test_a_name_that_ends_as_a_hidden_one_stays_as_it_is(front: bytes) -> None:
    names = [b'x\\"email', b'\\"email', b'\\\\\\"email', b'x,\\"email', b"x\\\\", b"email"]
    first = b"[" + b",".join([b'{%s"email":"a"}' % front] * 30) + b"]"
    body = b"[" + b",".join([b'{%s"%s":"b"}' % (front, name) for name in names * 9]) + b"]"
    quickly = way()
    assert [quickly.hidden(one) for one in (first, body, first)] == [
        walked(one, RULES) for one in (first, body, first)
    ]
