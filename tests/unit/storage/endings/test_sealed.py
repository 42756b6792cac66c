from __future__ import annotations

import msgspec
import pytest

from tests.fixtures.endings import ending, keyed_hash, other_hash
from understudy.core.impersonation.endings import Reach
from understudy.storage.endings.sealed import MAC_BYTES, VERSION, sealed, unsealed
from understudy.storage.endings.slots import SLOT_BYTES


@pytest.mark.parametrize("changes", [{}, {"reach": Reach.ALL, "ref": None, "address": None}])
def test_what_is_sealed_opens_as_it_was(changes: dict[str, object]) -> None:
    told = ending(**changes)
    assert unsealed(sealed(told, keyed_hash), keyed_hash) == told


def test_what_another_installation_sealed_is_nothing() -> None:
    assert unsealed(sealed(ending(), other_hash), keyed_hash) is None


def test_a_byte_that_was_changed_makes_it_nothing() -> None:
    raw = sealed(ending(), keyed_hash)
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert unsealed(changed, keyed_hash) is None


@pytest.mark.parametrize("raw", [b"", b"\xff" * 80, bytes(MAC_BYTES)])
def test_what_is_no_ending_is_nothing(raw: bytes) -> None:
    assert unsealed(raw, keyed_hash) is None


def test_one_of_a_later_release_is_left_to_it() -> None:
    payload = msgspec.json.encode((VERSION + 1, "something new"))
    raw = payload + keyed_hash("ending", payload.decode())
    assert unsealed(raw, keyed_hash) is None


def test_the_longest_one_fits_into_a_slot() -> None:
    longest = "x" * 43
    told = ending(ref=longest, application_id=longest, doer_ref=longest, address="\ufffd" * 64)
    assert len(sealed(told, keyed_hash)) <= SLOT_BYTES - 2
