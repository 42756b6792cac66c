"""What an app says of its answer, and when it may say so anew."""

from __future__ import annotations

import sys

import pytest

from understudy.contrib.wsgi.said import Said
from understudy.contrib.wsgi.types import ExcInfo


def write(part: bytes) -> None:
    raise AssertionError(part)


def error() -> ExcInfo:
    try:
        raise LookupError("a bug in the app")
    except LookupError:
        return sys.exc_info()


def test_it_keeps_what_was_said_and_gives_the_way_to_write() -> None:
    said = Said(write)
    assert said("404 Not Here", [("Content-Type", "text/plain")]) is write
    assert (said.line, said.status) == ("404 Not Here", 404)
    assert said.headers == [(b"Content-Type", b"text/plain")]


def test_with_an_error_it_may_be_said_anew_until_it_is_final() -> None:
    said = Said(write)
    said("200 OK", [("A", "1")])
    said("500 Sorry", [], error())
    assert (said.status, said.headers) == (500, [])
    said.is_final = True
    with pytest.raises(LookupError):
        said("200 OK", [], error())
    assert said.status == 500


@pytest.mark.parametrize("nothing", [None, (None, None, None)])
def test_without_an_error_it_is_said_once(nothing: ExcInfo | None) -> None:
    said = Said(write)
    said("200 OK", [], nothing)
    with pytest.raises(AssertionError):
        said("200 OK", [], nothing)


def test_an_error_may_come_first() -> None:
    said = Said(write)
    said("500 Sorry", [], error())
    assert said.status == 500
