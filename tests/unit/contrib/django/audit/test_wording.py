"""Actor and session in texts of others, which are only so long."""

from __future__ import annotations

import pytest

from understudy.contrib.django.audit.wording import in_words, with_words
from understudy.sdk.attribution import Attribution

SAM = Attribution(session_id="ses_1", actor_id="opr_1", subject_id="42", actor_email="sam@x.test")
WORDS = "actor opr_1, session ses_1"
BESIDE = f" ({WORDS})"


def test_ids_alone_are_told() -> None:
    assert in_words(SAM) == WORDS


@pytest.mark.parametrize("text", [None, ""])
def test_they_stand_alone_where_nothing_else_was_said(text: str | None) -> None:
    assert with_words(text, SAM) == WORDS
    assert with_words(text, SAM, len(WORDS)) == WORDS


def test_a_text_that_just_fits_is_kept_whole() -> None:
    assert with_words("Refund", SAM, len("Refund") + len(BESIDE)) == f"Refund{BESIDE}"


def test_a_text_that_does_not_fit_is_cut_to_the_room_that_there_is() -> None:
    most = len("Refund") + len(BESIDE) - 1
    assert with_words("Refund", SAM, most) == f"Refu…{BESIDE}"


@pytest.mark.parametrize("more", range(5))
def test_a_text_without_room_for_a_letter_gives_way(more: int) -> None:
    found = with_words("Refund", SAM, len(WORDS) + more)
    assert found == WORDS
    assert len(with_words("Refund", SAM, len(WORDS) + more + 1)) <= len(WORDS) + more + 1


def test_where_there_is_no_room_for_both_ids_the_session_leads_to_the_actor() -> None:
    assert with_words("Refund", SAM, len(WORDS) - 1) == "session ses_1"
    assert with_words("Refund", SAM, 5) == "sessi"
