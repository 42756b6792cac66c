"""Server-sent events, cut wherever the network cuts them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import Unavailable
from understudy.sdk.event_stream import MAX_EVENT, ServerEvent, read_events, read_news
from understudy.sdk.values import Beat, RulesChanged, SessionClosed

STREAM = (
    b": welcome\n\n"
    b'event: heartbeat\ndata: {"index": 5}\n\n'
    b'id: 6\nevent: session\ndata: {"session_id": "ses_1", "type": "session.revoked", '
    b'"cause": "revoked"}\n\n'
    b'id: 7\nevent: session\ndata: {"session_id": "ses_2", "type": "session.started", '
    b'"cause": null}\n\n'
    b'id: 8\nevent: session\ndata: {"session_id": "ses_3", "type": "session.expired", '
    b'"cause": "invented_later"}\n\n'
    b"event: something_else\ndata: not json\n\n"
    b'event: heartbeat\ndata: {"index": 9}\n\n'
)
NEWS = [
    Beat(index=5),
    SessionClosed(session_id="ses_1", cause=EndCause.REVOKED, event_id="6"),
    SessionClosed(session_id="ses_3", cause=None, event_id="8"),
    Beat(index=9),
]


def test_beats_and_endings_are_news_and_nothing_else_is() -> None:
    assert list(read_news([STREAM])) == NEWS


@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_where_the_network_cuts_makes_no_difference(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    chunks = [STREAM[a:b] for a, b in pairwise(edges)]
    assert list(read_news(chunks)) == NEWS


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_every_line_ending_of_the_standard_is_taken(ending: bytes) -> None:
    stream = (STREAM + b":\n").replace(b"\n", ending)
    assert list(read_news([stream[:40], stream[40:]])) == NEWS


def test_data_of_several_lines_is_joined() -> None:
    assert list(read_events([b"data: a\ndata:b\nid: 3\n\n"])) == [
        ServerEvent(type="message", data="a\nb", id="3")
    ]


def test_an_event_without_data_is_none() -> None:
    assert list(read_events([b"event: session\nid: 1\n\n"])) == []


def test_an_unfinished_event_is_none() -> None:
    assert list(read_events([b"data: a\n"])) == []


def test_an_id_stays_until_the_next_and_never_holds_a_null() -> None:
    stream = b"id: 4\ndata: a\n\ndata: b\n\nid: x\x00y\ndata: c\n\n"
    assert [event.id for event in read_events([stream])] == ["4", "4", "4"]


@pytest.mark.parametrize("chunk", [b"x" * 1000, b"data: x\n" * 100])
def test_an_event_without_an_end_is_given_up(chunk: bytes) -> None:
    with refusal_of(Unavailable, "unavailable"):
        list(read_news([b"data: "] + [chunk] * (MAX_EVENT // 500)))


@pytest.mark.parametrize(
    "data", ["not json", '{"session_id": 5, "type": "session.ended"}', "{}", '{"type": 7}']
)
def test_news_that_cannot_be_read_break_the_stream(data: str) -> None:
    with refusal_of(Unavailable, "unavailable"):
        list(read_news([f"event: session\ndata: {data}\n\n".encode()]))


def test_a_change_of_the_rules_is_news() -> None:
    stream = b'id: 7\nevent: rules\ndata: {"application_id":"app_1"}\n\n'
    assert list(read_news([stream])) == [RulesChanged(event_id="7")]
