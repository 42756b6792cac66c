"""Parts one by one, in the context of their request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from understudy.contrib.wsgi.pulling import Pulled
from understudy.sdk.context import OwnRequest, present_request


@pytest.mark.parametrize(
    ("parts", "is_one"), [([b"a"], True), ((b"a",), True), ([], False), ([b"a", b""], False)]
)
def test_one_part_alone_is_known_as_such(parts: list[bytes], is_one: bool) -> None:
    assert Pulled(parts, OwnRequest()).is_one is is_one
    assert not Pulled(iter(parts), OwnRequest()).is_one


def test_parts_are_made_and_begun_under_their_request() -> None:
    found: list[object] = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            found.append(present_request())
            return self.parts()

        def parts(self) -> Iterator[bytes]:
            found.append(present_request())
            yield b""

    own = OwnRequest()
    pulled = Pulled(Body(), own)
    assert (pulled.next(), pulled.next()) == (b"", None)
    assert found == [own, own]
    assert present_request() is None
