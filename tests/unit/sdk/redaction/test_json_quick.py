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

RULES = ruled("field email", "drop field tax_id", "detector email", "detector card")


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
    ],
)
def test_plain_names_are_hidden_without_a_walk(body: bytes) -> None:
    quickly = way()
    # Once more, as then it expects what it has found before.
    assert [quickly.hidden(body) for _ in range(3)] == [walked(body, RULES)] * 3


@pytest.mark.parametrize(
    "body",
    [
        b'{"\\u0065mail":"a"}',
        b'{"email":{"a":1}}',
        b'{"email":["a"]}',
        b'{"fields":[{"name":"email","value":"a"}]}',
        b'{"blob":"{\\"email\\":\\"a\\"}"}',
        b'{"note":"a@x.test"}',
        b'{"note":"4111 1111 1111 1111"}',
    ],
)
def test_what_takes_a_walk_is_left_to_it(body: bytes) -> None:
    quickly = way()
    assert quickly.hidden(body) is None
    assert quickly.hidden(b'{"email":"a"}') == b'{"email":"HiddenByUnderstudy"}'
    assert quickly.hidden(body) is None


def test_rules_that_take_a_walk_have_no_quick_way() -> None:
    assert quick.__wrapped__(ruled("path a.b")) is None
    assert quick.__wrapped__(ruled("field *mail")) is None


NAMES = st.sampled_from(["email", "E_mail", "k", "é", "tax_id", '"', "\\", "email x"])
TEXTS = st.sampled_from(
    ["", "a", "email", "a@x.test", "é\n", '{"email":1}', '\\"', "4111111111111111"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
SEEN = way()


@settings(max_examples=200, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_no_document_is_hidden_otherwise_than_by_a_walk(
    value: Any, is_ascii: bool, indent: int | None
) -> None:
    body = json.dumps(value, ensure_ascii=is_ascii, indent=indent).encode()
    assert SEEN.hidden(body) in (None, walked(body, RULES))


def test_names_of_secrets_are_found_as_quickly() -> None:
    secrets = Rulings(Redaction(secrets=True))
    body = b'{"apiKey":"a","next":"eyJpZCI6MX0"}'
    assert way(secrets).hidden(b'{"apiKey":"a"}') == b'{"apiKey":"HiddenByUnderstudy"}'
    # What only begins like a token is for a walk to judge.
    assert way(secrets).hidden(body) is None
