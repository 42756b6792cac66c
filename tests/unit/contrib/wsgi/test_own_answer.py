"""A user's own answer, which is theirs to its last part and nobody's behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from understudy.contrib.wsgi.own_answer import OwnAnswer
from understudy.sdk.context import OwnRequest, present_request


class Body:
    """Parts that know whose they are."""

    def __init__(self) -> None:
        self.found: list[object] = []
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for part in (b"a", b"", b"b"):
            self.found.append(present_request())
            yield part

    def close(self) -> None:
        self.found.append(present_request())
        self.closed += 1


def test_every_part_is_made_as_the_users_own_and_passed_on_as_it_is() -> None:
    body, own = Body(), OwnRequest()
    answer = OwnAnswer(body, own)
    assert list(answer) == [b"a", b"", b"b"]
    assert not own.over
    answer.close()
    assert body.found == [own] * 4
    assert (own.over, body.closed, present_request()) == (True, 1, None)


def test_a_body_that_fails_as_it_is_closed_is_over_all_the_same() -> None:
    class Failing(Body):
        def close(self) -> None:
            raise LookupError

    own = OwnRequest()
    with pytest.raises(LookupError):
        OwnAnswer(Failing(), own).close()
    assert own.over


def test_what_cannot_be_closed_is_not() -> None:
    own = OwnRequest()
    OwnAnswer(iter([b"a"]), own).close()
    assert own.over
