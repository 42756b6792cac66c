"""Other names for hidden fields."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.core.redaction.rules import Deed, Redaction
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.graphql import other_names
from understudy.sdk.redaction.unreadable import Unreadable

RULES = ruled("field email", "drop field phone")
QUERY = "query A($id:ID!){ x: customer(id:$id){ y : email ...F } } fragment F on C { z:phone }"
FOUND = {"y": Deed.MASK, "z": Deed.DROP}
PERSISTED = {"extensions": {"persistedQuery": {"sha256Hash": "abc"}}}


@pytest.mark.parametrize("body", [{"query": QUERY}, [{"query": "{a}"}, {"query": QUERY}]])
def test_aliases_of_hidden_fields_are_found(body: Any) -> None:
    assert other_names(RULES, "application/json", "", json.dumps(body).encode()) == FOUND


def test_they_are_found_in_an_address_and_in_a_bare_document() -> None:
    assert other_names(RULES, "", urlencode({"query": QUERY}), b"") == FOUND
    assert other_names(RULES, "application/graphql", "", QUERY.encode()) == FOUND


def test_a_comment_between_them_parts_no_alias_from_its_field() -> None:
    assert other_names(RULES, "application/graphql", "", b"{a: # b: c\n email}") == {"a": Deed.MASK}


@pytest.mark.parametrize("body", [b"", b"{", b"1", b"[1]", b'{"query": 1}', b'{"a": "b: email"}'])
def test_what_is_no_query_has_no_other_names(body: bytes) -> None:
    assert other_names(RULES, "application/json", "a=b", body) == {}


def test_a_document_that_only_the_server_knows_is_refused() -> None:
    with pytest.raises(Unreadable):
        other_names(RULES, "application/json", "", json.dumps(PERSISTED).encode())
    with pytest.raises(Unreadable):
        other_names(RULES, "", urlencode({"extensions": json.dumps(PERSISTED["extensions"])}), b"")
    secrets = Rulings(Redaction(secrets=True))
    assert other_names(secrets, "application/json", "", json.dumps(PERSISTED).encode()) == {}
