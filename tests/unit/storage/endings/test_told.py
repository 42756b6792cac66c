from __future__ import annotations

import pytest

from tests.fixtures.endings import ending, keyed_hash, other_hash
from understudy.storage.endings.told import Logged, heard, logged, obey


def test_what_a_node_tells_another_one_hears() -> None:
    told = ending()
    assert heard(obey(told, keyed_hash), keyed_hash) == told
    assert heard(logged(told, keyed_hash), keyed_hash) == Logged(id=told.id)


def test_whoever_lacks_the_key_tells_nothing() -> None:
    told = ending()
    assert heard(obey(told, other_hash), keyed_hash) is None
    assert heard(logged(told, other_hash), keyed_hash) is None


@pytest.mark.parametrize("text", ["", "obey", "obey zz", "obey 00", "logged ", "logged a b", "\0"])
def test_what_is_not_of_ours_is_nothing(text: str) -> None:
    assert heard(text, keyed_hash) is None


def test_a_notification_holds_the_longest_ending() -> None:
    longest = ending(address="\ufffd" * 64, ref="x" * 43, application_id="x" * 43)
    assert len(obey(longest, keyed_hash)) < 8_000
