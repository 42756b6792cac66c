"""Every code has words."""

from __future__ import annotations

import pytest

from tests.fixtures.impersonation import SESSION, a_session
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.values import Subject
from understudy.sdk.wording import cause_text, refusal_text, subject_text


@pytest.mark.parametrize("cause", [*EndCause, None])
def test_every_cause_is_one_sentence_that_fits_a_close_frame(cause: EndCause | None) -> None:
    text = cause_text(cause)
    assert text.endswith(".")
    assert len(text.encode()) <= 123  # RFC 6455, section 5.5


def test_refusals_name_what_was_refused() -> None:
    assert refusal_text("action_blocked", "Export") == (
        "“Export” is blocked while impersonating. Ask the user to do it, or an admin to unblock it."
    )
    assert refusal_text("read_only", "changes") == "This session is read-only: no changes."
    assert "two session cookies" in refusal_text("duplicate_cookie")
    assert refusal_text("invented") == "The request was refused."


def test_a_subject_is_called_by_what_is_known() -> None:
    def called(name: str | None, email: str | None) -> str:
        return subject_text(a_session(subject=Subject(id="42", email=email, name=name, roles=())))

    assert subject_text(SESSION) == "Ada Customer"
    assert called(None, "ada@customer.test") == "ada@customer.test"
    assert called(None, None) == "42"
    assert subject_text(None) == "another user"
