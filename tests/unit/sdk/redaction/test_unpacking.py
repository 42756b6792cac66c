"""What an app has compressed, unpacked and looked through."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd

from tests.unit.sdk.redaction.test_json_body import ruled
from understudy.sdk.redaction.redacting import Closed, redacting
from understudy.sdk.redaction.unpacking import MOST_BYTES, Unpacked
from understudy.sdk.redaction.unreadable import Unreadable

RULES = ruled("field email", "detector email")
BODY = b'{"id":1.10,"email":"c4nary","note":"a@c4nary.test"}'
SHOWN = b'{"id":1.10,"email":"HiddenByUnderstudy","note":"HiddenByUnderstudy"}'
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def looked(coding: str, *parts: bytes, kind: str = "application/json") -> bytes:
    """What goes out of an answer in ``parts``."""
    headers = [(b"content-type", kind.encode()), (b"content-encoding", coding.encode())]
    found = redacting(RULES, ["/"], 200, headers)
    assert found is not None
    shown = [found.part(part, more=True) for part in parts]
    return b"".join([*shown, found.part(b"", more=False)])


@pytest.mark.parametrize("coding", PACKED)
def test_it_is_hidden_wherever_it_is_cut(coding: str) -> None:
    packed = PACKED[coding](BODY)
    for cut in range(len(packed) + 1):
        assert looked(coding, packed[:cut], packed[cut:]) == SHOWN
    assert looked(coding.upper(), packed) == SHOWN
    assert looked(coding) == b""


@pytest.mark.parametrize("coding", PACKED)
def test_a_page_streams_as_it_is_unpacked(coding: str) -> None:
    page = b"<p>a@c4nary.test</p>" * 4_000 + b"x" * 1_000_000 + b"<b>"
    shown = looked(coding, PACKED[coding](page), kind="text/html")
    assert shown == b"<p>HiddenByUnderstudy</p>" * 4_000 + b"x" * 1_000_000 + b"<b>"


@pytest.mark.parametrize("coding", PACKED)
def test_what_is_cut_off_or_broken_or_has_more_behind_it_is_not_passed_on(coding: str) -> None:
    packed = PACKED[coding](BODY)
    for bad in (packed[:-1], b"\x01\x02\x03" + packed, packed + b'{"email":"c4nary"}'):
        with pytest.raises(Unreadable):
            looked(coding, bad)


@pytest.mark.parametrize("coding", PACKED)
def test_a_bomb_is_not_unpacked(coding: str) -> None:
    bomb = PACKED[coding](b"<p>x</p>\n" * (MOST_BYTES // 8))
    taken = 0

    class Counting:
        is_whole = has_hidden = False

        def part(self, body: bytes, *, more: bool) -> bytes:
            nonlocal taken
            taken += len(body)
            return b""

    with pytest.raises(Unreadable):
        Unpacked(coding.encode(), Counting()).part(bomb, more=True)
    assert taken <= MOST_BYTES


@pytest.mark.parametrize("coding", ["compress", "gzip, br", "x", ""])
def test_what_nobody_knows_is_held_back(coding: str) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-encoding", coding.encode())]
    assert isinstance(redacting(RULES, ["/"], 200, headers), Closed)


def test_two_members_of_one_file_are_both_looked_through() -> None:
    packed = gzip.compress(BODY[:20]) + gzip.compress(BODY[20:])
    for cut in range(len(packed)):
        assert looked("gzip", packed[:cut], packed[cut:]) == SHOWN
