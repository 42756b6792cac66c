"""The parts of a streamed body."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.http import StreamingHttpResponse

from understudy.contrib.django.pulling import Pulled
from understudy.sdk.context import OwnRequest, present_request


class Body:
    """Parts that note under which request they are made, and in which thread."""

    def __init__(self) -> None:
        self.noted: list[Any] = []
        self.threads: set[int] = set()

    def note(self) -> None:
        """Under which."""
        self.noted.append(present_request())
        self.threads.add(threading.get_ident())

    def parts(self) -> Iterator[bytes]:
        """In a thread."""
        try:
            for part in (b"a", b"", b"b"):
                self.note()
                yield part
        finally:
            self.note()

    async def aparts(self) -> AsyncIterator[bytes]:
        """Beside an event loop."""
        for part in self.parts():
            yield part


def pulled(parts: Any) -> tuple[Pulled, OwnRequest]:
    """The parts, and the request that they are for."""
    own = OwnRequest()
    return Pulled(StreamingHttpResponse(parts), own), own


@pytest.mark.parametrize("kind", ["parts", "aparts"])
def test_a_thread_gets_the_parts_of_either_kind(kind: str) -> None:
    body = Body()
    found, own = pulled(getattr(body, kind)())
    assert [found.next(), found.next(), found.next()] == [b"a", b"b", None]
    assert set(body.noted) == {own}
    assert present_request() is None


@pytest.mark.parametrize("kind", ["parts", "aparts"])
async def test_a_loop_gets_the_parts_of_either_kind(kind: str) -> None:
    body = Body()
    found, own = pulled(getattr(body, kind)())
    assert [await found.anext(), await found.anext(), await found.anext()] == [b"a", b"b", None]
    assert set(body.noted) == {own}
    assert present_request() is None


async def test_a_plain_body_does_not_hold_the_loop_up() -> None:
    body = Body()
    found, _ = pulled(body.parts())
    await found.anext()
    assert threading.get_ident() not in body.threads


def test_what_tidies_up_behind_a_body_belongs_to_its_request() -> None:
    body = Body()
    found, own = pulled(body.parts())
    found.next()
    found.close()
    found.close()
    assert body.noted == [own, own]


def test_one_that_fails_to_tidy_up_does_not_keep_the_others_from_it() -> None:
    tidied: list[str] = []

    def fail() -> None:
        raise OSError("gone")

    response = StreamingHttpResponse(iter([b"a"]))
    response._resource_closers = [fail, lambda: tidied.append("file")]
    Pulled(response, OwnRequest()).close()
    assert tidied == ["file"]
    assert response._resource_closers == []
