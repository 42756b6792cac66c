from __future__ import annotations

from itertools import chain, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.audit.entries.erasure import MAX_INDEXES_TEXT, ErasedPart, Erasure, erasures
from understudy.errors import AuditError

PARTS = st.sampled_from(ErasedPart)


def indexes_of(erasure: Erasure) -> list[int]:
    return list(chain.from_iterable(range(first, last + 1) for first, last in erasure.ranges))


def test_details_are_short_text() -> None:
    erasure = Erasure(part=ErasedPart.PERSONAL, ranges=((0, 0), (3, 7), (12, 12)))
    assert erasure.to_details() == {"part": "personal", "indexes": "0,3-7,12"}
    assert Erasure.from_details({**erasure.to_details(), "why": "retention"}) == erasure


@given(PARTS, st.sets(st.integers(min_value=0, max_value=300), min_size=1))
def test_indexes_come_back_from_details(part: ErasedPart, indexes: set[int]) -> None:
    (erasure,) = erasures(part, sorted(indexes))
    assert indexes_of(Erasure.from_details(erasure.to_details())) == sorted(indexes)
    assert Erasure.from_details(erasure.to_details()) == erasure


@pytest.mark.parametrize(
    "indexes",
    [
        "",
        ",",
        "3,",
        "3-",
        "-3",
        "3-3",
        "7-3",
        "03",
        "3-07",
        "0-0",
        "3, 4",
        "3,4",
        "3-5,6",
        "3-5,5-7",
        "7,3",
        "3,3",
        "+3",
        "3\n",
        "٣",
        "a",
        "1-2-3",
        "9" * 20,
    ],
)
def test_any_other_spelling_of_indexes_is_refused(indexes: str) -> None:
    with refusal_of(AuditError, "audit_invalid"):
        Erasure.from_details({"part": "both", "indexes": indexes})


@pytest.mark.parametrize(
    "details",
    [
        None,
        "both",
        [],
        {},
        {"part": "both"},
        {"indexes": "3"},
        {"part": "core", "indexes": "3"},
        {"part": None, "indexes": "3"},
        {"part": ["both"], "indexes": "3"},
        {"part": "both", "indexes": 3},
    ],
)
def test_details_that_do_not_say_what_was_erased_are_refused(details: Any) -> None:
    with pytest.raises(AuditError, match="does not say what was erased"):
        Erasure.from_details(details)


@pytest.mark.parametrize("ranges", [(), ((3, 2),), ((-1, 2),), ((0, 1), (2, 3)), ((5, 5), (1, 1))])
def test_an_erasure_has_one_order(ranges: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(AuditError, match="their one order"):
        Erasure(part=ErasedPart.BOTH, ranges=ranges)


def test_nothing_to_erase_is_no_erasure() -> None:
    assert list(erasures(ErasedPart.BOTH, [])) == []


@pytest.mark.parametrize("indexes", [[2, 1], [1, 1], [5, 3, 4]])
def test_indexes_have_to_rise(indexes: list[int]) -> None:
    with pytest.raises(AuditError, match="their one order"):
        list(erasures(ErasedPart.BOTH, indexes))


def test_a_long_run_is_one_range() -> None:
    (erasure,) = erasures(ErasedPart.BOTH, range(10, 1_000_000))
    assert erasure.to_details()["indexes"] == "10-999999"


def test_a_long_list_is_split_over_entries() -> None:
    indexes = list(range(0, 40_000, 2))
    parts = list(erasures(ErasedPart.PERSONAL, indexes))
    assert len(parts) > 1
    assert list(chain.from_iterable(map(indexes_of, parts))) == indexes
    texts = [part.to_details()["indexes"] for part in parts]
    assert all(len(text) <= MAX_INDEXES_TEXT for text in texts)
    assert all(len(one) > MAX_INDEXES_TEXT - 10 for one, _ in pairwise(texts))
