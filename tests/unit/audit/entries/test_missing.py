from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from understudy.audit.entries.erasure import ErasedPart, Erasure, erasures
from understudy.audit.entries.leaf import Part
from understudy.audit.entries.missing import MissingPayloads

INDEXES = st.sets(st.integers(min_value=0, max_value=120))


def test_a_gap_without_an_erasure_is_unaccounted() -> None:
    missing = MissingPayloads()
    missing.see(0, core=False, personal=False)
    missing.see(1, core=True, personal=True)
    missing.see(2, core=False, personal=True)
    assert list(missing.unaccounted()) == [
        (1, Part.CORE),
        (1, Part.PERSONAL),
        (2, Part.PERSONAL),
    ]
    assert (missing.core, missing.personal) == (1, 2)


def test_erasure_of_the_personal_part_does_not_account_for_the_core() -> None:
    missing = MissingPayloads()
    missing.see(0, core=True, personal=True)
    missing.account_for(Erasure(part=ErasedPart.PERSONAL, ranges=((0, 0),)))
    assert list(missing.unaccounted()) == [(0, Part.CORE)]
    missing.account_for(Erasure(part=ErasedPart.BOTH, ranges=((0, 0),)))
    assert list(missing.unaccounted()) == []


def test_an_erasure_accounts_only_for_what_came_before_it() -> None:
    missing = MissingPayloads()
    missing.account_for(Erasure(part=ErasedPart.BOTH, ranges=((0, 5),)))
    missing.see(0, core=True, personal=False)
    assert list(missing.unaccounted()) == [(0, Part.CORE)]


def test_a_far_index_takes_no_memory() -> None:
    missing = MissingPayloads()
    missing.see(5, core=True, personal=False)
    missing.see(1 << 62, core=True, personal=False)
    missing.account_for(Erasure(part=ErasedPart.BOTH, ranges=((0, (1 << 62) - 1),)))
    assert list(missing.unaccounted()) == [(1 << 62, Part.CORE)]


@given(INDEXES, INDEXES, INDEXES, st.sampled_from(ErasedPart))
def test_what_is_unaccounted_is_what_is_missing_and_not_erased(
    seen: set[int], gone: set[int], erased: set[int], part: ErasedPart
) -> None:
    missing = MissingPayloads()
    for index in sorted(seen):
        missing.see(index, core=index in gone, personal=index in gone)
    for erasure in erasures(part, sorted(erased)):
        missing.account_for(erasure)
    left = {(index, Part.PERSONAL) for index in seen & gone - erased}
    core_gone = seen & gone if part is ErasedPart.PERSONAL else seen & gone - erased
    left |= {(index, Part.CORE) for index in core_gone}
    assert list(missing.unaccounted()) == sorted(left)
