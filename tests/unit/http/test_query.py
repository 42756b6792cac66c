from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from tests.fixtures.refusals import refusal_of
from understudy.core.impersonation.grants import GrantStatus
from understudy.errors import InvalidInput, MalformedRequest
from understudy.http.query import NoQuery, decode, parse
from understudy.wires.native.schemas.queries import EntriesQuery, GrantsQuery, ImportQuery


def test_a_query_becomes_its_type() -> None:
    query = decode(b"status=ready&status=active&limit=7&actor_id=a%20b", GrantsQuery)
    assert query == GrantsQuery(
        status=[GrantStatus.READY, GrantStatus.ACTIVE], limit=7, actor_id="a b"
    )
    assert decode(b"", GrantsQuery).cursor is UNSET
    assert decode(b"partial=true", ImportQuery).partial
    assert decode(b"", NoQuery) == NoQuery()


def test_times_need_a_zone_and_are_no_numbers() -> None:
    since = decode(b"since=2026-11-22T09:30:00%2B01:00", EntriesQuery).since
    assert not isinstance(since, type(UNSET))
    assert since.isoformat() == "2026-11-22T09:30:00+01:00"
    for text in (b"since=2026-11-22T09:30:00", b"since=1795339800", b"since=now"):
        with refusal_of(InvalidInput, "invalid_input", field="since"):
            decode(text, EntriesQuery)


@pytest.mark.parametrize(
    "text", ["1.0", "%2B1", "+1", "%201", "1e2", "0x1", "", "%D9%A1", "9" * 30]
)
def test_numbers_are_written_in_one_way(text: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="limit"):
        decode(f"limit={text}".encode(), GrantsQuery)


@pytest.mark.parametrize("text", [b"partial=1", b"partial=yes", b"partial=", b"partial=True"])
def test_flags_are_true_or_false(text: bytes) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="partial"):
        decode(text, ImportQuery)


@pytest.mark.parametrize("text", [b"limit=1&limit=1", b"a", b"a=%ff", b"&&", b"a=b&c"])
def test_what_is_ambiguous_or_garbled_is_refused(text: bytes) -> None:
    with refusal_of(MalformedRequest, "malformed_request"):
        decode(text, GrantsQuery)


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(text: bytes) -> None:
    with suppress(MalformedRequest, InvalidInput):
        decode(text, GrantsQuery)
        assert {name for name, _ in parse(text)} <= set(GrantsQuery.__struct_fields__)
