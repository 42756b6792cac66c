from __future__ import annotations

import pytest

from understudy.flows.origin import Origin, legible


def test_nothing_stays_nothing() -> None:
    assert Origin.of(None, None) == Origin()


def test_what_a_stranger_sent_is_cut() -> None:
    assert Origin.of("1" * 65, "u" * 501) == Origin(address="1" * 64, user_agent="u" * 500)


@pytest.mark.parametrize(
    "bad", ["\x00", "\x1b", "\r", "\t", "\u202e", "\u200b", "\ud800", "\ue000"]
)
def test_what_could_make_a_log_lie_is_replaced(bad: str) -> None:
    assert legible(f"a{bad}b", 10) == "a\ufffdb"


def test_letters_signs_and_newlines_are_kept() -> None:
    assert legible("Zoë → 東京\n🙂", 20) == "Zoë → 東京\n🙂"


def test_joiners_are_kept_in_what_people_write_and_marked_in_all_else() -> None:
    assert legible("\u0915\u094d\u200d\u0937", 10, joiners=True) == "\u0915\u094d\u200d\u0937"
    assert legible("ad\u200dmin", 10) == "ad\ufffdmin"
